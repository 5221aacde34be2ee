"""Reads about layouts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from certificates.layouts.archives import read_layout, write_layout
from certificates.layouts.files import DEFAULT, LayoutFiles, list_shipped, shipped_layout
from certificates.layouts.models import Layout, LayoutChoice, LayoutVersion
from certificates.layouts.rules import lacking, printed_text
from courses.cohorts.models import Cohort
from lms.db import session
from lms.files.queries import get_content
from lms.printing.letters import unprintable_letters
from lms.sentences import Sentence

#: The newest state of these many layout versions stays in memory.
KEPT = 16


def list_layouts() -> list[Layout]:
    """Return every layout with its versions: those that came along first, withdrawn ones last."""
    query = select(Layout).options(selectinload(Layout.versions))
    return sorted(
        session.scalars(query), key=lambda one: (one.withdrawn_at is not None, not one.is_shipped, one.slug)
    )


def list_usable_layouts() -> list[Layout]:
    """Return the layouts that can be chosen."""
    return [one for one in list_layouts() if one.withdrawn_at is None and one.current is not None]


def find_layout(slug: str) -> Layout | None:
    """Return the layout of this name."""
    return session.scalar(select(Layout).where(Layout.slug == slug).options(selectinload(Layout.versions)))


def list_untried() -> list[LayoutVersion]:
    """Return the versions that no worker has tried out yet."""
    return list(session.scalars(select(LayoutVersion).where(LayoutVersion.tried_at.is_(None)).order_by(LayoutVersion.id)))


def find_choice(kind: str, *, cohort: Cohort | None = None, course_id: int | None = None) -> LayoutChoice | None:
    """Return what was chosen for this cohort or course itself."""
    mine = LayoutChoice.cohort_id == cohort.id if cohort is not None else LayoutChoice.course_id == course_id
    return session.scalar(select(LayoutChoice).where(mine, LayoutChoice.kind == kind))


def list_choices(cohort: Cohort) -> dict[str, Layout]:
    """Return what was chosen for a cohort and for its course, by the place of the choice (see rules.PLACES)."""
    mine = or_(LayoutChoice.cohort_id == cohort.id, LayoutChoice.course_id == cohort.version.course_id)
    return {
        f"{'course' if one.cohort_id is None else 'cohort'}_{one.kind}": one.layout
        for one in session.scalars(select(LayoutChoice).where(mine).execution_options(populate_existing=True))
    }


def find_version_for(cohort: Cohort, kind: str) -> LayoutVersion | None:
    """Return what a cohort's documents are printed with now: its own choice, its course's, or the formal layout.

    A chosen layout that has been withdrawn or has no good version counts as not chosen. None only before the layouts
    that come along have been kept (``keep_shipped_layouts``).
    """
    mine = or_(LayoutChoice.cohort_id == cohort.id, LayoutChoice.course_id == cohort.version.course_id)
    choices = session.scalars(select(LayoutChoice).where(mine, LayoutChoice.kind == kind)).all()
    for choice in sorted(choices, key=lambda one: one.cohort_id is None):
        if choice.layout.withdrawn_at is None and choice.layout.current is not None:
            return choice.layout.current
    default = find_layout(DEFAULT)
    return default.current if default else None


def get_layout_files(version: LayoutVersion) -> LayoutFiles:
    """Return a version ready to print with."""
    return _files(version.archive_sha256, version.layout.is_shipped)


def get_files_in_force(cohort: Cohort, kind: str) -> LayoutFiles:
    """Return what a document of a cohort would be printed with now: of a layout that comes along always its newest state."""
    version = find_version_for(cohort, kind)
    if version is None:
        return shipped_layout(DEFAULT)
    return shipped_layout(version.layout.slug) if is_outdated(version) else get_layout_files(version)


def is_outdated(version: LayoutVersion) -> bool:
    """Say whether the product has brought another state of a layout since its versions were kept.

    One that was kept before is known: two releases that run side by side for a while must not take turns.
    """
    layout = version.layout
    if not layout.is_shipped or layout.slug not in list_shipped():
        return False
    return shipped_sha256(layout.slug) not in {one.archive_sha256 for one in layout.versions}


@lru_cache(maxsize=KEPT)
def shipped_sha256(slug: str) -> str:
    """Return the hash under which a layout that comes along is kept."""
    return hashlib.sha256(write_layout(shipped_layout(slug).files)).hexdigest()


def list_lacks(facts: dict[str, Any], version: LayoutVersion | None) -> Sequence[Sentence]:
    """Return what keeps a snapshot from being printed with a layout, one sentence each; empty: it can be."""
    return lacking(facts, version.fields if version else (), unprintable_letters(printed_text(facts)))


@lru_cache(maxsize=KEPT)
def _files(sha256: str, trusted: bool) -> LayoutFiles:
    return LayoutFiles(read_layout(get_content(sha256)), trusted)
