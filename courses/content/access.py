"""The door to what is learnt."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import defaultload, joinedload
from werkzeug.exceptions import NotFound

from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import Activity, ArchiveFile, CourseVersion, Lesson
from courses.permissions import CoursePermission
from lms.db import session
from lms.people.models import Person


def version_for(person: Person, version_id: int) -> CourseVersion:
    """Return a version that this person learns, or may look at. Raises NotFound otherwise."""
    query = select(CourseVersion).where(CourseVersion.id == version_id)
    if not person.may(CoursePermission.PREVIEW_COURSE):
        mine = (
            select(Cohort.version_id)
            .join(Enrolment)
            .where(Enrolment.person_id == person.id, Enrolment.withdrawn_at.is_(None))
        )
        query = query.where(CourseVersion.id.in_(mine))
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


# Asked with every page of a course, and so built once.
_OWN_ENROLMENT = (
    select(Enrolment)
    .where(
        Enrolment.id == bindparam("enrolment_id"),
        Enrolment.person_id == bindparam("person_id"),
        Enrolment.withdrawn_at.is_(None),
    )
    .options(joinedload(Enrolment.cohort).joinedload(Cohort.version))
)
_WITHOUT_OUTLINE = _OWN_ENROLMENT.options(
    defaultload(Enrolment.cohort).defaultload(Cohort.version).defer(CourseVersion.outline)
)


def enrolment_to_learn(person: Person, enrolment_id: int, *, outline: bool = False) -> Enrolment:
    """Return the person's own enrolment, not ended, with cohort and version. Raises NotFound otherwise.

    The version's outline is large, and comes along for who asks for it.
    """
    query = _OWN_ENROLMENT if outline else _WITHOUT_OUTLINE
    found = session.scalar(query, {"enrolment_id": enrolment_id, "person_id": person.id})
    if found is None:
        raise NotFound
    return found


def get_lesson(version_id: int, slug: str) -> Lesson:
    """Return a lesson of a version that was permitted before. Raises NotFound when there is none."""
    query = (
        select(Lesson)
        .join(Lesson.activity)
        .where(Activity.version_id == version_id, Activity.kind == "lesson", Activity.slug == slug)
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def get_file(version_id: int, path: str) -> ArchiveFile:
    """Return a file of a version that was permitted before. Raises NotFound when there is none."""
    found = session.get(ArchiveFile, (version_id, path))
    if found is None:
        raise NotFound
    return found
