"""Make cohorts, enrol people, finish the teaching."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, select

from courses.cohorts.details import Details, details_of, differing
from courses.cohorts.models import Cohort, CohortTrainer, Enrolment
from courses.cohorts.queries import count_enrolled, unmarked_sessions
from courses.cohorts.rules import (
    CohortReason,
    refuse_change,
    refuse_cohort,
    refuse_completion,
    refuse_enrolment,
    refuse_withdrawal,
)
from courses.content.models import CourseVersion
from courses.events import CohortCompleted, CohortFixedAsked
from courses.schedule.queries import sessions_of_cohorts
from lms.audit.actions import record_audit
from lms.db import lock, session
from lms.events import publish
from lms.people.actions import grant_role
from lms.people.models import Person
from lms.permissions import Role
from lms.sentences import Reason, Refusal


def create_cohort(
    version: CourseVersion,
    *,
    slug: str,
    title: str,
    begin_date: date,
    end_date: date,
    seats: int,
    zone: str,
    trainers: Iterable[Person],
    actor: Person,
    at: datetime,
) -> Cohort:
    """Make a cohort on a course version; the version's rules become the cohort's own.

    The unique slug comes first, the rule gives its sentence. Raises Refusal (CohortReason).
    """
    taken = session.scalar(select(Cohort.id).where(Cohort.slug == slug)) is not None
    reason = refuse_cohort(begin_date=begin_date, end_date=end_date, seats=seats, slug_taken=taken)
    if reason is not None:
        raise Refusal(reason)
    cohort = Cohort(
        version=version,
        slug=slug,
        title=title,
        begin_date=begin_date,
        end_date=end_date,
        seats=seats,
        zone=zone,
        rules=version.outline["rules"],
        created_at=at,
    )
    session.add(cohort)
    record_audit("cohort_created", cohort, actor=actor, at=at, slug=slug, version=version.id)
    for person in trainers:
        assign_trainer(cohort, person, actor=actor, at=at)
    return cohort


def assign_trainer(cohort: Cohort, person: Person, *, actor: Person, at: datetime) -> None:
    """Make a person a trainer of a cohort; the role comes with it. Saying it twice changes nothing."""
    if session.get(CohortTrainer, (cohort.id, person.id)) is None:
        session.add(CohortTrainer(cohort=cohort, person=person, assigned_at=at))
        grant_role(person, Role.TRAINER, actor=actor, at=at)
        record_audit("trainer_assigned", cohort, actor=actor, at=at, person=person.id)


def change_cohort(
    cohort: Cohort,
    *,
    title: str,
    begin_date: date,
    end_date: date,
    seats: int,
    trainers: Collection[Person],
    seen: Details,
    actor: Person,
    at: datetime,
) -> None:
    """Change a cohort and who teaches it. Planned sessions stay where they are. Raises Refusal; then nothing was changed.

    What issued documents say cannot be changed any more. The cohort is locked while seats are counted. ``seen`` are the
    details that the page had shown (see details.py): when somebody changed them meanwhile to something else than is given
    here, nothing is changed, so that nobody takes back what they never saw.
    """
    lock(cohort)
    session.expire(cohort, ["trainers"])
    given = {"title": title, "begin_date": begin_date, "end_date": end_date, "seats": seats}
    changed = {name: value for name, value in given.items() if getattr(cohort, name) != value}
    taken = count_enrolled([cohort.id])[cohort.id]
    reason: Reason | None = None
    standing = details_of(cohort)
    if differing(standing, seen) and differing(standing, given | {"trainers": sorted(one.id for one in trainers)}):
        raise Refusal(CohortReason.OVERTAKEN)
    if changed.keys() - {"seats"}:
        reason = fixed_reason(cohort)
    reason = reason or refuse_change(begin_date=begin_date, end_date=end_date, seats=seats, taken=taken)
    if reason is not None:
        raise Refusal(reason, taken=taken)
    if changed:
        changes = {name: f"{getattr(cohort, name)} → {value}" for name, value in changed.items()}
        for name, value in changed.items():
            setattr(cohort, name, value)
        record_audit("cohort_changed", cohort, actor=actor, at=at, **changes)
    for trainer in list(cohort.trainers):
        if trainer.person not in trainers:
            cohort.trainers.remove(trainer)
            session.delete(trainer)
            record_audit("trainer_removed", cohort, actor=actor, at=at, person=trainer.person_id)
    for person in trainers:
        assign_trainer(cohort, person, actor=actor, at=at)


def fixed_reason(cohort: Cohort) -> Reason | None:
    """Return why title and dates cannot be changed any more, as the rooms above say, or None."""
    return next(iter(publish(CohortFixedAsked(cohort=cohort))), None)


def enrol_person(
    cohort: Cohort, person: Person, *, municipality_ags: str | None, actor: Person, at: datetime
) -> Enrolment:
    """Give a person a seat in a cohort; somebody who has left gets theirs back. The role participant comes with it.

    A person has one place a cohort by its unique constraint; the cohort is locked while seats are counted, so that two
    at the same time cannot both take the last one. Raises Refusal (CohortReason).
    """
    lock(cohort)
    found = session.scalar(select(Enrolment).where(Enrolment.cohort_id == cohort.id, Enrolment.person_id == person.id))
    reason = refuse_enrolment(
        completed=cohort.completed_at is not None,
        taken=count_enrolled([cohort.id])[cohort.id],
        seats=cohort.seats,
        enrolled=found is not None and found.withdrawn_at is None,
    )
    if reason is not None:
        raise Refusal(reason, seats=cohort.seats)
    if found is None:
        found = Enrolment(cohort=cohort, person=person, enrolled_at=at)
        session.add(found)
    found.municipality_ags = municipality_ags
    found.withdrawn_at = None
    grant_role(person, Role.PARTICIPANT, actor=actor, at=at)
    record_audit("person_enrolled", found, actor=actor, at=at, cohort=cohort.id, person=person.id)
    return found


def withdraw_enrolment(enrolment: Enrolment, *, actor: Person, at: datetime) -> None:
    """End somebody's part in a cohort; what they did stays. Raises Refusal (CohortReason)."""
    reason = refuse_withdrawal(
        completed=enrolment.cohort.completed_at is not None, withdrawn=enrolment.withdrawn_at is not None
    )
    if reason is not None:
        raise Refusal(reason)
    enrolment.withdrawn_at = at
    record_audit("enrolment_withdrawn", enrolment, actor=actor, at=at, cohort=enrolment.cohort_id)


def hold_enrolments(*which: ColumnElement[bool]) -> None:
    """Hold these enrolments until the transaction ends, so that what counts of a person, and on which terms, is decided by one.

    Whoever holds several things takes the cohort first, then enrolments, then attempts. New facts of theirs wait for nobody.
    """
    session.execute(select(Enrolment.id).where(*which).order_by(Enrolment.id).with_for_update(key_share=True))


def complete_cohort(cohort: Cohort, *, actor: Person, at: datetime) -> Cohort:
    """Declare the teaching finished; results can be conferred from now on. Raises Refusal (CohortReason)."""
    lock(cohort)
    hold_enrolments(Enrolment.cohort_id == cohort.id)  # who starts a quiz in this moment has started before, or is refused
    reason = completion_refusal(cohort, at)
    if reason is not None:
        raise Refusal(reason)
    cohort.completed_at = at
    record_audit("cohort_completed", cohort, actor=actor, at=at)
    publish(CohortCompleted(cohort=cohort, actor=actor, at=at))
    return cohort


def reopen_cohort(cohort: Cohort, *, actor: Person, at: datetime) -> None:
    """Open the teaching again: for who joins late, or has something to catch up on. Raises Refusal (CohortReason).

    Whatever has been issued stays as it is; who earns something after this is conferred in a supplement.
    """
    lock(cohort)
    if cohort.completed_at is None:
        raise Refusal(CohortReason.NOT_COMPLETED)
    cohort.completed_at = None
    record_audit("cohort_reopened", cohort, actor=actor, at=at)


def completion_refusal(cohort: Cohort, at: datetime) -> CohortReason | None:
    """Return why the teaching cannot be declared finished now, or None; the page asks before it shows the button."""
    sessions = sessions_of_cohorts([cohort.id])[cohort.id]
    return refuse_completion(
        completed=cohort.completed_at is not None,
        sessions_ahead=sum(live.cancelled_at is None and live.ends_at > at for live in sessions),
        unmarked=[live.id for live in unmarked_sessions([cohort], at)[cohort.id]],
    )
