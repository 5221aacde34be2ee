"""What a checked archive says, ready to become rows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from courses.activity_kinds import ArchivePart
from courses.archive.texts import References


@dataclass(frozen=True)
class LessonDraft:
    """A lesson of a module."""

    slug: str
    title: str
    minutes: int
    objectives: list[str]
    sources: list[dict[str, str]]
    markdown: str


@dataclass(frozen=True)
class ModuleDraft:
    """A module with its lessons and its quiz."""

    slug: str
    title: str
    summary: str
    objectives: list[str]
    ue: int
    english: dict[str, Any] | None
    lessons: list[LessonDraft]
    quiz: ArchivePart | None


@dataclass(frozen=True)
class CourseDraft:
    """A whole course version. ``definition`` is ``course.toml`` as it was parsed."""

    slug: str
    title: str
    language: str
    content_date: date
    summary: str
    ue: dict[str, int]
    outline: dict[str, Any]
    modules: list[ModuleDraft]
    live_sessions: list[ArchivePart]
    assignments: list[ArchivePart]
    references: References
    sha256: str
    files: dict[str, bytes] = field(repr=False)


def archive_sha256(files: dict[str, bytes]) -> str:
    """Return the hash over all paths and contents, whatever the order and the packing."""
    whole = hashlib.sha256()
    for path in sorted(files):
        name = path.encode()
        whole.update(len(name).to_bytes(4, "big") + name + hashlib.sha256(files[path]).digest())
    return whole.hexdigest()
