"""Answers as those see them who mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assessments.attempts.models import Attempt
from assessments.attempts.queries import list_steps
from assessments.attempts.rules import Mark, StepKind, fold
from assessments.attempts.views import question_view
from assessments.items.queries import get_item_versions
from assessments.items.rules import needs_mark


@dataclass(frozen=True)
class MarkLine:
    """A mark of the log: in hundredths, by whom, and why it changed the one before."""

    mark: Mark
    reason: str


@dataclass(frozen=True)
class Answer:
    """An answer to mark: the question as the person saw it, the author's guidance, and the marks that there were."""

    slot: int
    question: dict[str, Any]
    guidance: str
    mark: Mark | None
    history: list[MarkLine]


def answers_to_mark(attempt: Attempt) -> tuple[list[Answer], int, int]:
    """Return the answers of an attempt that a person marks, and of all others the points and the maximum in hundredths."""
    steps = list_steps(attempt)
    state = fold(steps)
    versions = get_item_versions({slot.item_version_id for slot in state.slots})
    found, given, most = [], 0, 0
    for slot, one in enumerate(state.slots):
        version = versions[one.item_version_id]
        question = question_view(attempt, state, slot, version)
        if not needs_mark(version.type, version.definition, state.responses.get(slot)):
            given += state.scores[slot] if slot < len(state.scores) else 0
            most += question["maximum"]
            continue
        history = [
            MarkLine(
                Mark(step.payload["points"], step.payload["comment"], step.at, step.payload.get("actor")),
                step.payload.get("reason", ""),
            )
            for step in steps
            if step.kind == StepKind.MARKED and step.slot == slot and step.payload
        ]
        found.append(Answer(slot, question, version.definition.get("guidance", ""), state.marks.get(slot), history))
    return found, given, most
