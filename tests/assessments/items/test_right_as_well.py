"""Of several answers one is chosen, and more than one of them is right: in single choice, and as a reason."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from assessments.exchange.formats.registry import READERS, WRITERS
from assessments.exchange.keys import settled
from assessments.exchange.reading import read_questions
from assessments.exchange.writing import write_questions
from assessments.exchange.written import meaningful
from assessments.items.interactions.registry import get_interaction
from assessments.items.rules import list_wordings, mend, question_problems, score_response
from certificates.demo.answers import right_response, wrong_response
from tests.assessments.exchange.definitions import questions

COMMON: dict[str, Any] = {"id": "q-1", "prompt": "Was gilt?", "explanation": "Darum."}
CHOICE: dict[str, Any] = COMMON | {"type": "single_choice", "answers": [
    {"text": "Elbe"}, {"text": "Havel", "percent": 100, "feedback": "Auch."}, {"text": "Spree", "correct": True}
]}  # fmt: skip
REASONED: dict[str, Any] = COMMON | {"type": "true_false", "correct": True, "reasons": [
    {"text": "a", "correct": True}, {"text": "b"}, {"text": "c", "percent": 100}
]}  # fmt: skip
#: As repairs have written it until now; such versions never change.
EARLIER = CHOICE | {"answers": [{"text": "Elbe"}, {"text": "Havel", "correct": True}, {"text": "Spree", "correct": True}]}


@pytest.mark.parametrize("question", [CHOICE, EARLIER])
def test_each_of_them_gives_all_points(question: dict[str, Any]) -> None:
    choice = get_interaction("single_choice")
    assert [score_response("single_choice", question, {"choice": place}) for place in range(3)] == [0, 100, 100]
    assert [choice.analyse(question, {"choice": place})[0].right for place in range(3)] == [False, True, True]
    assert [part.right for part in choice.options(question)] == [False, True, True]
    shown = choice.show(question, [2, 1, 0], {"choice": 1})["answers"]
    assert [(one["chosen"], one["correct"]) for one in shown] == [(False, True), (True, True), (False, False)]
    assert right_response("single_choice", question) == {"choice": 1}
    assert wrong_response("single_choice", question) == {"choice": 0}
    assert [one.is_right for one in list_wordings("single_choice", question) if one.name.endswith("text")] == [False, True, True]


def test_each_reason_gives_its_half() -> None:
    reasoned = get_interaction("true_false")
    worth = [score_response("true_false", REASONED, {"value": True, "reason": place}) for place in range(3)]
    assert worth == [100, 50, 100]
    assert [reasoned.analyse(REASONED, {"value": True, "reason": place})[1].right for place in range(3)] == [True, False, True]
    assert [one["correct"] for one in reasoned.show(REASONED, [0, 1, 2], None)["reasons"]] == [True, False, True]


@pytest.mark.parametrize(
    ("question", "field", "name", "chosen", "expected"),
    [
        (CHOICE, "key-right", "answers", ["1", "2"], [None, True, 100]),
        (EARLIER, "key-right", "answers", ["0", "2"], [True, None, 100]),
        (CHOICE, "key-right", "answers", ["2"], [None, None, True]),
        (REASONED, "key-reason", "reasons", ["1", "2"], [None, True, 100]),
        (REASONED, "key-reason", "reasons", ["0"], [True, None, None]),
    ],
)
def test_a_repair_says_which_are_right(
    question: dict[str, Any], field: str, name: str, chosen: list[str], expected: list[Any]
) -> None:
    form = MultiDict([(field, one) for one in chosen] + [("key-right", "true")] * (field == "key-reason"))
    new, problems = mend(question["type"], question, form) or pytest.fail("no key")
    assert problems == []
    assert [one.get("correct", one.get("percent")) for one in new[name]] == expected
    assert question_problems(new) == []


@pytest.mark.parametrize("format_name", WRITERS)
def test_it_comes_back_from_every_format(format_name: str) -> None:
    every = CHOICE | {"id": "q-2", "answers": CHOICE["answers"][1:]}  # no answer is wrong
    for question in (CHOICE, EARLIER, every):
        out = settled(question)
        assert question_problems(out) == []
        written = write_questions([out], format_name, lambda _address: b"")
        assert written.refused == []
        if format_name in READERS:
            [entry] = read_questions(written.content, "x").entries
            assert entry.question == meaningful(question)


def test_an_earlier_repair_is_written_as_it_can_be_read() -> None:
    assert [one.get("correct", one.get("percent")) for one in settled(EARLIER)["answers"]] == [None, True, 100]
    assert settled(CHOICE) == CHOICE
    assert meaningful(settled(EARLIER)) == meaningful(EARLIER), "so that it changes nothing when it comes back"


@settings(max_examples=300, deadline=None)
@given(question=questions(), data=st.data())
def test_whatever_a_repair_makes_can_be_imported(question: dict[str, Any], data: st.DataObject) -> None:
    """Written out, it keeps all rules of the format, whatever was pressed in the form."""
    percents = st.sampled_from(["0", "50", "100", "-50"])
    places = st.sampled_from([str(place) for place in range(6)])
    fields = [("key-right", one) for one in data.draw(st.lists(places, unique=True))]
    fields += [("key-reason", one) for one in data.draw(st.lists(places, unique=True))]
    fields += [(f"key-percent-{one}", data.draw(percents)) for one in data.draw(st.lists(places))]
    fields += [(f"key-{one}", data.draw(places)) for one in data.draw(st.lists(places))]
    fields += [(f"key-new-{one}", data.draw(places)) for one in data.draw(st.lists(places, max_size=2))]
    fields += [(f"key-{gap}-percent-{place}", "100") for gap in ("a", "b") for place in data.draw(st.lists(places, max_size=2))]
    found = mend(question["type"], question, MultiDict(fields))
    if found is not None and not found[1]:
        assert question_problems(settled({"id": "q"} | found[0]), needs_explanation=False) == []
