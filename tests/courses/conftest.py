"""What tests of courses can have besides the cast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from courses import activity_kinds
from courses.activity_kinds import ArchiveError, ArchivePart, Openable
from courses.archive.reading import read_archive
from courses.content.models import Activity

SMALL_COURSE = Path(__file__).parent.parent / "data" / "small-course"


class PlainKind:
    """Stands in for a kind of the packages above, which tests of this package do not need."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.label = name

    def check(self, part: ArchivePart) -> Sequence[ArchiveError]:
        """Find nothing wrong."""
        return []

    def create(self, activity: Activity, part: ArchivePart, *, at: Any, actor: Any) -> None:
        """Make nothing."""

    def url(self, activity: Openable, enrolment_id: int) -> str:
        """Return some path."""
        return f"/{self.name}/{enrolment_id}/{activity.slug}"


@pytest.fixture
def plain_kinds() -> Iterator[None]:
    """Quizzes and assignments without the package above."""
    usual = dict(activity_kinds._kinds)
    for name in ("quiz", "assignment"):
        activity_kinds.register_activity_kind(PlainKind(name))
    yield
    activity_kinds._kinds.clear()
    activity_kinds._kinds.update(usual)


@pytest.fixture
def small_course() -> dict[str, bytes]:
    """The files of a small course without errors."""
    found = read_archive(SMALL_COURSE)
    assert found.errors == []
    return found.files
