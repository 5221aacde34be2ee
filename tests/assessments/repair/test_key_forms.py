"""The form of a key: further numbers, what is said where, and that it shows what was entered."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from flask import Flask, render_template_string
from lxml import html
from werkzeug.datastructures import MultiDict

from assessments.exchange.written import meaningful
from assessments.items.interactions.parts import KeyProblem
from assessments.items.interactions.registry import get_interaction
from assessments.items.models import ItemVersion
from assessments.items.rendering import key_form
from assessments.items.rules import can_mend, mend, question_problems, reword, score_response, texts_of
from lms.sentences import plain_sentence, sentence
from tests.assessments.items.test_other_solutions import GROUPS, PAIRS, PLACES, STEPS
from tests.assessments.items.test_right_as_well import CHOICE, REASONED
from tests.assessments.items.test_scoring import QUESTIONS

NUMBER: dict[str, Any] = {
    "id": "q-1", "type": "numerical", "prompt": "Wie viele?", "explanation": "Darum", "value": 12.5, "tolerance": 0.1,
    "other_values": [
        {"value": 12, "tolerance": 0.1, "tolerance_kind": "relative", "percent": 50, "feedback": "Fast."},
        {"value": 125, "percent": 0, "feedback": "Das Komma."},
    ],
}  # fmt: skip


def mended(question: dict[str, Any], **fields: str) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return the mended question, and what is wrong as (field, English sentence)."""
    standing = {"key-value": "12,5", "key-tolerance": "0,1"}
    entered = standing | {f"key-{name.replace('_', '-')}": typed for name, typed in fields.items()}
    before = copy.deepcopy(question)
    new, problems = mend("numerical", question, MultiDict(entered)) or pytest.fail("no key")
    assert question == before
    return new, [(one.field, plain_sentence(one.said)) for one in problems]


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        ({"tolerance": 0.1}, "5 %", {"tolerance": 0.05, "tolerance_kind": "relative"}),
        ({"tolerance": 0.07, "tolerance_kind": "relative"}, "7 %", {"tolerance": 0.07, "tolerance_kind": "relative"}),
        ({"tolerance": 0.07, "tolerance_kind": "relative"}, "0,5", {"tolerance": 0.5}),
        ({"tolerance": 0.07, "tolerance_kind": "relative"}, "12,5%", {"tolerance": 0.125, "tolerance_kind": "relative"}),
        ({"tolerance": 0.1, "tolerance_kind": "absolute"}, "", {}),
        ({}, "0", {}),
    ],
)
def test_a_tolerance_is_a_number_or_a_part_of_the_value(
    before: dict[str, Any], typed: str, after: dict[str, Any]
) -> None:
    question = {"prompt": "?", "value": 12.5}
    form = MultiDict({"key-value": "12,5", "key-tolerance": typed})
    assert mend("numerical", question | before, form) == (question | after, [])


@pytest.mark.parametrize(
    ("fields", "place", "expected"),
    [
        ({"value": "20"}, 2, {"value": 20}),
        ({"value": " 20 ", "tolerance": "", "percent": "", "feedback": " \r\n"}, 2, {"value": 20}),
        ({"value": "20,25", "tolerance": "0,5", "percent": "75"}, 2, {"value": 20.25, "tolerance": 0.5, "percent": 75}),
        ({"value": "−20", "tolerance": "5 %", "feedback": "Auch\r\ngut.\x00"}, 2,
         {"value": -20, "tolerance": 0.05, "tolerance_kind": "relative", "feedback": "Auch\ngut."}),
        ({"value": "0,125", "tolerance": "0.001"}, 2, {"value": 0.125, "tolerance": 0.001}),
        ({"value": "125"}, 1, {"value": 125}),
        ({"value": "12"}, 0, {"value": 12}),
        ({"value": "12", "percent": "0"}, None, "expected already (from 10,8 to 13,2)"),
        ({"value": "12", "tolerance": "20 %", "percent": "50 %"}, 2,
         {"value": 12, "tolerance": 0.2, "tolerance_kind": "relative", "percent": 50}),
    ],
)  # fmt: skip
def test_a_further_number_stands_where_it_counts(fields: dict[str, str], place: int | None, expected: Any) -> None:
    """Before the first that would take it for fewer points, and never where an earlier one takes all of it."""
    new, problems = mended(NUMBER, **{f"new_0_{name}": typed for name, typed in fields.items()})
    if place is None:
        assert [field for field, _said in problems] == ["key-new-0-value"]
        assert expected in problems[0][1]
        return
    assert problems == []
    assert new["other_values"] == [*NUMBER["other_values"][:place], expected, *NUMBER["other_values"][place:]]
    assert question_problems(new) == []
    typed = str(expected["value"]).replace(".", ",")
    assert score_response("numerical", new, {"text": typed, "unit": None}) == expected.get("percent", 100)


def test_several_further_numbers_and_rows_that_were_left_empty() -> None:
    plain = {name: value for name, value in NUMBER.items() if name != "other_values"}
    assert mended(plain, new_0_value="", new_0_percent="100") == (plain, [])
    new, problems = mended(plain, new_0_value="", new_0_percent="100", new_1_value="3", new_2_value="4", new_2_percent="10")
    assert (new["other_values"], problems) == ([{"value": 3}, {"value": 4, "percent": 10}], [])
    assert mended(plain, new_1_value="3") == (plain, []), "rows follow each other"
    assert mended(plain, new_0_value="3", new_1_value="3")[1][0][0] == "key-new-1-value"


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"value": "zwölf"}, "new-0-value", "must be a number"),
        ({"feedback": "Nur ein Wort."}, "new-0-value", "must be a number"),
        ({"tolerance": "5"}, "new-0-value", "must be a number"),
        ({"percent": "50"}, "new-0-value", "must be a number"),
        ({"value": "1.234"}, "new-0-value", "“1.234” can be read in two ways. Please write 1234 or 1,2340."),
        ({"value": "-12,300"}, "new-0-value", "Please write -12300 or -12,3000."),
        ({"value": "1" * 16}, "new-0-value", "at most 15 digits"),
        ({"value": "1", "tolerance": "-1"}, "new-0-tolerance", "from 0 on"),
        ({"value": "1", "tolerance": "viel"}, "new-0-tolerance", "from 0 on"),
        ({"value": "1", "tolerance": "1.000"}, "new-0-tolerance", "Please write 1000 or 1,0000."),
        ({"value": "1", "percent": "101"}, "new-0-percent", "a number from 0 to 100"),
        ({"value": "1", "percent": "alle"}, "new-0-percent", "a number from 0 to 100"),
        ({"value": "1", "feedback": "x" * 20_001}, "new-0-feedback", "more than 20000 characters"),
        ({"value": "12,5"}, "new-0-value", "expected already (from 12,4 to 12,6)"),
        ({"value": "125", "percent": "0"}, "new-0-value", "expected already (125)"),
    ],
)
def test_what_is_wrong_with_a_further_number_is_said_at_its_field(fields: dict[str, str], field: str, said: str) -> None:
    problems = mended(NUMBER, **{"new_0_value": ""} | {f"new_0_{name}": typed for name, typed in fields.items()})[1]
    assert problems[0][0] == f"key-{field}"
    assert said in problems[0][1]


@pytest.mark.parametrize("typed", ["1.234", "9" * 20, "x", ""])
def test_a_value_that_cannot_be_taken_is_said_at_its_field(typed: str) -> None:
    assert [field for field, _said in mended(NUMBER, value=typed)[1]] == ["key-value"]


def test_texts_keep_their_names_when_a_repair_has_added_entries() -> None:
    """Taken back, the key is as it was, in the words of now: each feedback at its own answer."""
    number = mended(NUMBER, new_0_value="125", new_0_feedback="Doch.")[0]
    assert reword("numerical", NUMBER, texts_of("numerical", number, like=NUMBER)) == NUMBER
    said = reword("numerical", number, {"other_values-2-feedback": "Ein Komma zu weit."})
    back = reword("numerical", NUMBER, texts_of("numerical", said, like=NUMBER))
    assert [one["feedback"] for one in back["other_values"]] == ["Fast.", "Ein Komma zu weit."]
    half, rest = {"text": "*b", "percent": 50, "feedback": "Halb."}, {"text": "*", "percent": 0, "feedback": "x"}
    text: dict[str, Any] = {"prompt": "?", "accepted": ["a", half, rest]}
    gaps: dict[str, Any] = {"prompt": "?", "text": "[[g]]", "gaps": [{"id": "g", "accepted": text["accepted"]}]}
    for name, question, field in (("short_text", text, "key-accepted"), ("gaps", gaps, "key-g")):
        new = (mend(name, question, MultiDict({field: "a\nbb"})) or pytest.fail(name))[0]
        assert new != question
        assert reword(name, question, texts_of(name, new, like=question)) == question


KEY = '{% from "items/_question.html" import key with context %}{{ key(keyed) }}'


def form_of(
    app: Flask, name: str, question: dict[str, Any], entered: dict[str, str] | MultiDict[str, str] | None = None, *wrong: str
) -> str:
    """Return the HTML of a key's controls."""
    version = ItemVersion(type=name, definition=question)
    problems = [KeyProblem(field, sentence("Das geht nicht.")) for field in wrong]
    keyed = key_form(version, MultiDict(entered) if entered is not None else None, problems, media="/content/7/")
    with app.test_request_context("/"):
        return render_template_string(KEY, keyed=keyed)


def sent(controls: str) -> MultiDict[str, str]:
    """Return what a form with these controls sends."""
    [form] = html.fromstring(f"<div><form>{controls}</form></div>").forms
    return MultiDict([(name, str(value)) for name, value in form.form_values()])


def test_the_picture_stands_above_its_areas_with_what_is_right_chosen(app: Flask) -> None:
    question = QUESTIONS["hotspot"]
    said = form_of(app, "hotspot", question)
    assert f'<img src="/content/7/{question["image"]}" alt="{question["alt"]}">' in said
    assert said.index("<img") < said.index('name="key-right"')
    right = [number for number, area in enumerate(question["areas"]) if area.get("correct")]
    assert said.count("checked") == said.count("is-chosen") == len(right)
    for number, area in enumerate(question["areas"]):
        assert f'data-area="{number}"' in said
        assert f'id="key-right-{number}"' in said
        assert f'<span class="hotspot-number">{number + 1}</span> {area["label"]}' in said
    other = next(number for number in range(len(question["areas"])) if number not in right)
    said = form_of(app, "hotspot", question, {"key-right": str(other)}, "key-right")
    before = said.partition(f'id="key-right-{other}"')[2]
    assert before.partition(">")[0].strip() == "checked"
    assert 'aria-describedby="key-right-error"' in said


@pytest.mark.parametrize("name", [name for name in QUESTIONS if can_mend(name, QUESTIONS[name])])
def test_the_form_as_it_comes_changes_nothing(app: Flask, name: str) -> None:
    """Whatever its controls are called, they are read by the names that they have."""
    new, problems = mend(name, QUESTIONS[name], sent(form_of(app, name, QUESTIONS[name]))) or pytest.fail(name)
    assert problems == []
    interaction = get_interaction(name)
    assert interaction.options(new) == interaction.options(QUESTIONS[name])
    assert {key: value for key, value in new.items() if key != "key"} == {
        key: value for key, value in QUESTIONS[name].items() if key != "key"
    }


@pytest.mark.parametrize("question", [PAIRS, STEPS, GROUPS, PLACES, CHOICE, REASONED], ids=lambda one: str(one["type"]))
def test_further_solutions_stay_as_they_are(app: Flask, question: dict[str, Any]) -> None:
    name = question["type"]
    new, problems = mend(name, question, sent(form_of(app, name, question))) or pytest.fail(name)
    assert (meaningful(new), problems) == (meaningful(question), [])
    entered = sent(form_of(app, name, question))
    entered["key-remove-0"] = entered["key-new-0"] = "1"
    assert mend(name, question, sent(form_of(app, name, question, entered))) == mend(name, question, entered)


def test_what_the_dry_run_showed_is_what_is_done(app: Flask) -> None:
    """The page of the dry run sends again what was entered, also where a new text has its place before others."""
    question = {"prompt": "?", "accepted": ["a", {"text": "*see", "percent": 50}, {"text": "*", "percent": 0, "feedback": "x"}]}
    entered = {"key-accepted": "a\nMüggelsee", "key-accepted-percent-1": "60"}
    shown = mend("short_text", question, MultiDict(entered)) or pytest.fail("no key")
    assert shown[0]["accepted"][1:3] == ["Müggelsee", {"text": "*see", "percent": 60}]
    assert mend("short_text", question, sent(form_of(app, "short_text", question, entered))) == shown


def test_what_was_entered_stays_in_its_field_with_what_is_wrong_beside_it(app: Flask) -> None:
    entered = {"key-value": "zwölf", "key-tolerance": "0,1", "key-percent-0": "viel", "key-new-0-value": "1.234"}
    said = form_of(app, "numerical", NUMBER, entered, "key-value", "key-new-0-value")
    assert 'value="zwölf" aria-invalid="true" aria-describedby="key-value-error"' in said
    assert 'value="viel"' in said
    assert 'value="1.234"' in said
    assert 'id="key-new-0-value-error"' in said
    assert 'name="key-new-1-value"' in said, "and there is room for one more"
    assert 'name="key-new-2-value"' not in said


def test_a_right_answer_with_feedback_shows_it(app: Flask) -> None:
    question = {"prompt": "?", "accepted": ["b", {"text": "a", "feedback": "Ja, *genau*."}]}
    said = form_of(app, "short_text", question)
    assert "Ja, <em>genau</em>." in said
    assert 'id="key-accepted-percent-1" name="key-accepted-percent-1"' in said
    assert 'value="100"' in said
    assert ">\nb</textarea>" in said
