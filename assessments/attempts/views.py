"""Questions as the pages show them."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.attempts.models import Attempt
from assessments.attempts.rules import HasEnd, State
from assessments.items.interactions.registry import get_interaction
from assessments.items.models import ItemVersion
from assessments.items.queries import get_repairs
from assessments.items.rendering import question_view as render_view
from assessments.items.rules import score_response


def question_view(
    attempt: Attempt,
    state: State,
    slot: int,
    version: ItemVersion,
    *,
    field: str = "answer",
    kept: MultiDict[str, str] | None = None,
) -> dict[str, Any]:
    """Return a question of an attempt, counted from 0, with the answer that stands (see items/rendering.py).

    ``kept`` is what the person had sent when the sign-in had expired: that answer is shown, and is not saved yet.
    """
    standing = response = state.responses.get(slot)
    interaction = get_interaction(version.type)
    if kept is not None and slot not in state.checked and not interaction.TAKES_FILE and _holds(kept, field):
        response = interaction.read(version.definition, field, kept)
    shown = render_view(
        version,
        state.slots[slot].order,
        response,
        field=field,
        media=f"/content/{attempt.quiz.activity.version_id}/",
    )
    return shown | {
        "number": slot + 1,
        "stamp": state.stamps.get(slot, (0, None))[0],
        "flagged": slot in state.flagged,
        "checked": slot in state.checked,
        "given": score_response(version.type, version.definition, state.responses.get(slot))
        if slot in state.checked
        else None,
        "mark": None,
        "unsaved": response != standing,
    }


def _holds(kept: MultiDict[str, str], field: str) -> bool:
    return any(name == field or name.startswith(f"{field}-") for name in kept)


def review_view(attempt: Attempt, state: State, versions: dict[int, ItemVersion]) -> list[dict[str, Any]]:
    """Return all questions of a scored attempt with what was given for each."""
    return [
        question_view(attempt, state, slot, versions[drawn.item_version_id])
        | {"given": state.scores[slot], "pending": slot in state.pending, "mark": state.marks.get(slot)}
        for slot, drawn in enumerate(state.slots)
    ]


def settled_points(questions: list[dict[str, Any]]) -> tuple[int, int]:
    """Return points and maximum, in hundredths, of the questions that do not wait for a mark."""
    settled = [question for question in questions if not question["pending"]]
    return sum(one["given"] for one in settled), sum(one["maximum"] for one in settled)


def standing_view(attempt: HasEnd, state: State, now: datetime) -> dict[str, Any]:
    """Return what the page's script is told about an attempt; numbers count from 1.

    ``stamps`` say by which step of the log each answer stands: a page that knows an older one shows an old answer.
    """
    return {
        "answered": [slot + 1 for slot in range(len(state.slots)) if state.responses.get(slot) is not None],
        "stamps": {str(slot + 1): stamp for slot, (stamp, _device) in state.stamps.items()},
        "seconds_left": seconds_left(attempt.due_at, now),
    }


def seconds_left(due_at: datetime | None, now: datetime) -> int | None:
    """Return how many whole seconds are left, never below 0; None without a limit."""
    return None if due_at is None else max(0, int((due_at - now).total_seconds()))


def corrections_view(state: State) -> list[dict[str, Any]]:
    """Return what repairs did to an attempt: when, why, and the scorings before and after."""
    repairs = {repair.id: repair for repair in get_repairs([one.repair_id for one in state.scorings if one.repair_id])}
    return [
        {"before": before, "after": after, "reason": repairs[after.repair_id].reason, "kind": repairs[after.repair_id].kind}
        for before, after in pairwise(state.scorings)
        if after.repair_id in repairs
    ]
