"""The grid of people and modules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from courses.cohorts.details import Details, details_of, differing
from courses.cohorts.models import Cohort
from courses.cohorts.rules import list_risks
from courses.progress.outline import ModuleLine, list_modules
from courses.progress.queries import Standing
from courses.progress.rules import ActivityState
from lms.sentences import N_, Sentence, sentence

_LABELS = {
    "title": N_("Title"),
    "begin_date": N_("First day"),
    "end_date": N_("Last day"),
    "seats": N_("Seats"),
    "trainers": N_("Trainers"),
}


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


def list_changes(cohort: Cohort, seen: Details, people: Mapping[int, str]) -> list[Sentence]:
    """Return what of a cohort is no longer as a page had shown it: what it was, and what it is now."""
    standing = details_of(cohort)
    return [
        sentence(
            N_("%(what)s: %(old)s → %(new)s"),
            what=sentence(_LABELS[name]),
            old=_value(seen[name], people),
            new=_value(standing[name], people),
        )
        for name in differing(standing, seen)
    ]


def _value(value: Any, people: Mapping[int, str]) -> Any:
    if isinstance(value, list):
        return ", ".join(people.get(one, "–") for one in value) or "–"
    return value
