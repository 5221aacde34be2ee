"""What an attempt's answers are worth, and which attempts count: pure, so that scoring again gives the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessments.attempts.models import Attempt
from assessments.attempts.rules import State
from assessments.items.queries import Wording
from assessments.items.rules import maximum, needs_mark, score_response


@dataclass(frozen=True)
class Scoring:
    """The points by question and the most there can be, in hundredths; ``versions`` are those put in by repairs, by slot."""

    scores: tuple[int, ...]
    maximum: int
    versions: Mapping[int, int]
    #: Questions that wait for a mark; they have no points yet.
    pending: tuple[int, ...] = ()

    @property
    def given(self) -> int:
        """All points."""
        return sum(self.scores)

    def payload(self) -> dict[str, Any]:
        """Return what the log keeps."""
        kept: dict[str, Any] = {"scores": list(self.scores), "maximum": self.maximum}
        if self.versions:
            kept["versions"] = {str(slot): version for slot, version in self.versions.items()}
        if self.pending:
            kept["pending"] = list(self.pending)
        return kept


def score_state(state: State, versions: Mapping[int, Wording], successors: Mapping[int, int]) -> Scoring:
    """Score the answers that stand. ``versions`` holds every version that is drawn or succeeds one that is drawn."""
    replaced = {
        number: successors[slot.item_version_id]
        for number, slot in enumerate(state.slots)
        if slot.item_version_id in successors
    }
    used = [versions[replaced.get(number, slot.item_version_id)] for number, slot in enumerate(state.slots)]
    points = [_points(state, number, version) for number, version in enumerate(used)]
    return Scoring(
        tuple(one or 0 for one in points),
        sum(maximum(version.definition) for version in used),
        replaced,
        tuple(number for number, one in enumerate(points) if one is None),
    )


def _points(state: State, slot: int, version: Wording) -> int | None:
    response = state.responses.get(slot)
    if not needs_mark(version.type, version.definition, response):
        return score_response(version.type, version.definition, response)
    mark = state.marks.get(slot)
    return None if mark is None else min(mark.points, maximum(version.definition))


def points_of(attempt: Attempt) -> tuple[int, int] | None:
    """Return a submitted attempt's points and maximum, in hundredths; None when it waits for marks."""
    return None if attempt.unmarked else (attempt.score_hundredths or 0, attempt.score_maximum_hundredths or 0)


def is_empty(attempt: Attempt) -> bool:
    """Say whether every question of a submitted attempt was dropped: it is neither a result nor a try."""
    return attempt.submitted_at is not None and not attempt.unmarked and not attempt.score_maximum_hundredths


def scores_of(attempts: Iterable[Attempt]) -> list[tuple[int, int] | None]:
    """Return points and maximum, in hundredths, of the attempts that count as results; None for one that waits for marks."""
    return [points_of(one) for one in attempts if one.submitted_at is not None and one.voided_at is None]


def tries(attempts: Iterable[Attempt]) -> tuple[int, datetime | None]:
    """Return how many attempts count as tries, and when the last of them ended: when it was handed in, or its time was over."""
    counted = [one for one in attempts if one.voided_at is None and not is_empty(one)]
    ends = (min(one.submitted_at, one.due_at or one.submitted_at) for one in counted if one.submitted_at)
    return len(counted), max(ends, default=None)


def unfinished(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return the attempts that nobody has handed in or taken out, be their time over or not."""
    return [one for one in attempts if one.submitted_at is None and one.voided_at is None]


def waiting(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return the attempts that wait for marks."""
    return [one for one in attempts if one.unmarked and one.submitted_at is not None and one.voided_at is None]
