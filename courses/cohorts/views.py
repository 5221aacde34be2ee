"""The grid of people and modules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from courses.cohorts.rules import list_risks
from courses.progress.outline import ModuleLine, list_modules
from courses.progress.queries import Standing
from courses.progress.rules import ActivityState
from lms.sentences import Sentence


@dataclass(frozen=True)
class Row:
    """One person's line in the grid; ``risks`` says why the certificate may be missed."""

    standing: Standing
    modules: Sequence[ModuleLine]
    risks: Sequence[Sentence]


def list_rows(standings: Sequence[Standing], now: datetime) -> list[Row]:
    """Return a line for each standing, in their order."""
    return [_row(standing, now) for standing in standings]


def _row(standing: Standing, now: datetime) -> Row:
    modules = list_modules(standing)
    over = {live.activity_id for live in standing.sessions if live.cancelled_at is None and live.ends_at < now}
    behind = sum(
        module.state is not ActivityState.DONE and any(activity.id in over for activity in module.activities)
        for module in modules
        if module.total
    )
    return Row(standing, modules, list_risks(standing.results, behind))
