"""What the pages of an attempt post."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from assessments.attempts.rules import State
from assessments.attempts.uploads import with_file
from assessments.items.interactions.registry import get_interaction
from assessments.items.queries import Wording
from lms.addresses import find_number
from lms.clock import now

MAX_DEVICE = 22


def read_response(
    attempt_id: int, slot: int, state: State, version: Wording, field: str = "answer"
) -> dict[str, Any] | None:
    """Return the posted answer to a question as its type reads it; None for none. Raises Refusal for a file that is not taken."""
    form: MultiDict[str, str] = request.form
    interaction = get_interaction(version.type)
    if interaction.TAKES_FILE:
        form = with_file(attempt_id, slot, version, state.responses.get(slot), field, form, request.files, at=now())
    return interaction.read(version.definition, field, form)


def read_sender() -> tuple[str | None, int | None]:
    """Return the device that sent this request, and its counter, as far as it says them."""
    return request.form.get("device", "")[:MAX_DEVICE] or None, find_number(request.form.get("counter", ""))


def read_age() -> tuple[int, int | None]:
    """Return for how many seconds an answer or flag has waited on its device, and the stamp that an answer was written upon."""
    return find_number(request.form.get("age", "")) or 0, find_number(request.form.get("upon", ""))


def read_question_number(text: str, count: int) -> int | None:
    """Return the number, from 1, of one of ``count`` questions as a button names it; None for anything else."""
    number = find_number(text)
    return number if number is not None and 1 <= number <= count else None
