"""Activity kinds: how a room above tells the course what its activities are, how to open them and what they need.

One of the three registries. The course itself knows only lessons; ``quiz``, ``assignment`` and ``live_session``
register here at start-up. Whether an activity is done is never asked: its kind appends progress facts
(``courses.progress``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from courses.content.models import Activity
from lms.sentences import N_, Sentence, plain_sentence

#: What every checker of tables says to a key that it does not know.
UNKNOWN_KEY = N_("The key “%(key)s” is unknown here. Known are %(known)s.")


@dataclass(frozen=True)
class ArchiveError:
    """Something wrong in a course archive, for the person who wrote it.

    ``quoted`` is what a library said to it, which exists in English only.
    """

    path: str
    line: int | None
    text: Sentence
    quoted: str = ""

    @property
    def plain(self) -> str:
        """What is wrong in English, as commands, their JSON and logs have it."""
        said = plain_sentence(self.text)
        return f"{said} The message of the program that reads it: {self.quoted}" if self.quoted else said

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.plain}"


@dataclass(frozen=True)
class ArchivePart:
    """What an archive says about one activity: ``definition`` as parsed, ``path`` and ``lines`` for messages.

    ``whole`` is False when some of its questions cannot be read, so that nobody complains about what they would have been.

    ``lines`` are those of the part's own table in ``path``, by the keys and indexes that lead to an entry.

    ``definition`` of a quiz is the ``[quiz]`` table of module.toml plus ``questions`` (the parsed entries of the
    module's question files, each with ``__path__`` and ``__line__``); of an assignment the ``[[assignments]]`` table
    plus ``instructions_markdown`` and ``instructions_html``; of a live session its ``[[live_sessions]]`` table.
    """

    kind: str
    slug: str
    path: str
    definition: dict[str, Any]
    media: frozenset[str]
    lines: Mapping[tuple[str | int, ...], int] = field(default_factory=dict)
    whole: bool = True

    def line(self, *place: str | int) -> int | None:
        """Return the line of an entry, or of the nearest entry around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place)

    def error(self, text: Sentence, *place: str | int) -> ArchiveError:
        """Return an error at an entry of this part."""
        return ArchiveError(self.path, self.line(*place), text)


class Openable(Protocol):
    """What an activity's address is made of."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def slug(self) -> str: ...


class ActivityKind(Protocol):
    """What a kind tells the course."""

    name: str
    #: Marked by N_: "Quiz", "Assignment", "Live session".
    label: str

    def check(self, part: ArchivePart) -> Sequence[ArchiveError]:
        """Return everything that is wrong with this part of an archive; nothing is written."""

    def create(self, activity: Activity, part: ArchivePart, *, at: Any, actor: Any) -> None:
        """Make the kind's own rows for a new activity from a part that ``check`` found good."""

    def url(self, activity: Openable, enrolment_id: int) -> str:
        """Return the path of the page where the person of this enrolment opens the activity."""


_kinds: dict[str, ActivityKind] = {}


def register_activity_kind(kind: ActivityKind) -> None:
    """Make a kind known at start-up; registering the same name again replaces it."""
    _kinds[kind.name] = kind


def get_activity_kind(name: str) -> ActivityKind:
    """Return a registered kind. Raises KeyError for an unknown name."""
    return _kinds[name]
