"""Further right solutions of questions whose parts have places, and of a picture in which one area is chosen."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from assessments.exchange.keys import settled
from assessments.items.interactions.registry import get_interaction
from assessments.items.rules import mend, question_problems, score_response
from certificates.demo.answers import right_response
from tests.assessments.items.test_scoring import COMMON, QUESTIONS
from tests.sayings import in_english


def question(type_name: str, parts: dict[str, Any]) -> dict[str, Any]:
    """Return a question of this type."""
    return COMMON | {"type": type_name} | parts


PAIRS = question("matching", {
    "pairs": [{"left": str(number), "right": text} for number, text in enumerate("abc", start=1)], "distractors": ["d"],
    "other_solutions": [[2, 1, 3], [1, 2, 4]],
})  # fmt: skip
STEPS = question("ordering", {"steps": ["v", "w", "x", "y"], "other_solutions": [[2, 1, 3, 4]]})
GROUPS = question("categorising", {
    "categories": [{"name": "k", "members": ["x", "y"]}, {"name": "l", "members": ["z"]}, {"name": "m", "members": []}],
    "other_solutions": [[2, 1, 2], [1, 2, 3]],
})  # fmt: skip
PLACES = QUESTIONS["hotspot"] | {"single": True, "areas": [
    area | ({"correct": True} if number == 2 else {}) for number, area in enumerate(QUESTIONS["hotspot"]["areas"])
]}  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "response", "hundredths"),
    [
        # Whole solutions: the one that comes closest counts, and half of one with half of the other is half.
        (PAIRS, {"match": [0, 1, 2]}, 100),
        (PAIRS, {"match": [1, 0, 2]}, 100),
        (PAIRS, {"match": [0, 1, 3]}, 100),
        (PAIRS, {"match": [1, 0, 3]}, 67),
        (PAIRS, {"match": [1, 1, 3]}, 67),
        (PAIRS, {"match": [1, None, None]}, 33),
        (PAIRS, {"match": [2, 2, None]}, 0),
        (STEPS, {"places": [0, 1, 2, 3]}, 100),
        (STEPS, {"places": [1, 0, 2, 3]}, 100),
        (STEPS, {"places": [1, 0, 3, 2]}, 67),
        (STEPS, {"places": [3, 2, 1, 0]}, 0),
        (STEPS | {"scoring": "places"}, {"places": [1, 0, 3, 2]}, 50),
        (STEPS | {"scoring": "places"}, {"places": [0, 0, 2, 3]}, 75),
        (STEPS | {"scoring": "all_or_nothing"}, {"places": [1, 0, 2, 3]}, 100),
        (STEPS | {"scoring": "all_or_nothing"}, {"places": [1, 0, 3, 2]}, 0),
        # Each member by itself: what two solutions say of two members holds together as well.
        (GROUPS, {"categories": [0, 0, 1]}, 100),
        (GROUPS, {"categories": [1, 0, 1]}, 100),
        (GROUPS, {"categories": [1, 1, 2]}, 100),
        (GROUPS, {"categories": [2, 1, 2]}, 67),
        (GROUPS, {"categories": [None, 2, 0]}, 0),
        (PLACES, {"areas": [0]}, 100),
        (PLACES, {"areas": [2]}, 100),
        (PLACES, {"areas": [1]}, 0),
        (PLACES, {"areas": [0, 2]}, 0),
    ],
)
def test_what_an_answer_is_worth(asked: dict[str, Any], response: dict[str, Any], hundredths: int) -> None:
    assert question_problems(asked) == []
    assert score_response(asked["type"], asked, response) == hundredths


@pytest.mark.parametrize(
    ("asked", "others", "problem"),
    [
        (PAIRS, [[1, 2]], "each with 3 whole numbers from 1 to 4"),
        (PAIRS, [[0, 1, 2]], "each with 3 whole numbers from 1 to 4"),
        (PAIRS, [[1, 2, 5]], "each with 3 whole numbers from 1 to 4"),
        (PAIRS, [[1, 2, True]], "each with 3 whole numbers from 1 to 4"),
        (PAIRS, [[1, 2, "3"]], "each with 3 whole numbers from 1 to 4"),
        (PAIRS, [1, 2, 3], "must be a list of lists"),
        (PAIRS, "2 1 3", "must be a list of lists"),
        (PAIRS, [[1, 1, 2]], "Each text can match one other only."),
        (PAIRS, [[1, 2, 3]], "A further solution is right already."),
        (PAIRS, [[2, 1, 3], [2, 1, 3]], "A further solution is right already."),
        (STEPS, [[1, 2, 3, 5]], "each with 4 whole numbers from 1 to 4"),
        (STEPS, [[1, 2, 3, 3]], "Each place can be given once only."),
        (GROUPS, [[1, 1, 4]], "each with 3 whole numbers from 1 to 3"),
        (GROUPS, [[2, 1, 2], [1, 2, 2], [2, 2, 2]], "A further solution is right already."),
    ],
)
def test_what_is_wrong_is_said(asked: dict[str, Any], others: Any, problem: str) -> None:
    [said] = in_english(question_problems(asked | {"other_solutions": others}))
    assert problem in said


@pytest.mark.parametrize(
    ("single", "areas", "problem"),
    [(1, PLACES["areas"], "'single' must be true or false"), (True, QUESTIONS["hotspot"]["areas"], "several areas are correct")],
)
def test_one_area_is_chosen_where_several_are_right(single: Any, areas: Any, problem: str) -> None:
    [said] = in_english(question_problems(PLACES | {"single": single, "areas": areas}))
    assert problem in said
    assert question_problems(PLACES | {"single": False}) == []


def test_people_of_the_demonstration_choose_one_area_where_one_is_chosen() -> None:
    assert score_response("hotspot", PLACES, right_response("hotspot", PLACES)) == 100
    several = PLACES | {"single": False}
    assert score_response("hotspot", several, right_response("hotspot", several)) == 100


@pytest.mark.parametrize(
    ("asked", "response", "right", "others"),
    [
        (PAIRS, None, ["a", "b", "c"], [["1 → b", "2 → a", "3 → c"], ["1 → a", "2 → b", "3 → d"]]),
        (PAIRS, {"match": [1, 0, None]}, ["b", "a", "c"], [["1 → a", "2 → b", "3 → c"], ["1 → a", "2 → b", "3 → d"]]),
        (PAIRS, {"match": [None, None, 3]}, ["a", "b", "d"], [["1 → a", "2 → b", "3 → c"], ["1 → b", "2 → a", "3 → c"]]),
        (STEPS, None, [0, 1, 2, 3], [["1. w", "2. v", "3. x", "4. y"]]),
        (STEPS, {"places": [1, 0, 2, 3]}, [1, 0, 2, 3], [["1. v", "2. w", "3. x", "4. y"]]),
        (STEPS, {"places": [3, 2, 1, 0]}, [0, 1, 2, 3], [["1. w", "2. v", "3. x", "4. y"]]),
        (GROUPS, {"categories": [2, 1, 2]}, [["k", "l"], ["k", "l"], ["l", "m"]], [["x → l"], ["y → l", "z → m"]]),
    ],
)
def test_a_review_compares_with_what_comes_closest_and_shows_the_rest(
    asked: dict[str, Any], response: dict[str, Any] | None, right: list[Any], others: list[list[str]]
) -> None:
    shown = get_interaction(asked["type"]).show(asked, list(range(len(right))), response)
    rows = next(shown[key] for key in ("pairs", "steps", "members") if key in shown)
    assert [row["right"] for row in rows] == right
    assert shown["others"] == others


@pytest.mark.parametrize(
    ("asked", "response", "right"),
    [(PAIRS, {"match": [1, 1, 3]}, [True, True, True]), (PAIRS, {"match": [0, 2, 0]}, [True, False, False]),
     (STEPS, {"places": [1, 1, 3, 2]}, [True, True, False, False]), (GROUPS, {"categories": [2, 1, 2]}, [False, True, True]),
     (PLACES, {"areas": [2]}, [True])],
)  # fmt: skip
def test_statistics_count_each_part_alike_whatever_stands_beside_it(
    asked: dict[str, Any], response: dict[str, Any], right: list[bool]
) -> None:
    assert [part.right for part in get_interaction(asked["type"]).analyse(asked, response)] == right


def mended(asked: dict[str, Any], fields: dict[str, str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return what a form changes in a question, and what is wrong as (field, English sentence)."""
    before = copy.deepcopy(asked)
    new, problems = mend(asked["type"], asked, MultiDict({f"key-{name}": value for name, value in fields.items()})) or ({}, [])
    assert asked == before
    said = in_english(one.said for one in problems)
    return ({key: new[key] for key in ("key", "other_solutions") if key in new},
            list(zip([one.field for one in problems], said, strict=True)))  # fmt: skip


TWO = [[2, 1, 3], [1, 2, 4]]


@pytest.mark.parametrize(
    ("asked", "fields", "key", "others"),
    [
        (PAIRS, {}, None, TWO),
        (PAIRS, {"new-0": "", "new-1": "", "new-2": "", "0": "0", "1": "1", "2": "2"}, None, TWO),
        (PAIRS, {"new-0": "2", "new-2": "0"}, None, [*TWO, [3, 2, 1]]),
        (PAIRS, {"remove-0": "1"}, None, [[1, 2, 4]]),
        (PAIRS, {"remove-0": "1", "remove-1": "1"}, None, None),
        (PAIRS, {"remove-1": "1", "new-2": "3"}, None, TWO),
        (PAIRS, {"0": "2", "2": "0"}, [2, 1, 0], TWO),
        (PAIRS, {"0": "2", "2": "0", "new-1": "3"}, [2, 1, 0], [*TWO, [3, 4, 1]]),
        (PAIRS, {"new-0": "99", "new-1": "3"}, None, [*TWO, [1, 4, 3]]),
        (STEPS, {"new-2": "3", "new-3": "2"}, None, [[2, 1, 3, 4], [1, 2, 4, 3]]),
        (GROUPS, {"new-1": "2"}, None, [[2, 1, 2], [1, 2, 3], [1, 3, 2]]),
    ],
)
def test_a_repair_adds_and_removes_solutions(
    asked: dict[str, Any], fields: dict[str, str], key: list[int] | None, others: list[list[int]] | None
) -> None:
    new, problems = mended(asked, fields)
    assert problems == []
    assert new == ({"key": key} if key else {}) | ({"other_solutions": others} if others else {})


TOLD = "This solution is right already. Please choose something else, or leave all of it empty."


@pytest.mark.parametrize(
    ("asked", "fields", "field", "said"),
    [
        (PAIRS, {"new-1": "1"}, "new-1", TOLD),
        (PAIRS, {"new-0": "1", "new-1": "0"}, "new-0", TOLD),
        (PAIRS, {"new-2": "x"}, "new-2", TOLD),
        (PAIRS, {"new-0": "1"}, "new-1", "Each text can match one other only."),
        (PAIRS, {"0": "1"}, "1", "Each text can match one other only."),
        (PAIRS, {"0": "1", "1": "0"}, "remove-0",
         "Further right solution 1 is right already through those before it. Please remove it."),
        (STEPS, {"new-1": "0"}, "new-1", "Each place can be given once only."),
        (STEPS, {"new-0": "1", "new-1": "0"}, "new-0", TOLD),
        (GROUPS, {"new-0": "1", "new-2": "2"}, "new-0", TOLD),
        (GROUPS, {"0": "1", "remove-1": "1"}, "remove-0",
         "Further right solution 1 is right already through those before it. Please remove it."),
    ],
)  # fmt: skip
def test_what_adds_nothing_or_cannot_be_is_said_at_its_field(
    asked: dict[str, Any], fields: dict[str, str], field: str, said: str
) -> None:
    assert (f"key-{field}", said) in mended(asked, fields)[1]


def words(asked: dict[str, Any], places: tuple[int, ...]) -> frozenset[str]:
    """Return an answer in words, which stay when the parts of a question change places."""
    name = {"matching": "match", "ordering": "places", "categorising": "categories"}[asked["type"]]
    return frozenset(part.text for part in get_interaction(asked["type"]).analyse(asked, {name: list(places)}))


@pytest.mark.parametrize(("asked", "count"), [(PAIRS, 4), (STEPS, 4), (GROUPS, 3)], ids=["matching", "ordering", "categorising"])
def test_what_leaves_the_house_with_a_changed_key_counts_the_same(asked: dict[str, Any], count: int) -> None:
    """Every answer is worth the same in the question that was repaired and in the one that is written out."""
    name = {"matching": "match", "ordering": "places", "categorising": "categories"}[asked["type"]]
    parts = len(asked["other_solutions"][0])
    key = [1, 2, 0] if asked is GROUPS else [2, 0, 3, 1][:parts]
    repaired = asked | {"key": key, "other_solutions": [one for one in asked["other_solutions"] if [p - 1 for p in one] != key]}
    out = settled(repaired)
    assert "key" not in out
    assert question_problems(out) == []
    worth = [
        {words(one, places): score_response(one["type"], one, {name: list(places)})
         for places in itertools.product(range(count), repeat=parts)}
        for one in (repaired, out)
    ]  # fmt: skip
    assert worth[0] == worth[1]
    assert settled(out) == out
