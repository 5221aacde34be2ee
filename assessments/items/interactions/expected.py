"""What a typed text is compared with: a text gives all points; a table ``{text, percent?, feedback?}`` also says how many
per cent (all, where it says nothing), and what is said to who wrote it. With ``percent: 0`` it is an expected mistake.

The first that matches counts, in the order in which they stand. Systems that questions come from count like this too, so
that one is worth the same here; and only so can its author tell one case from what a wildcard behind it takes as well: the
misspelt word with half of the points, and then ``*``, the feedback for everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers, typed
from assessments.items.interactions.parts import KeyProblem
from lms.sentences import N_, Sentence, sentence

KEYS = frozenset({"text", "percent", "feedback"})
PERCENT_PROBLEM = sentence(N_("The points of an expected answer must be a number from 0 to 100."))
POINTS_PROBLEM = sentence(N_("The points of an answer must be a number from -100 to 100."))


@dataclass(frozen=True)
class Expected:
    """An expected answer: its text, its percentage of the points and what is said about it."""

    text: str
    percent: float = 100
    feedback: str = ""

    @property
    def full(self) -> bool:
        """Say whether it gives all points."""
        return self.percent == 100

    @property
    def share(self) -> Fraction:
        """Return its share of the points, exactly as it is written."""
        return answers.share(self.percent)


def as_expected(entry: Any) -> Expected:
    """Return an entry of ``accepted``, which is a text or a table."""
    if isinstance(entry, str):
        return Expected(entry)
    return Expected(entry["text"], entry.get("percent", 100), entry.get("feedback", ""))


def full_texts(accepted: Sequence[Any]) -> list[str]:
    """Return the texts that give all points."""
    return [one.text for one in map(as_expected, accepted) if one.full]


def shown_texts(accepted: Sequence[Any]) -> list[str]:
    """Return the texts that give all points as people read them: ``…`` where a wildcard stands."""
    return [text.replace("*", "…") for text in full_texts(accepted)]


def find(definition: dict[str, Any], accepted: Sequence[Any], text: str) -> Expected | None:
    """Return the first entry that a typed text matches, by the question's way of comparing."""
    return next(
        (
            one
            for one in map(as_expected, accepted)
            if typed.matches(
                text,
                one.text,
                case_sensitive=definition.get("case_sensitive", False),
                ignore_diacritics=definition.get("ignore_diacritics", False),
            )
        ),
        None,
    )


def problems(accepted: Any) -> list[Sentence]:
    """Return what is wrong with a list of accepted texts."""
    if not isinstance(accepted, list) or not accepted or not all(map(_is_entry, accepted)):
        return [sentence(N_("'accepted' must be a list of at least one text."))]
    found: list[Sentence] = []
    for number, entry in enumerate(accepted, start=1):
        if isinstance(entry, dict):
            found += answers.within(sentence(N_("Accepted text %(number)s"), number=number), table_problems(entry))
    if found:
        return found
    listed = [as_expected(entry) for entry in accepted]
    for one in listed:
        if typed.accepts_everything(one.text) and one.percent:
            return [sentence(N_("An accepted text must be more than '*', or every answer would be right."))]
    if any(typed.accepts_everything(one.text) for one in listed[:-1]):
        return [sentence(N_("A '*' alone takes every answer, so it must stand last."))]
    return [] if any(one.full for one in listed) else [sentence(N_("One of the accepted texts must give all points."))]


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) or answers.is_text(entry)


def table_problems(entry: dict[str, Any]) -> list[Sentence]:
    """Return what is wrong with an entry that is a table."""
    if not set(entry) <= KEYS or not answers.is_text(entry.get("text")):
        return [sentence(N_("It must be a text or {text, percent?, feedback?}."))]
    return entry_problems(entry)


def entry_problems(entry: dict[str, Any]) -> list[Sentence]:
    """Return what is wrong with the points and the feedback of an expected answer."""
    found = []
    percent = entry.get("percent", 100)
    if not answers.is_percent(percent) or percent < 0:
        found.append(sentence(N_("'percent' must be a number from 0 to 100.")))
    if "feedback" in entry and not answers.is_text(entry["feedback"]):
        found.append(sentence(answers.A_TEXT, key="feedback"))
    return found


def has_row(entry: Any) -> bool:
    """Say whether a key's form has a row for an entry, since its points or feedback are its own; others are lines of text."""
    one = as_expected(entry)
    return not one.full or bool(one.feedback)


def mend(accepted: Sequence[Any], form: MultiDict[str, str], name: str) -> tuple[list[Any], list[KeyProblem]]:
    """Return a list with the key of a posted form: the texts that just give all points, one a line, and percentages of others.

    What is said about a text stays with it. A new text stands before the first other that would take it, so that it counts.
    """
    lines = [line for line in map(typed.tidy, typed.lines(form.get(name, ""))) if line]
    found: list[KeyProblem] = []
    kept: list[Any] = []
    for number, entry in enumerate(accepted):
        one = as_expected(entry)
        if typed.tidy(one.text) in lines:
            kept.append(entry if one.full else with_percent(entry, 100))
        elif has_row(entry):
            percent = mended_percent(form, f"{name}-percent-{number}", one.percent, found)
            kept.append(entry if percent == one.percent else with_percent(entry, percent))
    known = {typed.tidy(as_expected(entry).text) for entry in accepted}
    if not any(map(has_row, kept)):  # nothing depends on the order but how it is shown
        by_line = {typed.tidy(as_expected(entry).text): entry for entry in reversed(kept)}
        new = [by_line.get(line, line) for line in dict.fromkeys(lines)]
    else:
        new = kept
        for line in dict.fromkeys(lines):
            if line not in known:
                new.insert(_before(new, line), line)
    return new, found + [KeyProblem(name, said) for said in _mended_problems(new, lines)]


def _mended_problems(new: list[Any], lines: list[str]) -> list[Sentence]:
    full = full_texts(new)
    if not full:
        return [sentence(N_("At least one text must be accepted."))]
    counting = [one.text for one in map(as_expected, new) if one.percent]
    if any(map(typed.accepts_everything, [*lines, *counting])):
        return [sentence(N_("A * alone would make every answer right. Please write more in that line, or take it away."))]
    return []


def _before(entries: list[Any], line: str) -> int:
    def takes(entry: Any) -> bool:
        one = as_expected(entry)
        return not one.full and typed.matches(line, one.text, case_sensitive=False, ignore_diacritics=True)

    return next((place for place, entry in enumerate(entries) if takes(entry)), len(entries))


def with_percent(entry: dict[str, Any], percent: float) -> Any:
    """Return a table with another percentage; one that says nothing else is a text."""
    new = {key: value for key, value in entry.items() if key != "percent"} | ({"percent": percent} if percent != 100 else {})
    return new["text"] if set(new) == {"text"} else new


def mended_percent(
    form: MultiDict[str, str], name: str, before: float, found: list[KeyProblem], *, least: int = 0
) -> float:
    """Return a percentage of a posted form; the one from before, and a sentence in ``found``, when it is none."""
    text = typed.tidy(form.get(name, str(before))).removesuffix("%").strip().replace(",", ".").replace("\u2212", "-")
    if text == str(before):
        return before
    digits = text.removeprefix("-").replace(".", "", 1)
    if not (digits.isascii() and digits.isdecimal()) or len(text) > 12 or not least <= float(text) <= 100:
        found.append(KeyProblem(name, POINTS_PROBLEM if least else PERCENT_PROBLEM))
        return before
    return int(float(text)) if float(text).is_integer() else float(text)
