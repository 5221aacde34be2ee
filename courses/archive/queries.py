"""Read a version's archive back."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from courses.content.models import ArchiveFile, Course, CourseVersion
from courses.events import ArchiveAsked
from lms.db import session
from lms.events import publish
from lms.files.models import StoredFile


def get_version(slug: str, number: int | None = None) -> CourseVersion:
    """Return a version of a course, the newest unless a number is given. Raises NoResultFound when there is none."""
    query = select(CourseVersion).join(Course).where(Course.slug == slug).order_by(CourseVersion.number.desc()).limit(1)
    if number is not None:
        query = query.where(CourseVersion.number == number)
    found = session.scalar(query)
    if found is None:
        raise NoResultFound
    return found


def get_present_archive(version: CourseVersion) -> dict[str, bytes]:
    """Return a version's archive as it would be imported today: its files, with what the rooms above have changed since."""
    files = get_archive(version)
    for changed in publish(ArchiveAsked(version, files)):
        files |= changed
    return files


def get_archive(version: CourseVersion) -> dict[str, bytes]:
    """Return the files of a version's archive, byte for byte as they were imported."""
    query = (
        select(ArchiveFile.path, StoredFile.content)
        .join(StoredFile, StoredFile.sha256 == ArchiveFile.sha256)
        .where(ArchiveFile.version_id == version.id)
        .order_by(ArchiveFile.path)
    )
    return dict(session.execute(query).all())
