"""Read cohorts and who is in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload

from courses.attendance.models import AttendanceMark
from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import CourseVersion
from courses.schedule.models import LiveSession
from lms.db import session
from lms.people.models import Person, RoleGrant
from lms.permissions import Role


def count_enrolled(cohort_ids: Iterable[int]) -> dict[int, int]:
    """Return how many people are in each of these cohorts who have not left; one query."""
    ids = list(cohort_ids)
    query = (
        select(Enrolment.cohort_id, func.count())
        .where(Enrolment.cohort_id.in_(ids), Enrolment.withdrawn_at.is_(None))
        .group_by(Enrolment.cohort_id)
    )
    return {**dict.fromkeys(ids, 0), **dict(session.execute(query).all())}


def unmarked_sessions(cohorts: Sequence[Cohort], at: datetime) -> dict[int, list[LiveSession]]:
    """Return the sessions held before ``at`` in which somebody who has not left lacks a mark, by cohort; one query."""
    made: dict[int, list[LiveSession]] = {cohort.id: [] for cohort in cohorts}
    # Of this person in this session: what is correlated is said, since one left to guess took any session's mark.
    marked = (
        select(AttendanceMark.id)
        .where(AttendanceMark.live_session_id == LiveSession.id, AttendanceMark.enrolment_id == Enrolment.id)
        .correlate(LiveSession, Enrolment)
    )
    lacking = select(Enrolment.id).where(
        Enrolment.cohort_id == LiveSession.cohort_id, Enrolment.withdrawn_at.is_(None), ~marked.exists()
    )
    query = (
        select(LiveSession)
        .where(
            LiveSession.cohort_id.in_(made),
            LiveSession.cancelled_at.is_(None),
            LiveSession.ends_at <= at,
            lacking.exists(),
        )
        .order_by(LiveSession.starts_at)
    )
    for live_session in session.scalars(query):
        made[live_session.cohort_id].append(live_session)
    return made


def list_enrolments(cohort: Cohort) -> list[Enrolment]:
    """Return who is in a cohort and has not left, by name; one query."""
    query = (
        select(Enrolment)
        .join(Enrolment.person)
        # Not with their roles: nobody asks for them here, and they come in batches whose number grows with the people.
        .options(joinedload(Enrolment.person).lazyload(Person.role_grants), joinedload(Enrolment.municipality))
        .where(Enrolment.cohort_id == cohort.id, Enrolment.withdrawn_at.is_(None))
        .order_by(Person.sort_name, Enrolment.id)
    )
    return list(session.scalars(query))


# Asked with every start page of a participant, and so built once.
_OWN_ENROLMENTS = (
    select(Enrolment)
    .join(Enrolment.cohort)
    .where(Enrolment.person_id == bindparam("person_id"), Enrolment.withdrawn_at.is_(None))
    .options(contains_eager(Enrolment.cohort).joinedload(Cohort.version).defer(CourseVersion.outline))
    .order_by(Cohort.begin_date.desc(), Enrolment.id.desc())
)


def list_own_enrolments(person: Person) -> list[Enrolment]:
    """Return a person's enrolments that were not ended, the newest first, with their cohorts and versions; one query."""
    return list(session.scalars(_OWN_ENROLMENTS, {"person_id": person.id}))


def list_newest_versions() -> list[CourseVersion]:
    """Return all course versions, the newest first."""
    return list(
        session.scalars(
            select(CourseVersion)
            .options(joinedload(CourseVersion.course))
            .order_by(CourseVersion.imported_at.desc(), CourseVersion.id.desc())
        )
    )


def list_trainers() -> list[Person]:
    """Return everybody who may teach, by name."""
    query = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == Role.TRAINER.value, Person.deactivated_at.is_(None))
        .order_by(Person.sort_name, Person.id)
    )
    return list(session.scalars(query))


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of these people; one query."""
    query = select(Person).options(lazyload(Person.role_grants)).where(Person.id.in_(set(person_ids)))
    people = session.scalars(query)
    return {person.id: person.full_name for person in people}
