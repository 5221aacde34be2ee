"""Right and wrong responses to questions, so that demonstration and tests can answer like people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assessments.items.interactions.answers import is_right
from assessments.items.interactions.expected import full_texts
from assessments.items.interactions.gaps import full_options, option_texts

Answer = Callable[[dict[str, Any]], dict[str, Any]]


def right_response(type_name: str, definition: dict[str, Any]) -> dict[str, Any]:
    """Return a response that earns all points. Raises KeyError for a type that is not marked by itself."""
    return _RIGHT[type_name](definition)


def wrong_response(type_name: str, definition: dict[str, Any]) -> dict[str, Any]:
    """Return a response that earns nothing, or less than all points where that is impossible."""
    return _WRONG[type_name](definition)


def _positions(answers: list[dict[str, Any]], *, correct: bool) -> list[int]:
    return [number for number, answer in enumerate(answers) if is_right(answer) is correct]


def _right_gap(gap: dict[str, Any]) -> Any:
    return option_texts(gap).index(gap["correct"]) if "options" in gap else full_texts(gap["accepted"])[0].replace("*", "")


def _wrong_gap(gap: dict[str, Any]) -> Any:
    if "options" not in gap:
        return "xyz"
    full = full_options(gap)
    return next((place for place, text in enumerate(option_texts(gap)) if text not in full), 0)


def _members(definition: dict[str, Any]) -> list[int]:
    return [number for number, category in enumerate(definition["categories"]) for _member in category["members"]]


def _reason(definition: dict[str, Any], *, correct: bool) -> dict[str, Any]:
    if "reasons" not in definition:
        return {}
    return {"reason": (_positions(definition["reasons"], correct=correct) or [0])[0]}


_RIGHT: dict[str, Answer] = {
    "single_choice": lambda d: {"choice": _positions(d["answers"], correct=True)[0]},
    "multiple_choice": lambda d: {"choices": _positions(d["answers"], correct=True)},
    "true_false": lambda d: {"value": d["correct"], **_reason(d, correct=True)},
    "short_text": lambda d: {"text": full_texts(d["accepted"])[0].replace("*", "").strip()},
    "numerical": lambda d: {"text": str(d["value"]), "unit": d["units"][0]["name"] if d.get("units") else None},
    "matching": lambda d: {"match": list(range(len(d["pairs"])))},
    "ordering": lambda d: {"places": list(range(len(d["steps"])))},
    "categorising": lambda d: {"categories": _members(d)},
    "gaps": lambda d: {"gaps": {gap["id"]: _right_gap(gap) for gap in d["gaps"]}},
    "hotspot": lambda d: {"areas": _positions(d["areas"], correct=True)[: 1 if d.get("single") else None]},
}
_WRONG: dict[str, Answer] = {
    "single_choice": lambda d: {"choice": (_positions(d["answers"], correct=False) or [0])[0]},
    "multiple_choice": lambda d: {"choices": _positions(d["answers"], correct=False) or [0]},
    "true_false": lambda d: {"value": not d["correct"], **_reason(d, correct=False)},
    "short_text": lambda d: {"text": "weiß ich nicht"},
    "numerical": lambda d: {"text": "-987654321", "unit": d["units"][0]["name"] if d.get("units") else None},
    "matching": lambda d: {"match": [*range(1, len(d["pairs"])), 0]},
    "ordering": lambda d: {"places": list(range(len(d["steps"])))[::-1]},
    "categorising": lambda d: {"categories": [(number + 1) % len(d["categories"]) for number in _members(d)]},
    "gaps": lambda d: {"gaps": {gap["id"]: _wrong_gap(gap) for gap in d["gaps"]}},
    "hotspot": lambda d: {"areas": _positions(d["areas"], correct=False)[:1] or [0]},
}
