"""Options of a gap that give all of the points, a part of them, or none and a word about it."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from assessments.items.interactions.registry import get_interaction
from assessments.items.rules import list_wordings, mend, question_problems, refuse_wordings, reword
from certificates.demo.answers import wrong_response
from tests.sayings import in_english

GAPS: dict[str, Any] = {
    "id": "q-1", "type": "gaps", "prompt": "Was fehlt?", "explanation": "Darum", "text": "An der [[f]].",
    "gaps": [{"id": "f", "correct": "Spree", "options": [
        "Elbe", {"text": "Spree", "feedback": "Genau."}, {"text": "Havel", "percent": 33.33333, "feedback": "In der *Nähe*."},
        {"text": "Oder", "feedback": "Weit weg."}, {"text": "Dahme", "percent": 50},
    ]}],
}  # fmt: skip


def with_options(*options: Any, correct: str = "Spree") -> dict[str, Any]:
    """Return the question with other options."""
    return GAPS | {"gaps": [{"id": "f", "options": list(options), "correct": correct}]}


@pytest.mark.parametrize(
    ("place", "text", "share", "feedback"),
    [(0, "Elbe", 0, ""), (1, "Spree", 1, "Genau."), (2, "Havel", Fraction("0.3333333"), "In der *Nähe*."),
     (3, "Oder", 0, "Weit weg."), (4, "Dahme", Fraction(1, 2), "")],
)  # fmt: skip
def test_what_an_option_is_worth_and_what_is_said(place: int, text: str, share: Fraction, feedback: str) -> None:
    assert question_problems(GAPS) == []
    gaps, response = get_interaction("gaps"), {"gaps": {"f": place}}
    assert gaps.check(GAPS, response)
    assert gaps.score(GAPS, response) == share
    [part] = gaps.analyse(GAPS, response)
    assert (part.text, part.right) == (f"1. {text}", share == 1)
    shown = gaps.show(GAPS, [], response)["parts"][1]
    assert shown["options"] == ["Elbe", "Spree", "Havel", "Oder", "Dahme"]
    assert (shown["shown"], shown["right"], shown["feedback"]) == (text, "Spree", feedback)
    assert (shown["correct"], shown["partly"]) == (share == 1, 0 < share < 1)


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        (with_options({"text": "Spree", "percent": 100}, "Havel"), "Option 1: The option that 'correct' names"),
        (with_options({"text": "Spree", "percent": 50}, "Havel"), "Option 1: The option that 'correct' names"),
        (with_options("Spree", {"text": "Havel", "percent": 101}), "Option 2: 'percent' must be a number from 0 to 100"),
        (with_options("Spree", {"text": "Havel", "percent": -1}), "Option 2: 'percent' must be a number from 0 to 100"),
        (with_options("Spree", {"text": "Havel", "percent": "viel"}), "Option 2: 'percent' must be a number"),
        (with_options("Spree", {"text": "Havel", "feedback": ""}), "Option 2: 'feedback' must be a text"),
        (with_options("Spree", {"text": "Havel", "points": 1}), "Option 2: It must be a text or {text"),
        (with_options("Spree", {"percent": 1}), "Option 2: It must be a text or {text"),
        (with_options("Elbe", {"text": "Havel"}), "'correct' of gap 'f' is not among its options"),
        (with_options("Spree"), "needs either 'accepted' or 'options'"),
        (with_options("Spree", 1), "needs either 'accepted' or 'options'"),
    ],
)  # fmt: skip
def test_bad_options_are_refused(question: dict[str, Any], problem: str) -> None:
    found = in_english(question_problems(question))
    assert any(problem in said for said in found), found


def mended(**fields: str) -> tuple[Any, list[tuple[str, str]]]:
    """Return the mended gap, and what is wrong as (field, English sentence)."""
    before = copy.deepcopy(GAPS)
    form = MultiDict({f"key-{name.replace('_', '-')}": typed for name, typed in fields.items()})
    new, problems = mend("gaps", GAPS, form) or pytest.fail("no key")
    assert before == GAPS
    assert bool(problems) or question_problems(new) == []
    return new["gaps"][0], [(one.field, one.said.text) for one in problems]


def test_a_repair_gives_an_option_points_and_keeps_what_is_said() -> None:
    [standing] = GAPS["gaps"]
    assert mended() == mended(f="Spree", f_percent_0="0", f_percent_2="33,33333", f_percent_4="50") == (standing, [])
    gap, problems = mended(f="Spree", f_percent_0="25 %", f_percent_2="0", f_percent_3="10", f_percent_4="0")
    assert problems == []
    assert gap["options"] == [
        {"text": "Elbe", "percent": 25}, standing["options"][1], {"text": "Havel", "feedback": "In der *Nähe*."},
        {"text": "Oder", "percent": 10, "feedback": "Weit weg."}, "Dahme",
    ]  # fmt: skip
    gap, problems = mended(f="Havel")
    assert (gap["correct"], problems) == ("Havel", [])
    assert gap["options"] == [*standing["options"][:2], {"text": "Havel", "feedback": "In der *Nähe*."}, *standing["options"][3:]]


def test_another_option_is_right_as_well() -> None:
    gap, problems = mended(f="Spree", f_percent_0="100", f_percent_2="100")
    assert problems == []
    assert (gap["correct"], gap["options"][0]) == ("Spree", {"text": "Elbe", "percent": 100})
    assert gap["options"][2] == {"text": "Havel", "percent": 100, "feedback": "In der *Nähe*."}
    question, gaps = GAPS | {"gaps": [gap]}, get_interaction("gaps")
    assert [gaps.score(question, {"gaps": {"f": place}}) for place in range(5)] == [1, 1, 1, 0, Fraction(1, 2)]
    assert [gaps.analyse(question, {"gaps": {"f": place}})[0].right for place in range(5)] == [True, True, True, False, False]
    shown = gaps.show(question, [], {"gaps": {"f": 2}})["parts"][1]
    assert (shown["right"], shown["others"], shown["correct"], shown["feedback"]) == (
        "Spree", ["Elbe", "Havel"], True, "In der *Nähe*."
    )  # fmt: skip
    right = [one.text for one in list_wordings("gaps", question) if one.is_right]
    assert right == ["Elbe", "Spree", "Havel"], "who words it anew sees which are right"
    assert wrong_response("gaps", question) == {"gaps": {"f": 3}}
    assert mend("gaps", question, MultiDict({"key-f": "Havel"})) == (
        question | {"gaps": [gap | {"correct": "Havel", "options": [
            gap["options"][0], gap["options"][1], {"text": "Havel", "feedback": "In der *Nähe*."}, *gap["options"][3:]
        ]}]}, []
    )  # fmt: skip


def test_points_that_cannot_be_given_are_said_at_their_field() -> None:
    said = "The points of an expected answer must be a number from 0 to 100."
    assert mended(f_percent_0="101")[1] == [("key-f-percent-0", said)]
    assert mended(f_percent_4="x")[1] == [("key-f-percent-4", said)]


def test_options_and_what_is_said_are_worded_anew() -> None:
    texts = {one.name: one for one in list_wordings("gaps", GAPS)}
    assert texts["gaps-0-options-1"].is_right
    assert texts["gaps-0-options-2-feedback"].text == "In der *Nähe*."
    new = reword("gaps", GAPS, {"gaps-0-options-1": "Die Spree", "gaps-0-options-2": "Die Havel", "gaps-0-options-0": "Die Elbe",
                                "gaps-0-options-3-feedback": ""})  # fmt: skip
    assert new["gaps"][0] == {"id": "f", "correct": "Die Spree", "options": [
        "Die Elbe", {"text": "Die Spree", "feedback": "Genau."}, GAPS["gaps"][0]["options"][2] | {"text": "Die Havel"},
        {"text": "Oder"}, {"text": "Dahme", "percent": 50},
    ]}  # fmt: skip
    assert question_problems(new) == []
    assert refuse_wordings("gaps", GAPS, {"gaps-0-options-0": "Havel"})
