"""Every text of every type can be worded anew, and nothing else: keys, names and what answers are worth stay."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from assessments.items.interactions.registry import INTERACTIONS, get_interaction
from assessments.items.interactions.wordings import EXPLANATION, PROMPT
from assessments.items.rules import list_wordings, question_problems, refuse_wordings, reword, score_response, texts_of
from tests.assessments.items.test_scoring import QUESTIONS
from tests.assessments.twelve import ASKED

#: Texts that are keys, settings or names: of them only this is said here, so that a new one must be thought about.
NO_WORDINGS = {
    "id", "type", "tags", "scoring", "accepted", "tolerance_kind", "units.name", "image", "areas.shape", "media_types",
    "gaps.id", "gaps.correct", "gaps.accepted",
    "accepted.text", "gaps.accepted.text", "other_values.tolerance_kind",
}  # fmt: skip


def whole(name: str) -> dict[str, Any]:
    """Return a question of a type that has every text which a type can have."""
    question = copy.deepcopy(QUESTIONS[name] | ASKED[name])
    interaction = get_interaction(name)
    for key in ("answers", "reasons"):
        for number, answer in enumerate(question.get(key, [])):
            answer["feedback"] = f"Rückmeldung {number}"
    for key in {"feedback_true", "feedback_false", "guidance"} & interaction.KEYS:
        question[key] = f"Text von {key}"
    return question


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield every text of a definition with the keys that lead there, and its place as a wording's name."""
    if isinstance(value, str):
        yield ".".join(step for step in path if not step.isdigit()), "-".join(path)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, str(number)))


@pytest.mark.parametrize("name", INTERACTIONS)
def test_every_text_is_a_wording_or_known_to_be_none(name: str) -> None:
    question = whole(name)
    assert question_problems(question) == []
    names = set(texts_of(name, question))
    for keys, place in leaves(question):
        # An option that is a table is called as one that is a text.
        place = place.removesuffix("-text") if keys == "gaps.options.text" else place
        assert (place in names) is (keys not in NO_WORDINGS), place
    assert {PROMPT.path, EXPLANATION.path} <= {one.path for one in get_interaction(name).WORDINGS}


@pytest.mark.parametrize("name", INTERACTIONS)
def test_the_same_texts_give_the_same_question(name: str) -> None:
    question = whole(name)
    before = copy.deepcopy(question)
    assert reword(name, question, texts_of(name, question)) == question == before
    assert reword(name, question, {}) == question
    assert refuse_wordings(name, question, texts_of(name, question)) == {}


@pytest.mark.parametrize("name", INTERACTIONS)
def test_a_changed_text_changes_only_itself(name: str) -> None:
    question = whole(name)
    texts = texts_of(name, question)
    for changed in texts:
        new = texts[changed] + " neu"
        made = reword(name, question, {changed: new})
        assert texts_of(name, made) == texts | {changed: new}
        assert question_problems(made) == []
        assert refuse_wordings(name, question, texts | {changed: new}) == {}
        # Back again it is what it was: nothing else has moved.
        assert reword(name, made, {changed: texts[changed]}) == question


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("single_choice", [{"q": "0"}, {"q": "1"}]),
        ("multiple_choice", [{"q": ["0", "2"]}, {"q": "1"}]),
        ("true_false", [{"q": "false", "q-reason": "1"}, {"q": "false", "q-reason": "0"}]),
        ("short_text", [{"q": "Zweckverband"}, {"q": "Dorf"}]),
        ("numerical", [{"q": "12,5", "q-unit": "kWh"}, {"q": "12 500", "q-unit": "kWh"}]),
        ("matching", [{"q-0": "0", "q-1": "1"}, {"q-0": "2", "q-1": "0"}]),
        ("ordering", [{"q-0": "0", "q-1": "1", "q-2": "2"}, {"q-0": "2", "q-1": "1", "q-2": "0"}]),
        ("categorising", [{"q-0": "0", "q-1": "1", "q-2": "1"}]),
        ("gaps", [{"q-a": "Amt", "q-b": "1"}, {"q-a": "Ort", "q-b": "0"}]),
        ("hotspot", [{"q": "0"}, {"q": "1"}]),
        ("essay", [{"q": "Ein Text."}]),
        ("file_upload", [{"q": '{"id": 1, "filename": "a", "media_type": "b", "size": 1, "sha256": "c"}'}]),
    ],
)
def test_an_answer_is_worth_the_same_in_other_words(name: str, forms: list[dict[str, Any]]) -> None:
    question = whole(name)
    made = reword(name, question, {one: f"{text} (neu)" for one, text in texts_of(name, question).items()})
    assert made != question
    for form in forms:
        response = get_interaction(name).read(question, "q", MultiDict(form))
        assert response is not None
        assert get_interaction(name).check(made, response)
        assert score_response(name, made, response) == score_response(name, question, response)


def test_texts_are_read_in_order_and_named() -> None:
    wordings = list_wordings("single_choice", whole("single_choice"))
    assert [one.name for one in wordings] == [
        "prompt", "answers-0-text", "answers-0-feedback", "answers-1-text", "answers-1-feedback", "answers-2-text",
        "answers-2-feedback", "explanation",
    ]  # fmt: skip
    assert [one.is_right for one in wordings if one.name.endswith("text")] == [False, True, False]
    gaps = {one.name: one for one in list_wordings("gaps", whole("gaps"))}
    assert gaps["gaps-1-options-0"].label.values == {"number": "b", "inner": 1}


def test_optional_texts_come_and_go() -> None:
    question = QUESTIONS["single_choice"]
    assert texts_of("single_choice", question)["answers-0-feedback"] == ""
    made = reword("single_choice", question, {"answers-0-feedback": "Nein."})
    assert made["answers"][0] == {"text": "a", "feedback": "Nein."}
    assert reword("single_choice", made, {"answers-0-feedback": ""}) == question


def test_the_right_option_of_a_gap_stays_right() -> None:
    made = reword("gaps", QUESTIONS["gaps"], {"gaps-1-options-1": "das Dorf", "gaps-1-options-0": "der Kreis"})
    assert made["gaps"][1] == {"id": "b", "options": ["der Kreis", "das Dorf"], "correct": "das Dorf"}


@pytest.mark.parametrize(
    ("name", "texts", "refused"),
    [
        ("single_choice", {"answers-0-text": "b"}, ["answers-0-text"]),
        ("single_choice", {"answers-0-text": "b", "answers-1-text": "a"}, ["answers-0-text", "answers-1-text"]),
        ("single_choice", {"answers-0-text": "b", "answers-1-text": "x"}, ["answers-0-text"]),
        ("single_choice", {"answers-0-feedback": "Rückmeldung 1"}, []),
        ("matching", {"pairs-0-right": "c"}, ["pairs-0-right"]),
        ("matching", {"pairs-0-left": "a"}, []),
        ("ordering", {"steps-0": "zwei", "steps-1": "eins"}, ["steps-0", "steps-1"]),
        ("categorising", {"categories-0-members-0": "c"}, ["categories-0-members-0"]),
        ("categorising", {"categories-0-name": "y"}, ["categories-0-name"]),
        ("gaps", {"text": "Ein [[a]] und ein Dorf."}, ["text"]),
        ("gaps", {"text": "[[b]] kommt vor [[a]]."}, []),
        ("gaps", {"gaps-1-options-0": "Dorf"}, ["gaps-1-options-0"]),
        ("hotspot", {"areas-0-label": "Schule"}, ["areas-0-label"]),
    ],
)
def test_texts_that_would_change_what_is_right(name: str, texts: dict[str, str], refused: list[str]) -> None:
    question = whole(name)
    assert list(refuse_wordings(name, question, texts_of(name, question) | texts)) == refused


@pytest.mark.parametrize(
    ("before", "after", "taken"),
    [
        ("Wie viel Prozent sind das?", "Wie viel Prozent sind es?", True),
        ("Wie viel Prozent sind das?", "Wie viele sind das?", False),
        ("Wie viel Prozent sind das?", "Wie viele Stunden sind das?", False),
        ("Wie viel ist das?", "Wie viel Prozent sind das?", True),
        ("Wie viele Minuten sind 2 Stunden?", "Wie viele Minuten sind zwei Stunden?", True),
    ],
)
def test_the_unit_that_may_be_typed_stays(before: str, after: str, taken: bool) -> None:
    question = QUESTIONS["numerical"] | {"prompt": before}
    assert (refuse_wordings("numerical", question, texts_of("numerical", question) | {"prompt": after}) == {}) is taken
    with_units = question | ASKED["numerical"] | {"prompt": before}
    assert refuse_wordings("numerical", with_units, texts_of("numerical", with_units) | {"prompt": after}) == {}
