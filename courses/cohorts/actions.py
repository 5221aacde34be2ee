"""Make cohorts, enrol people, finish the teaching."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, select

from courses.cohorts.models import Cohort, CohortTrainer, Enrolment
from courses.cohorts.queries import unmarked_sessions
from courses.cohorts.rules import CohortReason, refuse_cohort, refuse_completion, refuse_enrolment, refuse_withdrawal
from courses.content.models import CourseVersion
from courses.events import CohortCompleted
from courses.schedule.queries import sessions_of_cohorts
from lms.audit.actions import record_audit
from lms.db import lock, session
from lms.events import publish
from lms.people.actions import grant_role
from lms.people.models import Person
from lms.permissions import Role
from lms.sentences import Refusal


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


def enrol_person(
    cohort: Cohort, person: Person, *, municipality_ags: str | None, actor: Person, at: datetime
) -> Enrolment:
    """Give a person a seat in a cohort; somebody who has left gets theirs back. The role participant comes with it.

    A person has one place a cohort by its unique constraint; the cohort is locked while seats are counted, so that two
    at the same time cannot both take the last one. Raises Refusal (CohortReason).
    """
    lock(cohort)
    found = session.scalar(select(Enrolment).where(Enrolment.cohort_id == cohort.id, Enrolment.person_id == person.id))
    taken = session.scalar(
        select(func.count())
        .select_from(Enrolment)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.withdrawn_at.is_(None))
    )
    reason = refuse_enrolment(
        completed=cohort.completed_at is not None,
        taken=taken or 0,
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


def complete_cohort(cohort: Cohort, *, actor: Person, at: datetime) -> Cohort:
    """Declare the teaching finished; results can be conferred from now on. Raises Refusal (CohortReason)."""
    lock(cohort)
    reason = completion_refusal(cohort, at)
    if reason is not None:
        raise Refusal(reason)
    cohort.completed_at = at
    record_audit("cohort_completed", cohort, actor=actor, at=at)
    publish(CohortCompleted(cohort=cohort, actor=actor, at=at))
    return cohort


def completion_refusal(cohort: Cohort, at: datetime) -> CohortReason | None:
    """Return why the teaching cannot be declared finished now, or None; the page asks before it shows the button."""
    sessions = sessions_of_cohorts([cohort.id])[cohort.id]
    return refuse_completion(
        completed=cohort.completed_at is not None,
        sessions_ahead=sum(live.cancelled_at is None and live.ends_at > at for live in sessions),
        unmarked=[live.id for live in unmarked_sessions([cohort], at)[cohort.id]],
    )
