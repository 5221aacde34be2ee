"""The door to live sessions."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from courses.cohorts.access import in_charge
from courses.cohorts.models import Cohort, Enrolment
from courses.permissions import CoursePermission
from courses.schedule.models import LiveSession
from lms.db import session
from lms.people.models import Person
from lms.permissions import Permission


def session_for(person: Person, session_id: int) -> LiveSession:
    """Return a session of a cohort that the person takes part in or is in charge of. Raises NotFound otherwise."""
    return _get(session_id, _own_or_in_charge(person))


def session_in_charge(person: Person, session_id: int, permission: Permission) -> LiveSession:
    """Return a session of a cohort in which the person may use this permission. Raises NotFound otherwise."""
    if not person.may(permission):
        raise NotFound
    return _get(session_id, in_charge(person, permission))


def _own_or_in_charge(person: Person) -> ColumnElement[bool]:
    mine = LiveSession.cohort_id.in_(
        select(Enrolment.cohort_id).where(Enrolment.person_id == person.id, Enrolment.withdrawn_at.is_(None))
    )
    if person.may(CoursePermission.READ_COHORT):
        return or_(mine, in_charge(person, CoursePermission.READ_COHORT))
    return mine


def _get(session_id: int, permitted: ColumnElement[bool]) -> LiveSession:
    query = select(LiveSession).join(LiveSession.cohort).where(LiveSession.id == session_id, permitted)
    found = session.scalar(query.options(joinedload(LiveSession.cohort)))
    if found is None:
        raise NotFound
    return found


def sessions_for(person: Person) -> list[LiveSession]:
    """Return all sessions that the person takes part in or is in charge of, in their order, with their cohorts."""
    query = (
        select(LiveSession)
        .join(LiveSession.cohort)
        .where(_own_or_in_charge(person))
        .options(joinedload(LiveSession.cohort))
        .order_by(LiveSession.starts_at, LiveSession.id)
    )
    return list(session.scalars(query))


def is_in_charge(person: Person, cohort: Cohort, permission: Permission) -> bool:
    """Say whether the person may use this permission in this cohort."""
    if not person.may(permission):
        return False
    query = select(Cohort.id).where(Cohort.id == cohort.id, in_charge(person, permission))
    return session.scalar(query) is not None
