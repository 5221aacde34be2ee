"""A key that is changed by itself: what the form says, what does not work, and that nothing else of the question changes."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from assessments.items.interactions.numerical import as_typed
from assessments.items.interactions.registry import INTERACTIONS, get_interaction
from assessments.items.rules import REPAIRED, can_mend, mend
from tests.assessments.items.test_scoring import QUESTIONS


def mended(type_name: str, definition: dict[str, Any], form: list[tuple[str, str]]) -> tuple[dict[str, Any], list[str]]:
    """Return the definition with another key, and what is wrong with it in English."""
    new, problems = mend(type_name, definition, MultiDict(form)) or pytest.fail(type_name)
    return new, [one.text for one in problems]


@pytest.mark.parametrize("name", INTERACTIONS)
def test_only_the_key_of_a_question_changes(name: str) -> None:
    """Whatever a form says: wording, number and order of the answers stay, and what a repair wrote is not carried on."""
    question = QUESTIONS[name] | {REPAIRED: "dropped"}
    before = copy.deepcopy(question)
    junk = [
        (f"key-{field}", value)
        for field in ("right", "accepted", "value", "tolerance", "a", "b", "reason")
        for value in ("1", "x")
    ]
    found = mend(name, question, MultiDict(junk))
    assert question == before
    assert can_mend(name, question) is (found is not None)
    if found is not None:
        assert REPAIRED not in found[0]
        shown = [part.text for part in get_interaction(name).options(found[0])]
        assert shown == [part.text for part in get_interaction(name).options(question)]
        assert found[0]["prompt"] == question["prompt"]


CHOICE = {"prompt": "?", "answers": [{"text": "a", "correct": True}, {"text": "b"}, {"text": "c"}]}


@pytest.mark.parametrize(
    ("type_name", "definition", "form", "expected", "problems"),
    [
        ("single_choice", CHOICE, [("key-right", "0"), ("key-right", "2")], [True, None, True], []),
        ("single_choice", CHOICE, [], [None, None, None], ["At least one answer must be right."]),
        ("multiple_choice", CHOICE, [("key-right", "1"), ("key-right", "99")], [None, True, None], []),
    ],
)
def test_the_right_answers_are_chosen_anew(
    type_name: str, definition: dict[str, Any], form: list[tuple[str, str]], expected: list[Any], problems: list[str]
) -> None:
    before = copy.deepcopy(definition)
    new, found = mended(type_name, definition, form)
    assert [answer.get("correct") for answer in new["answers"]] == expected
    assert found == problems
    assert definition == before, "the stored question is not touched"


@pytest.mark.parametrize(
    ("type_name", "definition", "form", "key", "expected"),
    [
        ("true_false", {"correct": True}, [("key-right", "false")], "correct", False),
        ("short_text", {"accepted": ["a"]}, [("key-accepted", "a\r\n  b \r\n\r\n")], "accepted", ["a", "b"]),
        ("numerical", {"value": 1, "tolerance": 0}, [("key-value", "12,5"), ("key-tolerance", "0")], "value", 12.5),
        ("gaps", {"gaps": [{"id": "x", "accepted": ["a"]}]}, [("key-x", "a\nb")], "gaps", [{"id": "x", "accepted": ["a", "b"]}]),
        ("gaps", {"gaps": [{"id": "x", "options": ["a", "b"], "correct": "a"}]}, [("key-x", "b")], "gaps",
         [{"id": "x", "options": ["a", "b"], "correct": "b"}]),
    ],
)  # fmt: skip
def test_other_keys_are_read(
    type_name: str, definition: dict[str, Any], form: list[tuple[str, str]], key: str, expected: Any
) -> None:
    new, problems = mended(type_name, definition, form)
    assert problems == []
    assert new[key] == expected


@pytest.mark.parametrize(("value", "tolerance"), [(1.2345678, 0.00001), (12.125, 0), (1234.5, 0.125), (-3, 1e-07)])
def test_a_numerical_key_that_nobody_touched_stays_exactly(value: float, tolerance: float) -> None:
    definition = {"value": value, "tolerance": tolerance}
    form = [("key-value", as_typed(value)), ("key-tolerance", as_typed(tolerance))]
    assert mended("numerical", definition, form) == (definition, [])
    without = [("key-value", as_typed(value)), ("key-tolerance", "0")]
    assert mended("numerical", {"value": value}, without) == ({"value": value}, [])


def test_a_small_number_is_no_thousand() -> None:
    form = [("key-value", "0,125"), ("key-tolerance", "0,05")]
    assert mended("numerical", {"value": 1}, form) == ({"value": 0.125, "tolerance": 0.05}, [])


@pytest.mark.parametrize(
    ("type_name", "definition", "form"),
    [
        ("short_text", {"accepted": ["a"]}, [("key-accepted", " * ")]),
        ("short_text", {"accepted": ["a"]}, [("key-accepted", "a\n*")]),
        ("short_text", {"accepted": ["a"]}, [("key-accepted", "a\n * * ")]),
        ("short_text", {"accepted": ["a"]}, [("key-accepted", "a\n**\x00*")]),
        ("gaps", {"gaps": [{"id": "x", "accepted": ["a"]}]}, [("key-x", "a\n*")]),
        (
            "true_false",
            {"correct": True, "reasons": [{"text": "a", "correct": True}, {"text": "b"}]},
            [("key-right", "true")],
        ),
        ("numerical", {"value": 1}, [("key-value", "zwölf"), ("key-tolerance", "0")]),
        ("numerical", {"value": 1}, [("key-value", "1"), ("key-tolerance", "-1")]),
        ("gaps", {"gaps": [{"id": "x", "accepted": ["a"]}]}, []),
    ],
)
def test_a_key_that_does_not_work_is_said(
    type_name: str, definition: dict[str, Any], form: list[tuple[str, str]]
) -> None:
    before = copy.deepcopy(definition)
    assert mended(type_name, definition, form)[1]
    assert definition == before
