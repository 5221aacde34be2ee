"""Read a file: every question of it is taken with its key in the bank, or refused by name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from assessments.exchange.entries import MEGABYTE, Entry
from assessments.exchange.formats.registry import READERS, guess_format
from assessments.exchange.limits import one_file
from assessments.exchange.names import key_for
from assessments.exchange.reasons import Unreadable, Why
from assessments.exchange.written import meaningful
from assessments.items.interactions.registry import INTERACTIONS
from assessments.items.rules import question_problems
from lms.sentences import Sentence

#: As the setting ``upload_megabytes`` is without being set.
USUAL_MEGABYTES = 25


@dataclass(frozen=True)
class Reading:
    """What was read: the format, and an entry for each question with its ``id``. ``failed``: the file itself is refused."""

    format: str
    entries: list[Entry]
    failed: bool = False

    @property
    def taken(self) -> list[Entry]:
        """The questions that can be taken."""
        return [entry for entry in self.entries if entry.taken]

    @property
    def refused(self) -> list[Entry]:
        """Everything that cannot."""
        return [entry for entry in self.entries if not entry.taken]


def read_questions(
    content: bytes, file_name: str, format_name: str | None = None, *, megabytes: int = USUAL_MEGABYTES
) -> Reading:
    """Read a file in this format, or in the one that its content tells. A file that cannot be read is one refusal.

    Pure, and bounded by the limits in limits.py: it needs no database and so is done before one writes.
    """
    name = format_name or ""
    try:
        if len(content) > megabytes * MEGABYTE:
            raise Unreadable(Why.TOO_LARGE, most=megabytes)
        if not content.strip():
            raise Unreadable(Why.EMPTY)
        name = format_name or guess_format(content)
        with one_file():
            return Reading(name, _finished(READERS[name].parse(content)))
    except Unreadable as refused:
        return Reading(name, [Entry(file_name, "", None, refused.sentence)], failed=True)


def _finished(entries: list[Entry]) -> list[Entry]:
    """Give every question its key and look whether it is a good one."""
    numbers: dict[str, int] = {}
    keys: dict[str, dict[str, Any]] = {}
    finished = []
    for number, entry in enumerate(entries, start=1):
        if entry.question is None:
            finished.append(entry)
            continue
        bare = meaningful(entry.question)
        key = key_for(entry.identifier, entry.name, bare, keys)
        question = {"id": key} | bare
        if key in keys:
            finished.append(_refused(entry, Why.TWICE, number=numbers[key]))
            continue
        if problems := question_problems(question, needs_explanation=False):
            if question["type"] not in INTERACTIONS:
                finished.append(_refused(entry, Why.UNKNOWN_TYPE, type=question["type"]))
            else:
                finished.append(_refused(entry, Why.NOT_COMPLETE, problems=problems))
            continue
        numbers[key], keys[key] = number, bare
        finished.append(replace(entry, question=question))
    return finished


def _refused(entry: Entry, why: Why, **values: object) -> Entry:
    return replace(entry, question=None, reason=Sentence(why.text, values), media={})
