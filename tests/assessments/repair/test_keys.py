"""A key that is changed by itself: what the form says, what does not work, and that nothing else of the question changes."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from assessments.exchange.keys import settled
from assessments.exchange.reading import read_questions
from assessments.exchange.writing import write_questions
from assessments.exchange.written import meaningful
from assessments.items.interactions.answers import is_right
from assessments.items.interactions.registry import INTERACTIONS, get_interaction
from assessments.items.interactions.typed_numbers import as_typed
from assessments.items.rules import REPAIRED, can_mend, mend
from tests.assessments.items.test_scoring import QUESTIONS


def mended(type_name: str, definition: dict[str, Any], form: list[tuple[str, str]]) -> tuple[dict[str, Any], list[str]]:
    """Return the definition with another key, and what is wrong with it in English."""
    new, problems = mend(type_name, definition, MultiDict(form)) or pytest.fail(type_name)
    return new, [one.said.text for one in problems]


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
        ("single_choice", CHOICE, [("key-right", "0"), ("key-right", "2")], [True, None, 100], []),
        ("single_choice", CHOICE, [("key-right", "1"), ("key-right", "2")], [None, True, 100], []),
        ("single_choice", CHOICE, [], [None, None, None], ["At least one answer must be right."]),
        ("multiple_choice", CHOICE, [("key-right", "1"), ("key-right", "99")], [None, True, None], []),
    ],
)
def test_the_right_answers_are_chosen_anew(
    type_name: str, definition: dict[str, Any], form: list[tuple[str, str]], expected: list[Any], problems: list[str]
) -> None:
    before = copy.deepcopy(definition)
    new, found = mended(type_name, definition, form)
    assert [answer.get("correct", answer.get("percent")) for answer in new["answers"]] == expected
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


@pytest.mark.parametrize(
    ("right", "chosen", "expected"),
    [([0], ["2"], [2]), ([0], ["1", "2"], [1, 2]), ([0], [], None), ([0, 1], ["1", "2"], [1, 2]), ([0, 1], ["2"], None)],
)
def test_other_areas_are_right_but_as_one_answers_stays(right: list[int], chosen: list[str], expected: list[int] | None) -> None:
    areas = [{"label": name} | ({"correct": True} if number in right else {}) for number, name in enumerate("abc")]
    new, problems = mended("hotspot", {"areas": areas}, [("key-right", one) for one in chosen])
    assert bool(problems) is (expected is None)
    if expected is not None:
        assert [number for number, area in enumerate(new["areas"]) if area.get("correct")] == expected
        assert new.get("single", False) is (len(right) == 1 and len(expected) > 1)
        back, problems = mended("hotspot", new, [("key-right", str(one)) for one in right])
        assert (back, problems) == ({"areas": areas}, []), "how one answers has stayed"


PAIRS = {"pairs": [{"left": "1", "right": "a"}, {"left": "2", "right": "b"}], "distractors": ["c"]}
STEPS = {"steps": ["x", "y", "z"]}
GROUPS = {"categories": [{"name": "k", "members": ["x", "y"]}, {"name": "l", "members": ["z"]}]}


@pytest.mark.parametrize(
    ("type_name", "definition", "places", "right", "written"),
    [
        ("matching", PAIRS, [1, 0], {"match": [1, 0]},
         {"pairs": [{"left": "1", "right": "b"}, {"left": "2", "right": "a"}], "distractors": ["c"]}),
        ("matching", PAIRS, [2, 1], {"match": [2, 1]},
         {"pairs": [{"left": "1", "right": "c"}, {"left": "2", "right": "b"}], "distractors": ["a"]}),
        ("ordering", STEPS, [2, 0, 1], {"places": [2, 0, 1]}, {"steps": ["y", "z", "x"]}),
        ("ordering", STEPS | {"scoring": "places"}, [1, 0, 2], {"places": [1, 0, 2]}, {"steps": ["y", "x", "z"]}),
        ("categorising", GROUPS, [1, 0, 0], {"categories": [1, 0, 0]},
         {"categories": [{"name": "k", "members": ["y", "z"]}, {"name": "l", "members": ["x"]}]}),
    ],
)  # fmt: skip
def test_parts_get_other_places(
    type_name: str, definition: dict[str, Any], places: list[int], right: dict[str, Any], written: dict[str, Any]
) -> None:
    """What was answered keeps its meaning: the parts stay where they are, and the right places are written beside them."""
    interaction = get_interaction(type_name)
    form = [(f"key-{part}", str(place)) for part, place in enumerate(places)]
    new, problems = mended(type_name, definition, form)
    assert problems == []
    assert new == definition | {"key": places}
    assert interaction.score(definition, right) < 1
    assert interaction.score(new, right) == 1
    assert all(part.right for part in interaction.analyse(new, right))
    order = interaction.shuffle(new, random.Random(1))
    assert str(interaction.show(new, order, right)).count("'correct': True") in {0, len(places)}
    assert mended(type_name, new, [])[0] == new, "what nobody touches stays"
    usual = [(f"key-{part}", str(place)) for part, place in enumerate(_usual(type_name, definition))]
    assert mended(type_name, new, usual) == (definition, []), "the way back"
    assert settled(new) == {name: value for name, value in definition.items() if name not in written} | written
    assert interaction.problems(settled(new)) == []


def _weights(*percents: float | str, **more: Any) -> dict[str, Any]:
    """Return answers with these points in per cent; ``"right"`` is a right one of a single choice."""
    answers: list[dict[str, Any]] = [{"text": f"Antwort {number}"} for number in range(len(percents))]
    for answer, percent in zip(answers, percents, strict=True):
        answer |= {"correct": True} if percent == "right" else {"percent": percent} if percent else {}
        if isinstance(percent, int | float) and percent > 0 and more:
            answer["correct"] = True
    return {"prompt": "?", "answers": answers} | more


WEIGHTED = {"scoring": "weighted"}


@pytest.mark.parametrize(
    ("type_name", "before", "typed", "after"),
    [
        ("single_choice", _weights("right", 50, 0), {1: "100"}, _weights("right", 100, 0)),
        ("single_choice", _weights("right", 33.3, 0), {0: "0", 2: "100 %"}, _weights(0, 33.3, "right")),
        ("single_choice", _weights("right", 50, 0), {1: "66,7"}, _weights("right", 66.7, 0)),
        ("single_choice", _weights("right", 50, 0), {0: "99"}, ("key-right", "must be right")),
        ("single_choice", _weights("right", 50, 0), {2: "-5"}, ("key-percent-2", "from 0 to 100")),
        ("multiple_choice", _weights(100, 0, -50, **WEIGHTED), {0: "50", 1: "50"}, _weights(50, 50, -50, **WEIGHTED)),
        ("multiple_choice", _weights(100, 0, -50, **WEIGHTED), {2: "−25,5"}, _weights(100, 0, -25.5, **WEIGHTED)),
        ("multiple_choice", _weights(100, 0, 0, **WEIGHTED), {0: "33,33", 1: "33,33", 2: "33,34"},
         _weights(33.33, 33.33, 33.34, **WEIGHTED)),
        ("multiple_choice", _weights(100, 0, -50, **WEIGHTED), {1: "50"}, ("key-right", "make 100")),
        ("multiple_choice", _weights(100, 0, -50, **WEIGHTED), {1: "-101"}, ("key-percent-1", "from -100 to 100")),
        ("multiple_choice", _weights(100, 0, -50, **WEIGHTED), {1: "--1"}, ("key-percent-1", "from -100 to 100")),
    ],
)  # fmt: skip
def test_points_of_answers_are_mended(
    type_name: str, before: dict[str, Any], typed: dict[int, str], after: dict[str, Any] | tuple[str, str]
) -> None:
    form = MultiDict({f"key-percent-{number}": text for number, text in typed.items()})
    new, problems = mend(type_name, before, form) or pytest.fail("no key")
    if isinstance(after, tuple):
        [problem] = problems
        assert problem.field == after[0]
        assert after[1] in problem.said.text
    else:
        assert problems == []
        assert new == after
        untouched = {"key-right": [str(n) for n, one in enumerate(new["answers"]) if is_right(one)]}
        assert mend(type_name, new, MultiDict(untouched)) == (new, []), "what nobody touches stays"


def _usual(type_name: str, definition: dict[str, Any]) -> list[int]:
    if type_name == "categorising":
        return [0, 0, 1]
    return list(range(len(definition.get("pairs") or definition["steps"])))


@pytest.mark.parametrize(
    ("type_name", "definition"), [("matching", PAIRS), ("ordering", STEPS)], ids=["matching", "ordering"]
)
def test_no_place_is_right_for_two(type_name: str, definition: dict[str, Any]) -> None:
    assert mended(type_name, definition, [("key-0", "1"), ("key-1", "1")])[1] != []


@pytest.mark.parametrize(("type_name", "key"), [("matching", [1, 0]), ("ordering", [1, 0, 2]), ("categorising", [1, 0, 1])])
def test_a_changed_key_leaves_the_house_as_part_of_the_question(type_name: str, key: list[int]) -> None:
    parts: dict[str, Any] = {
        "matching": PAIRS, "ordering": STEPS | {"scoring": "all_or_nothing"}, "categorising": GROUPS
    }  # fmt: skip
    question = {"id": "q", "type": type_name, "prompt": "Was?", "key": key} | parts[type_name]
    written = write_questions([settled(question)], "qti", lambda _address: b"")
    assert written.refused == []
    [entry] = read_questions(written.content, "q.zip").entries
    assert entry.question == meaningful(settled(question))


@pytest.mark.parametrize(("value", "tolerance"), [(1.2345678, 0.00001), (12.125, 0), (1234.5, 0.125), (-3, 1e-07)])
def test_a_numerical_key_that_nobody_touched_stays_exactly(value: float, tolerance: float) -> None:
    definition = {"value": value, "tolerance": tolerance}
    form = [("key-value", as_typed(value)), ("key-tolerance", as_typed(tolerance))]
    assert mended("numerical", definition, form) == (definition, [])
    without = [("key-value", as_typed(value)), ("key-tolerance", "0")]
    assert mended("numerical", {"value": value}, without) == ({"value": value}, [])


@pytest.mark.parametrize("value", [1.6e-19, -1.25e-07, 1e-300, 1e-05])
def test_a_number_with_an_exponent_is_read_back(value: float) -> None:
    form = [("key-value", as_typed(value)), ("key-tolerance", as_typed(abs(value)))]
    assert mended("numerical", {"value": 1}, form) == ({"value": value, "tolerance": abs(value)}, [])
    [said] = mended("numerical", {"value": 1}, [("key-value", "1e999"), ("key-tolerance", "0")])[1]
    assert said.startswith("The number is too large")


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
