"""The course archive's own questions (courses/archive/FORMAT.md): how what came from elsewhere gets into a quiz. Only written."""

from __future__ import annotations

from typing import Any

import yaml

from assessments.exchange.reasons import NotTaken, Why
from assessments.exchange.written import Load, Written

#: The order of keys; lists such as answers have their long parts last.
_ORDER = (
    "id", "type", "prompt", "explanation", "tags", "difficulty", "points", "image", "alt", "text", "label", "left", "right",
    "name", "shape", "coords", "value", "answers", "accepted", "options", "correct", "percent", "feedback",
)  # fmt: skip


class _Plain(yaml.SafeDumper):
    """Writes what stands twice twice: an archive has no aliases."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def write(questions: list[dict[str, Any]], _load: Load) -> Written:
    """Return a file for the folder ``questions`` of a module."""
    return Written.of(questions, _one, join=_together, ending="yaml")


def _one(question: dict[str, Any]) -> dict[str, Any]:
    if not question.get("explanation", "").strip():
        raise NotTaken(Why.NO_EXPLANATION)
    return question


def _in_order(value: Any) -> Any:
    """Return a definition with its keys as people write them: a database may have kept them in another order."""
    if isinstance(value, list):
        return [_in_order(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _in_order(value[key])
        for key in sorted(value, key=lambda key: (_ORDER.index(key) if key in _ORDER else len(_ORDER), key))
    }


def _together(questions: list[dict[str, Any]]) -> bytes:
    return as_yaml(questions).encode()


def as_yaml(value: Any) -> str:
    """Return one question, or several, as people write them into an archive."""
    text: str = yaml.dump(_in_order(value), Dumper=_Plain, allow_unicode=True, sort_keys=False, width=120)
    return text
