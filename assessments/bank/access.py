"""The door to item banks: a trainer's are those of the courses of their cohorts."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from assessments.exchange.models import ItemImport
from assessments.items.models import Item
from courses.cohorts.access import in_charge
from courses.cohorts.models import Cohort
from courses.content.models import Course, CourseVersion
from lms.db import session
from lms.people.models import Person
from lms.permissions import Permission, Role

_SEES_ALL = frozenset({Role.COORDINATOR, Role.AUDITOR})


def list_courses_for(person: Person, permission: Permission) -> list[Course]:
    """Return the courses whose bank this person may use in this way."""
    if not person.may(permission):
        return []
    return list(session.scalars(select(Course).where(*_condition(person, permission)).order_by(Course.slug)))


def bank_of(person: Person, slug: str, permission: Permission) -> Course:
    """Return a course whose bank this person may use in this way. Raises NotFound otherwise."""
    found = session.scalar(select(Course).where(Course.slug == slug, *_condition(person, permission)))
    if found is None or not person.may(permission):
        raise NotFound
    return found


def item_in(person: Person, item_id: int, permission: Permission) -> Item:
    """Return an item of a bank that this person may use in this way. Raises NotFound otherwise."""
    query = (
        select(Item)
        .join(Item.course)
        .options(joinedload(Item.course))
        .where(Item.id == item_id, *_condition(person, permission))
    )
    found = session.scalar(query)
    if found is None or not person.may(permission):
        raise NotFound
    return found


def import_in(person: Person, import_id: int, permission: Permission) -> ItemImport:
    """Return a file that came for a bank that this person may use in this way. Raises NotFound otherwise."""
    query = (
        select(ItemImport).join(ItemImport.course).where(ItemImport.id == import_id, *_condition(person, permission))
    )
    found = session.scalar(query)
    if found is None or not person.may(permission):
        raise NotFound
    return found


def _condition(person: Person, permission: Permission) -> list[ColumnElement[bool]]:
    if person.roles & permission.roles & _SEES_ALL:
        return []
    theirs = (
        select(CourseVersion.course_id)
        .join(Cohort, Cohort.version_id == CourseVersion.id)
        .where(in_charge(person, permission))
    )
    return [Course.id.in_(theirs)]
