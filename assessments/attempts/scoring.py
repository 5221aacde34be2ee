"""What an attempt's answers are worth, and which attempts count: pure, so that scoring again gives the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessments.attempts.models import Attempt
from assessments.attempts.rules import State
from assessments.items.models import ItemVersion
from assessments.items.rules import maximum, score_response


@dataclass(frozen=True)
class Scoring:
    """The points by question and the most there can be, in hundredths; ``versions`` are those put in by repairs, by slot."""

    scores: tuple[int, ...]
    maximum: int
    versions: Mapping[int, int]

    @property
    def given(self) -> int:
        """All points."""
        return sum(self.scores)

    def payload(self) -> dict[str, Any]:
        """Return what the log keeps."""
        kept: dict[str, Any] = {"scores": list(self.scores)}
        return kept | (
            {"versions": {str(slot): version for slot, version in self.versions.items()}} if self.versions else {}
        )


def score_state(state: State, versions: Mapping[int, ItemVersion], successors: Mapping[int, int]) -> Scoring:
    """Score the answers that stand. ``versions`` holds every version that is drawn or succeeds one that is drawn."""
    replaced = {
        number: successors[slot.item_version_id]
        for number, slot in enumerate(state.slots)
        if slot.item_version_id in successors
    }
    used = [versions[replaced.get(number, slot.item_version_id)] for number, slot in enumerate(state.slots)]
    return Scoring(
        tuple(
            score_response(version.type, version.definition, state.responses.get(number))
            for number, version in enumerate(used)
        ),
        sum(maximum(version.definition) for version in used),
        replaced,
    )


def scores_of(attempts: Iterable[Attempt]) -> list[tuple[int, int]]:
    """Return points and maximum, in hundredths, of the attempts that count as results."""
    return [
        (one.score_hundredths or 0, one.score_maximum_hundredths or 0)
        for one in attempts
        if one.submitted_at is not None and one.voided_at is None
    ]


def tries(attempts: Iterable[Attempt]) -> tuple[int, datetime | None]:
    """Return how many attempts count as tries, and when the last of them was handed in."""
    counted = [one for one in attempts if one.voided_at is None]
    return len(counted), max((one.submitted_at for one in counted if one.submitted_at), default=None)
