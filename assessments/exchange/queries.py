"""Reads for imports and exports."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from assessments.exchange.entries import Entry
from assessments.exchange.formats.registry import READERS
from assessments.exchange.keys import settled
from assessments.exchange.models import ItemImport, QuestionPicture
from assessments.exchange.pictures import ENDINGS, FOLDER, OWN, portable
from assessments.exchange.reading import Reading
from assessments.exchange.written import meaningful
from assessments.items.models import Item, ItemVersion
from courses.archive.media import extension
from courses.content.models import ArchiveFile, Course, CourseVersion
from lms.db import session
from lms.files.queries import get_content


@dataclass(frozen=True)
class Planned:
    """An entry of a file and what taking it does: ``new``, ``changed`` (a new version), ``same``; empty when refused."""

    entry: Entry
    change: str


def find_course(slug: str) -> Course | None:
    """Return the course with this slug."""
    return session.scalar(select(Course).where(Course.slug == slug))


def newest_versions(course_id: int, keys: Collection[str] | None = None) -> dict[str, ItemVersion]:
    """Return the newest version of a course's items by key, of all or of these; in the order in which they came."""
    latest = (
        select(ItemVersion.item_id, func.max(ItemVersion.number).label("number"))
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Item.course_id == course_id)
        .group_by(ItemVersion.item_id)
        .subquery()
    )
    query = (
        select(ItemVersion)
        .join(latest, (ItemVersion.item_id == latest.c.item_id) & (ItemVersion.number == latest.c.number))
        .order_by(ItemVersion.item_id)
    )
    found = {version.item.key: version for version in session.scalars(query)}
    return found if keys is None else {key: found[key] for key in keys if key in found}


def question_of(version: ItemVersion) -> dict[str, Any]:
    """Return an item version as a question of FORMAT.md."""
    return settled({"id": version.item.key, "type": version.type} | version.definition)


def list_media(course_id: int) -> dict[str, str]:
    """Return the SHA-256 of the pictures in a course's newest archive, by their path."""
    newest = select(func.max(CourseVersion.id)).where(CourseVersion.course_id == course_id).scalar_subquery()
    query = select(ArchiveFile.path, ArchiveFile.sha256).where(
        ArchiveFile.version_id == newest, ArchiveFile.path.like("media/%")
    )
    return {path: sha256 for path, sha256 in session.execute(query) if extension(path) in ENDINGS.values()}


def portable_question(version: ItemVersion, media: Mapping[str, str]) -> dict[str, Any]:
    """Return an item version as a question whose pictures can travel (see pictures.portable)."""
    made: dict[str, Any] = portable(question_of(version), media)
    return made


def questions_for(course_id: int, versions: Iterable[ItemVersion], format_name: str) -> list[dict[str, Any]]:
    """Return item versions as a format gets them: only the course's own archive has the pictures of that archive."""
    if format_name not in READERS:
        return [question_of(version) for version in versions]
    media = list_media(course_id)
    return [portable_question(version, media) for version in versions]


def plan_entries(course_id: int, reading: Reading) -> list[Planned]:
    """Return what taking a file would do to each of its questions."""
    standing = newest_versions(course_id, [str(entry.question["id"]) for entry in reading.entries if entry.question])
    media = list_media(course_id)
    return [Planned(entry, _change(entry, standing, media)) for entry in reading.entries]


def _change(entry: Entry, standing: dict[str, ItemVersion], media: Mapping[str, str]) -> str:
    if entry.question is None:
        return ""
    before = standing.get(entry.question["id"])
    if before is None:
        return "new"
    return "same" if meaningful(portable_question(before, media)) == entry.question else "changed"


def list_imports(course_id: int, limit: int = 20) -> list[ItemImport]:
    """Return the last files that came for a course's bank, the newest first."""
    query = (
        select(ItemImport)
        .options(joinedload(ItemImport.created_by))
        .where(ItemImport.course_id == course_id)
        .order_by(ItemImport.id.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def load_picture(address: str) -> bytes:
    """Return the bytes of a question's picture by its address. Raises NoResultFound."""
    return get_content(address.removeprefix(FOLDER).partition(".")[0])


def find_picture(name: str) -> QuestionPicture | None:
    """Return a question's picture by the name in its address."""
    found = OWN.fullmatch(FOLDER + name)
    picture = session.get(QuestionPicture, found[1]) if found else None
    return picture if picture is not None and found is not None and picture.ending == found[2] else None
