"""Scoring tables for ugly answers, for every type: empty, too long, NUL, right-to-left, emoji, and what software trips over."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from assessments.items.interactions.registry import INTERACTIONS, get_interaction
from assessments.items.interactions.typed import MAX_TYPED, MAX_WRITTEN
from assessments.items.models import ItemVersion
from assessments.items.rendering import answer_words, question_view
from assessments.items.rules import maximum, needs_mark, score_response
from tests.assessments.items.naughty import NAUGHTY
from tests.assessments.items.test_scoring import QUESTIONS

#: What is posted in every field of a question.
UGLY = {
    "empty": "",
    "blank": " \t\r\n\u3000",
    "NUL": "\x00",
    "too long": "a" * (MAX_WRITTEN + 1),
    "right-to-left": "\u202eexe.fdp",
    "emoji": "👩‍👩‍👧‍👦",
    "markup": "<script>alert(1)</script>",
    "quotes": "'; DROP TABLE attempts; --",
    "big number": "9" * 400,
    "other digits": "٣",
    "negative": "-1",
}
NOTHING = {"empty", "blank", "NUL"}
#: Types whose answers are chosen take none of these, whatever it is.
CHOSEN = (
    "single_choice",
    "multiple_choice",
    "true_false",
    "matching",
    "ordering",
    "categorising",
    "hotspot",
    "file_upload",
)
FIELDS = ("", "-0", "-1", "-2", "-a", "-b", "-unit", "-reason", "-file", "-remove")


def posted(name: str, text: str) -> dict[str, Any] | None:
    """Return what a type reads out of a form that has this text in every field."""
    return get_interaction(name).read(QUESTIONS[name], "q", MultiDict([(f"q{one}", text) for one in FIELDS]))


@pytest.mark.parametrize("name", CHOSEN)
@pytest.mark.parametrize("kind", UGLY)
def test_a_choice_is_one_of_those_there_are_or_none(name: str, kind: str) -> None:
    response = posted(name, UGLY[kind])
    assert response is None
    assert score_response(name, QUESTIONS[name], response) == 0


@pytest.mark.parametrize("kind", UGLY)
@pytest.mark.parametrize(
    ("name", "path"),
    [("short_text", ("text",)), ("numerical", ("text",)), ("gaps", ("gaps", "a")), ("essay", ("text",))],
)
def test_what_is_typed_is_kept_readable_and_worth_nothing(name: str, path: tuple[str, ...], kind: str) -> None:
    response = posted(name, UGLY[kind])
    if kind in NOTHING:
        assert response is None
        return
    kept: Any = response
    for key in path:
        kept = kept[key]
    most = MAX_WRITTEN if name == "essay" else MAX_TYPED
    assert kept == UGLY[kind][:most]
    assert score_response(name, QUESTIONS[name], response) == 0
    assert needs_mark(name, QUESTIONS[name], response) is (name == "essay")


@pytest.mark.parametrize(
    ("name", "fields", "hundredths"),
    [
        ("short_text", {"q": "\x00Zweck\x00verband\x00"}, 100),
        ("short_text", {"q": "ZWECKVERBAND\r\n"}, 100),
        ("short_text", {"q": "Zweck\u200bverband"}, 0),
        ("short_text", {"q": "\u202eZweckverband"}, 0),
        ("short_text", {"q": "Amt \u202eabc"}, 100),
        ("short_text", {"q": "Amt 👩‍👩‍👧‍👦"}, 100),
        ("short_text", {"q": "Amt " + "x" * 5000}, 100),
        ("short_text", {"q": "*"}, 0),
        ("short_text", {"q": "Amt *"}, 100),
        ("short_text", {"q": "Ｚｗｅｃｋｖｅｒｂａｎｄ"}, 0),
        ("numerical", {"q": "12,5\x00"}, 100),
        ("numerical", {"q": "\u00a012,5\u202f"}, 100),
        ("numerical", {"q": "\u202e12,5"}, 0),
        ("numerical", {"q": "12,5 😀"}, 0),
        ("numerical", {"q": "1e309"}, 0),
        ("numerical", {"q": "NaN"}, 0),
        ("numerical", {"q": "½"}, 0),
        ("numerical", {"q": "12,5" + "0" * 40}, 0),
        ("gaps", {"q-a": "Amt\x00", "q-b": "1"}, 100),
        ("gaps", {"q-a": "\u202eAmt", "q-b": "1"}, 50),
        ("gaps", {"q-a": "😀" * 600, "q-b": "1"}, 50),
        ("gaps", {"q-a": "Amt", "q-b": "1" * 400}, 50),
        ("single_choice", {"q": "1\x00"}, 0),
        ("single_choice", {"q": "１"}, 0),
        ("multiple_choice", {"q": ["0", "2", "😀"]}, 100),
        ("multiple_choice", {"q": ["0", "2", "9" * 400]}, 100),
        ("true_false", {"q": "false\x00"}, 0),
        ("true_false", {"q": "FALSE"}, 0),
        ("matching", {"q-0": "0", "q-1": "1\u202e"}, 50),
        ("matching", {"q-0": "0", "q-1": ""}, 50),
        ("ordering", {"q-0": "0", "q-1": "1", "q-2": "😀"}, 0),
        ("ordering", {"q-0": "0", "q-1": "1", "q-2": "-1"}, 0),
        ("categorising", {"q-0": "0", "q-1": "0", "q-2": "\x00"}, 67),
        ("hotspot", {"q": ["0", "\u202e1"]}, 100),
        ("essay", {"q": "😀" * 600}, 0),
        ("file_upload", {"q": '{"file": "\x00"}'}, 0),
    ],
)
def test_what_ugly_answers_are_worth(name: str, fields: dict[str, Any], hundredths: int) -> None:
    question = QUESTIONS[name]
    response = get_interaction(name).read(question, "q", MultiDict(fields))
    assert score_response(name, question, response) == hundredths


@pytest.mark.parametrize("name", INTERACTIONS)
def test_a_client_that_sends_anything_gets_nothing_for_it(name: str) -> None:
    """Whatever stands in a stored answer, checking it decides before it is scored; both have no side effects."""
    question = QUESTIONS[name]
    before = copy.deepcopy(question)
    short = [text for text in NAUGHTY if len(text) < 700][::3]
    for text in [*short, None, 0, -1, True, 1.5, [], [None], {"a": "b"}]:
        for key in (
            "text",
            "choice",
            "choices",
            "value",
            "match",
            "places",
            "categories",
            "gaps",
            "areas",
            "file",
            "x",
        ):
            for value in (text, [text], [text, text], {"a": text}):
                for response in ({key: value}, {key: value, "unit": None}):
                    points = score_response(name, question, response)
                    assert 0 <= points <= maximum(question)
                    if points:
                        assert get_interaction(name).check(question, response)
    assert question == before


@pytest.mark.parametrize("name", INTERACTIONS)
def test_no_page_takes_an_answer_for_markup(app: Flask, name: str) -> None:
    question = QUESTIONS[name]
    version = ItemVersion(id=1, type=name, definition=question)
    order = get_interaction(name).shuffle(question, random.Random(1))
    template = (
        '{% from "items/_question.html" import ask, review, review_shown with context %}'
        '{{ ask(question) }}{{ review(question) }}{{ review_shown(question, ["own_answers"]) }}'
    )
    with app.test_request_context("/"):
        for text in NAUGHTY[:: 1 if name in ("short_text", "gaps") else 4]:
            response = posted(name, text)
            view = question_view(version, order, response) | {"number": 1, "mark": None}
            html = render_template_string(template, question=view)
            assert "<script" not in html
            assert "<img src=x" not in html
            assert "\x00" not in html
            assert "49" not in html or "49" in str(question), "templates in answers are not run"
            if response is not None:
                assert answer_words(version, response)
