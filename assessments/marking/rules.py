"""Decisions about marks: may an attempt be marked, is a mark complete, what do typed points mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from assessments.attempts.rules import Mark
from assessments.items.interactions.typed_numbers import readings
from lms.sentences import N_, Reason, Refusal


class MarkReason(Reason):
    """Why answers cannot be marked."""

    NOT_SUBMITTED = "not_submitted", N_("This attempt has not been handed in yet. It can be marked afterwards.")
    VOIDED = "voided", N_("This attempt was taken out. Nothing in it is marked any more.")
    NOTHING_TO_MARK = "nothing_to_mark", N_("Question %(number)s has no answer that a person marks.")
    OUT_OF_RANGE = "out_of_range", N_("The points for question %(number)s must be from 0 to %(most)s.")
    NO_POINTS = "no_points", N_("Please give points for question %(number)s as well.")
    NEEDS_REASON = (
        "needs_reason",
        N_("Question %(number)s has been marked already. Please say why the mark changes; the reason stays readable."),
    )


@dataclass(frozen=True)
class Given:
    """What a person gives for one answer: hundredths of a point, a comment, and why an earlier mark changes."""

    points: int
    comment: str
    reason: str = ""


def attempt_refusal(submitted_at: datetime | None, voided_at: datetime | None) -> Refusal | None:
    """Return why the answers of an attempt cannot be marked."""
    if voided_at is not None:
        return Refusal(MarkReason.VOIDED)
    return Refusal(MarkReason.NOT_SUBMITTED) if submitted_at is None else None


def mark_refusal(number: int, given: Given, standing: Mark | None, most: int, *, markable: bool) -> Refusal | None:
    """Return why a mark cannot stand; ``most`` is in hundredths, ``standing`` the mark that there is already."""
    if not markable:
        return Refusal(MarkReason.NOTHING_TO_MARK, number=number)
    if not 0 <= given.points <= most:
        return Refusal(MarkReason.OUT_OF_RANGE, number=number, most=most / 100)
    if standing is not None and changes(given, standing) and not given.reason:
        return Refusal(MarkReason.NEEDS_REASON, number=number)
    return None


def changes(given: Given, standing: Mark | None) -> bool:
    """Say whether a mark is another one than that which stands."""
    return standing is None or (given.points, given.comment) != (standing.points, standing.comment)


def read_points(text: str, most: int) -> int | None:
    """Return typed points in hundredths, written the German or the English way; None when they make no sense."""
    found = {int(one * 100) for one in readings(text) if (one * 100).denominator == 1 and 0 <= one * 100 <= most}
    return found.pop() if len(found) == 1 else None


def read_marks(
    fields: Mapping[str, str], maxima: Mapping[int, int]
) -> tuple[dict[int, Given], list[tuple[str, Refusal]]]:
    """Return the marks of a posted form by slot, and what is wrong with which field. Empty points mean: not yet."""
    marks, problems = {}, []
    for slot, most in maxima.items():
        typed, comment = fields.get(f"points_{slot}", "").strip(), _tidy(fields.get(f"comment_{slot}", ""))
        if not typed:
            if comment:
                problems.append((f"points_{slot}", Refusal(MarkReason.NO_POINTS, number=slot + 1)))
            continue
        points = read_points(typed, most)
        if points is None:
            refusal = Refusal(MarkReason.OUT_OF_RANGE, number=slot + 1, most=most / 100)
            problems.append((f"points_{slot}", refusal))
        else:
            marks[slot] = Given(points, comment, _tidy(fields.get(f"reason_{slot}", ""))[:500])
    return marks, problems


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "").strip()
