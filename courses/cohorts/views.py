"""The grid of people and modules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from courses.progress.outline import ModuleLine, list_modules
from courses.progress.queries import Standing
from courses.progress.rules import RuleState


@dataclass(frozen=True)
class Row:
    """One person's line in the grid; ``at_risk`` when a rule can no longer be met."""

    standing: Standing
    modules: Sequence[ModuleLine]
    at_risk: bool


def list_rows(standings: Sequence[Standing]) -> list[Row]:
    """Return a line for each standing, in their order."""
    return [
        Row(standing, list_modules(standing), any(result.state is RuleState.NOT_MET for result in standing.results))
        for standing in standings
    ]
