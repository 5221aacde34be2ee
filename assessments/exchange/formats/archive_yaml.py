"""The course archive's own questions (courses/archive/FORMAT.md): how what came from elsewhere gets into a quiz. Only written."""

from __future__ import annotations

from typing import Any

import yaml

from assessments.exchange.reasons import NotTaken, Why
from assessments.exchange.written import Load, Written


def write(questions: list[dict[str, Any]], _load: Load) -> Written:
    """Return a file for the folder ``questions`` of a module."""
    return Written.of(questions, _one, join=_together, ending="yaml")


def _one(question: dict[str, Any]) -> dict[str, Any]:
    if not question.get("explanation", "").strip():
        raise NotTaken(Why.NO_EXPLANATION)
    return question


def _together(questions: list[dict[str, Any]]) -> bytes:
    text: str = yaml.safe_dump(questions, allow_unicode=True, sort_keys=False, width=120)
    return text.encode()
