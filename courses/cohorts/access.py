"""The door to cohorts and enrolments."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, true
from werkzeug.exceptions import NotFound

from courses.cohorts.models import Cohort, CohortTrainer, Enrolment
from lms.db import session
from lms.people.models import Person
from lms.permissions import Permission, Role

#: These see every cohort (within what their permission allows); a trainer sees their own.
_SEES_ALL = frozenset({Role.COORDINATOR, Role.AUDITOR})


def in_charge(person: Person, permission: Permission) -> ColumnElement[bool]:
    """Return the condition on Cohort that this person may use this permission there."""
    if person.roles & permission.roles & _SEES_ALL:
        return true()
    return Cohort.id.in_(select(CohortTrainer.cohort_id).where(CohortTrainer.person_id == person.id))


def list_cohorts_for(person: Person, permission: Permission) -> list[Cohort]:
    """Return the cohorts that this person may use this permission in, the newest first."""
    if not person.may(permission):
        return []
    return list(session.scalars(select(Cohort).where(in_charge(person, permission)).order_by(Cohort.begin_date.desc())))


def cohort_for(person: Person, cohort_id: int, permission: Permission) -> Cohort:
    """Return the cohort. Raises NotFound when there is none or this person may not use this permission there."""
    found = session.scalar(select(Cohort).where(Cohort.id == cohort_id, in_charge(person, permission)))
    if found is None or not person.may(permission):
        raise NotFound
    return found


def enrolment_in_charge(person: Person, enrolment_id: int, permission: Permission) -> Enrolment:
    """Return an enrolment of a cohort that this person is in charge of. Raises NotFound otherwise."""
    query = select(Enrolment).join(Cohort).where(Enrolment.id == enrolment_id, in_charge(person, permission))
    found = session.scalar(query)
    if found is None or not person.may(permission):
        raise NotFound
    return found
