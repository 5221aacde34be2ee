"""Questions as the pages show them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from assessments.attempts.rules import Slot, State
from assessments.items.interactions.registry import get_interaction
from assessments.items.models import ItemVersion
from assessments.items.queries import get_repairs
from assessments.items.rules import maximum


def question_view(version: ItemVersion, slot: Slot, response: dict[str, Any] | None) -> dict[str, Any]:
    """Return what the template of a question shows; ``shown`` is the type's own part."""
    return {
        "type": version.type,
        "prompt": version.definition["prompt"],
        "explanation": version.definition.get("explanation", ""),
        "maximum": maximum(version.definition),
        "answered": response is not None,
        "parts": get_interaction(version.type).analyse(version.definition, response) if response else [],
        "shown": get_interaction(version.type).show(version.definition, list(slot.order), response),
    }


def review_view(state: State, versions: dict[int, ItemVersion]) -> list[dict[str, Any]]:
    """Return all questions of a scored attempt with what was given for each."""
    return [
        question_view(versions[slot.item_version_id], slot, state.responses.get(number))
        | {"number": number + 1, "given": state.scores[number]}
        for number, slot in enumerate(state.slots)
    ]


def corrections_view(state: State) -> list[dict[str, Any]]:
    """Return what repairs did to an attempt: when, why, and the points before and after, in hundredths."""
    repairs = {repair.id: repair for repair in get_repairs([one for _at, _sum, one in state.scorings if one])}
    return [
        {"at": at, "before": before, "after": after, "reason": repairs[repair_id].reason}
        for (_then, before, _cause), (at, after, repair_id) in pairwise(state.scorings)
        if repair_id in repairs
    ]
