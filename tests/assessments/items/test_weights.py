"""Answers worth a part of the points, and orders scored by place."""

# ruff: noqa: E501 - a table reads better than its lines broken

from __future__ import annotations

from typing import Any

import pytest

from assessments.items.rules import question_problems, score_response
from tests.sayings import in_english

WEIGHTED: dict[str, Any] = {
    "scoring": "weighted",
    "answers": [
        {"text": "a", "correct": True, "percent": 75},
        {"text": "b", "correct": True, "percent": 25},
        {"text": "c", "percent": -50},
        {"text": "d"},
    ],
}
SINGLE: dict[str, Any] = {
    "answers": [{"text": "a", "correct": True}, {"text": "b", "percent": 33.33333}, {"text": "c"}]
}
COMMON: dict[str, Any] = {"id": "x", "prompt": "p", "explanation": "e"}


@pytest.mark.parametrize(
    ("choices", "hundredths"),
    [([0, 1], 100), ([0], 75), ([1], 25), ([0, 2], 25), ([1, 2], 0), ([3], 0), ([0, 1, 3], 100)],
)
def test_weights_add_up_and_never_go_below_nothing(choices: list[int], hundredths: int) -> None:
    assert score_response("multiple_choice", WEIGHTED, {"choices": choices}) == hundredths


@pytest.mark.parametrize(("choice", "hundredths"), [(0, 300), (1, 100), (2, 0)])
def test_a_half_right_answer(choice: int, hundredths: int) -> None:
    assert score_response("single_choice", SINGLE | {"points": 3}, {"choice": choice}) == hundredths


@pytest.mark.parametrize(
    ("scoring", "places", "hundredths"),
    [("places", [0, 1, 2, 3], 100), ("places", [0, 1, 3, 2], 50), ("places", [1, 2, 3, 0], 0), ("places", [0, None, 1, 1], 25),
     ("all_or_nothing", [0, 1, 2, 3], 100), ("all_or_nothing", [0, 1, 3, 2], 0)],
)  # fmt: skip
def test_orders_by_place(scoring: str, places: list[int | None], hundredths: int) -> None:
    definition = {"steps": ["a", "b", "c", "d"], "scoring": scoring}
    assert score_response("ordering", definition, {"places": places}) == hundredths


@pytest.mark.parametrize(
    ("type_name", "definition", "problem"),
    [
        ("multiple_choice", WEIGHTED, ""),
        ("single_choice", SINGLE, ""),
        ("multiple_choice", WEIGHTED | {"scoring": "partial"}, "unknown key 'percent'"),
        ("multiple_choice", WEIGHTED | {"answers": [{"text": "a", "correct": True, "percent": 90}, {"text": "b"}]}, "make 100"),
        ("multiple_choice", WEIGHTED | {"answers": [{"text": "a", "correct": True, "percent": 100}, {"text": "b", "correct": True}]}, "above 0"),
        ("single_choice", {"answers": [{"text": "a", "correct": True}, {"text": "b", "percent": 100}]}, ""),
        ("single_choice", {"answers": [{"text": "a", "correct": True}, {"text": "b", "correct": True}]}, "has 'percent: 100'"),
        ("single_choice", {"answers": [{"text": "a", "percent": 100}, {"text": "b", "percent": 100}]}, "Exactly one answer"),
        ("single_choice", {"answers": [{"text": "a", "correct": True}, {"text": "b", "percent": 101}]}, "from -100 to 100"),
        ("single_choice", {"answers": [{"text": "a", "correct": True, "percent": 100}, {"text": "b"}]}, "not 'correct'"),
        ("single_choice", {"answers": [{"text": "a", "correct": True, "percent": 50}, {"text": "b"}]}, "not 'correct'"),
        ("single_choice", {"answers": [{"text": "a", "correct": True}, {"text": "b", "percent": True}]}, "from -100 to 100"),
        ("true_false", {"correct": True, "reasons": [{"text": "a", "correct": True}, {"text": "b", "percent": 5}]}, "only be 100"),
        ("true_false", {"correct": True, "reasons": [{"text": "a", "correct": True}, {"text": "b", "percent": 100}]}, ""),
        ("true_false", {"correct": True, "reasons": [{"text": "a", "correct": True}, {"text": "b", "correct": True}]}, "has 'percent: 100'"),
        ("true_false", {"correct": True, "reasons": [{"text": "a", "correct": True, "percent": 100}, {"text": "b"}]}, "not 'correct'"),
        ("ordering", {"steps": ["a", "b", "c"], "scoring": "luck"}, "'scoring' must be"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_weights(type_name: str, definition: dict[str, Any], problem: str) -> None:
    found = in_english(question_problems(COMMON | {"type": type_name} | definition))
    assert problem in " ".join(found) if problem else found == []


def test_an_explanation_may_be_missing_only_from_elsewhere() -> None:
    bare = {"id": "x", "type": "true_false", "prompt": "p", "correct": True}
    assert in_english(question_problems(bare)) == ["'explanation' is missing."]
    assert question_problems(bare, needs_explanation=False) == []
    found = question_problems(bare | {"explanation": " "}, needs_explanation=False)
    assert in_english(found) == ["'explanation' is missing."]
