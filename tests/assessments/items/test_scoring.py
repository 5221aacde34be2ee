"""What answers are worth, by tables."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from assessments.items.interactions.registry import INTERACTIONS, get_interaction
from assessments.items.interactions.typed import matches, tidy
from assessments.items.interactions.typed_numbers import readings
from assessments.items.rules import question_problems, score_response
from tests.sayings import in_english

CHOICES = [{"text": "a", "correct": True}, {"text": "b"}, {"text": "c", "correct": True}, {"text": "d"}]
COMMON = {"id": "q-1", "prompt": "Frage", "explanation": "Darum"}

QUESTIONS: dict[str, dict[str, Any]] = {
    "single_choice": {"answers": [{"text": "a"}, {"text": "b", "correct": True}, {"text": "c"}]},
    "multiple_choice": {"answers": CHOICES},
    "true_false": {"correct": False},
    "short_text": {"accepted": ["Zweckverband", "Amt *"]},
    "numerical": {"value": 12.5, "tolerance": 0.5},
    "matching": {"pairs": [{"left": "1", "right": "a"}, {"left": "2", "right": "b"}], "distractors": ["c"]},
    "ordering": {"steps": ["eins", "zwei", "drei"]},
    "categorising": {"categories": [{"name": "x", "members": ["a", "b"]}, {"name": "y", "members": ["c"]}]},
    "gaps": {
        "text": "Ein [[a]] und ein [[b]].",
        "gaps": [{"id": "a", "accepted": ["Amt"]}, {"id": "b", "options": ["Kreis", "Dorf"], "correct": "Dorf"}],
    },
}
QUESTIONS |= {
    "hotspot": {
        "image": "media/plan.png",
        "alt": "Ein Ortsplan",
        "areas": [
            {"label": "Rathaus", "shape": "rect", "coords": [10, 10, 30, 25.5], "correct": True},
            {"label": "Schule", "shape": "circle", "coords": [60, 40, 8]},
            {"label": "Bahnhof", "shape": "rect", "coords": [70, 70, 90, 90]},
        ],
    },
    "essay": {"min_words": 3, "max_words": 200, "guidance": "Zwei Gründe genügen."},
    "file_upload": {"media_types": ["application/pdf", "image/png"], "max_megabytes": 2},
}
QUESTIONS = {name: {**COMMON, "type": name, **definition} for name, definition in QUESTIONS.items()}


def test_every_type_is_covered_here() -> None:
    assert set(QUESTIONS) == set(INTERACTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_good_question_has_no_problems(name: str) -> None:
    assert question_problems(QUESTIONS[name]) == []


@pytest.mark.parametrize(
    ("name", "form", "hundredths"),
    [
        ("single_choice", {"q": "1"}, 100),
        ("single_choice", {"q": "0"}, 0),
        ("single_choice", {"q": "9"}, 0),
        ("single_choice", {"q": ["0", "1"]}, 0),
        ("single_choice", {"q": "٣"}, 0),
        ("multiple_choice", {"q": ["0", "2"]}, 100),
        ("multiple_choice", {"q": ["0"]}, 50),
        ("multiple_choice", {"q": ["0", "1", "2"]}, 50),
        ("multiple_choice", {"q": ["0", "1", "2", "3"]}, 0),
        ("multiple_choice", {"q": ["1", "3"]}, 0),
        ("true_false", {"q": "false"}, 100),
        ("true_false", {"q": "true"}, 0),
        ("true_false", {"q": "vielleicht"}, 0),
        ("short_text", {"q": " ZWECKVERBAND "}, 100),
        ("short_text", {"q": "Amt Kleinwasser"}, 100),
        ("short_text", {"q": "Zweck\x00verband"}, 100),
        ("short_text", {"q": "Amt"}, 0),
        ("short_text", {"q": ""}, 0),
        ("numerical", {"q": "12,5"}, 100),
        ("numerical", {"q": "13.0"}, 100),
        ("numerical", {"q": "13,01"}, 0),
        ("numerical", {"q": "zwölf"}, 0),
        ("numerical", {"q": "1e1"}, 0),
        ("matching", {"q-0": "0", "q-1": "1"}, 100),
        ("matching", {"q-0": "0", "q-1": "2"}, 50),
        ("matching", {"q-0": "0"}, 50),
        ("ordering", {"q-0": "0", "q-1": "1", "q-2": "2"}, 100),
        ("ordering", {"q-0": "1", "q-1": "0", "q-2": "2"}, 33),
        ("ordering", {"q-0": "2", "q-1": "1", "q-2": "0"}, 0),
        ("ordering", {"q-0": "0", "q-1": "0", "q-2": "0"}, 0),
        ("categorising", {"q-0": "0", "q-1": "0", "q-2": "1"}, 100),
        ("categorising", {"q-0": "0", "q-1": "1", "q-2": "1"}, 67),
        ("gaps", {"q-a": "amt", "q-b": "1"}, 100),
        ("gaps", {"q-a": "Amt", "q-b": "0"}, 50),
        ("gaps", {"q-b": "7"}, 0),
        ("hotspot", {"q": "0"}, 100),
        ("hotspot", {"q": "1"}, 0),
        ("hotspot", {"q": ["0", "1"]}, 0),
        ("hotspot", {"q": "9"}, 0),
        ("essay", {"q": "Ein langer, guter Text."}, 0),
        ("file_upload", {"q": "x.pdf"}, 0),
    ],
)
def test_what_a_posted_answer_is_worth(name: str, form: dict[str, Any], hundredths: int) -> None:
    question = QUESTIONS[name]
    response = get_interaction(name).read(question, "q", MultiDict(form))
    assert score_response(name, question, response) == hundredths


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize(
    "response",
    [
        {},
        {"choice": "1"},
        {"choice": True},
        {"choices": []},
        {"choices": [0, 0]},
        {"value": 1},
        {"text": ""},
        {"match": [0]},
        {"places": None},
        {"gaps": {"z": "x"}},
        {"categories": [9, 9, 9]},
        {"text": "a" * 501},
    ],
)
def test_a_response_of_a_broken_client_is_worth_nothing(name: str, response: dict[str, Any]) -> None:
    assert score_response(name, QUESTIONS[name], response) == 0


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_is_read_can_be_checked_and_shown(name: str) -> None:
    question, interaction = QUESTIONS[name], get_interaction(name)
    order = interaction.shuffle(question, random.Random(3))
    assert sorted(order) == list(range(len(order)))
    assert interaction.read(question, "q", MultiDict()) is None
    assert interaction.show(question, order, None)
    for value in ("0", "1", "true", "Amt", "12,5", "‮abc", "😀" * 600, "\x00", "' OR 1=1 --"):
        form = MultiDict([(f"q{suffix}", value) for suffix in ("", "-0", "-1", "-2", "-a", "-b")])
        response = interaction.read(question, "q", form)
        if response is not None:
            assert interaction.check(question, response)
            assert 0 <= interaction.score(question, response) <= 1
            assert interaction.show(question, order, response)


def test_choosing_everything_never_pays() -> None:
    for scoring in ("all_or_nothing", "partial", "penalty"):
        question = QUESTIONS["multiple_choice"] | {"scoring": scoring}
        assert score_response("multiple_choice", question, {"choices": [0, 1, 2, 3]}) == 0


def test_a_reason_counts_half_and_only_beneath_the_right_value() -> None:
    question = QUESTIONS["true_false"] | {"reasons": [{"text": "x"}, {"text": "y", "correct": True}]}
    assert question_problems(question) == []
    table = [((False, 1), 100), ((False, 0), 50), ((False, None), 50), ((True, 1), 0)]
    for (value, reason), hundredths in table:
        assert score_response("true_false", question, {"value": value, "reason": reason}) == hundredths


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1.234,5", ["1234.5"]),
        ("1,234.5", ["1234.5"]),
        ("1 234,5", ["1234.5"]),
        ("1.234", ["1234", "1.234"]),
        ("0,5", ["0.5"]),
        (",5", ["0.5"]),
        ("−3", ["-3"]),
        ("1.234.567", ["1234567"]),
        ("1\u2019234,5", ["1234.5"]),
        ("\u20133", ["-3"]),
        ("1,2,3", []),
        ("", []),
        ("-", []),
        ("12 %", []),
        ("1" * 41, []),
        ("1.6e-19", ["1.6e-19"]),
        ("1,6E\u221219", ["1.6e-19"]),
        ("-1,6 · 10^-19", ["-1.6e-19"]),
        ("1e3", ["1000"]),
        ("2E+08", ["200000000"]),
        ("1.234e3", ["1234"]),
        ("1.234,5e3", []),
        ("1.234.567e3", []),
        ("1e1,5", []),
        ("1e", []),
        ("e3", []),
        ("1e3e3", []),
        ("1e1000", []),
        ("1e999999999", []),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, numbers: list[str]) -> None:
    assert readings(text) == [Fraction(number) for number in numbers]


@pytest.mark.parametrize(
    ("prompt", "value", "typed", "right"),
    [
        ("Wie viel Prozent?", 56, "56 %", True),
        ("Wie viel Prozent?", 56, "56%", True),
        ("Wie viele % sind das?", 56, "56 Prozent", True),
        ("Wie viele Stunden?", 300, "300 Stunden", True),
        ("Wie viele Stunden?", 300, "300 Std.", True),
        ("Wie viele Stunden?", 300, "300 stunden", True),
        ("Wie viele Stunden?", 300, "300 Minuten", False),
        ("Was kostet es in Euro?", 1200, "1.200 €", True),
        ("Was kostet es in €?", 1200, "EUR 1.200", True),
        ("Was kostet es in Euro?", 1200000, "1,2 Mio. €", False),
        ("Was kostet es in Euro?", 1200, "1,2 Tsd. Euro", False),
        ("Wie lang in m?", 5, "5 m", True),
        ("Wie lang in m?", 5, "5 km", False),
        ("Wie lang in m?", 5, "5 M", False),
        ("Wie groß in m³?", 5, "5 m³", True),
        ("Wie groß in m³?", 5, "5 m", False),
        ("Wie warm in °C?", -3, "\u22123 °C", True),
        ("Wie viele sind es?", 56, "56 %", False),
        ("Wie viel Prozent?", 56, "% 56", False),
        ("Wie viel Prozent?", 56, "57 %", False),
        ("Es dauert je 45 Minuten. Wie viele Stunden sind das?", 12.5, "12,5 Stunden", True),
        ("Es dauert je 45 Minuten. Wie viele Stunden sind das?", 12.5, "12,5 Minuten", False),
        ("Rechnen Sie in Minuten.", 90, "90 Minuten", True),
        ("Wie viele Minuten sind 2 Stunden?", 120, "120", True),
        ("Wie viele Minuten sind 2 Stunden?", 120, "120 Stunden", False),
        ("Wie viele Minuten sind 2 Stunden?", 120, "120 Minuten", False),
        ("Wie viele Minuten sind 2 Stunden?", 120, "2 Stunden", False),
    ],
)
def test_a_unit_that_the_question_names_costs_nothing(prompt: str, value: int, typed: str, right: bool) -> None:
    question = {"prompt": prompt, "value": value}
    assert score_response("numerical", question, {"text": typed, "unit": None}) == (100 if right else 0)


def test_where_several_units_are_named_the_page_asks_for_the_number_alone() -> None:
    numerical = get_interaction("numerical")
    two = {"prompt": "Wie viele Minuten sind 2 Stunden?", "value": 120}
    assert numerical.show(two, [], None)["number_only"]
    assert not numerical.show(two | {"units": [{"name": "Minuten", "factor": 1}]}, [], None)["number_only"]
    assert not numerical.show({"prompt": "Wie viele Minuten?", "value": 120}, [], None)["number_only"]


@pytest.mark.parametrize(
    ("typed", "unit", "right"),
    [
        ("12,5 kWh", None, True),
        ("12,5 kwh", None, True),
        ("0,0125 MWh", None, True),
        ("12,5 kWh", "kWh", True),
        ("12,5 kWh", "MWh", False),
        ("12,5 MWh", None, False),
        ("12,5 Wh", "kWh", False),
        ("12,5", None, False),
    ],
)
def test_a_typed_unit_counts_as_the_choice_and_must_not_contradict_it(
    typed: str, unit: str | None, right: bool
) -> None:
    question = QUESTIONS["numerical"] | {"units": [{"name": "kWh", "factor": 1}, {"name": "MWh", "factor": 1000}]}
    assert score_response("numerical", question, {"text": typed, "unit": unit}) == (100 if right else 0)


def test_units_are_converted_and_must_be_chosen() -> None:
    question = QUESTIONS["numerical"] | {"units": [{"name": "kWh", "factor": 1}, {"name": "MWh", "factor": 1000}]}
    assert question_problems(question) == []
    assert score_response("numerical", question, {"text": "0,0125", "unit": "MWh"}) == 100
    assert score_response("numerical", question, {"text": "12,5", "unit": None}) == 0


@pytest.mark.parametrize(
    ("typed", "accepted", "options", "expected"),
    [
        ("strasse", "Straße", {"ignore_diacritics": True}, True),
        ("Muenchen", "München", {"ignore_diacritics": True}, True),
        ("Łódź", "Lodz", {"ignore_diacritics": True}, True),
        ("amt", "Amt", {"case_sensitive": True}, False),
        ("offene Daten", "offene*", {}, True),
        ("aXbXc", "a*b*c", {}, True),
        ("ab", "a*b*c", {}, False),
        ("a", "*a*", {}, True),
        ("Cafe\u0301", "Café", {}, True),
    ],
)
def test_typed_text_is_compared_kindly(typed: str, accepted: str, options: dict[str, bool], expected: bool) -> None:
    usual = {"case_sensitive": False, "ignore_diacritics": False}
    assert matches(typed, accepted, **(usual | options)) is expected


def test_tidy_is_idempotent() -> None:
    for text in ("  a\t b \n", "\x00\x07x", "é" * 600, "‮abc", "a " * 400):
        assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"type": "roman"}, "'type'"),
        ({"id": "Q 1"}, "'id'"),
        ({"prompt": " "}, "'prompt'"),
        ({"antworten": 1}, "Unknown key"),
        ({"answers": [{"text": "a", "correct": True}]}, "2 to 12"),
        ({"answers": [{"text": "a"}, {"text": "b"}]}, "Exactly one"),
        ({"answers": [{"text": "a", "correct": True}, {"text": "a"}]}, "same text"),
        ({"points": 0}, "'points'"),
        ({"difficulty": 4}, "'difficulty'"),
        ({"tags": "x"}, "'tags'"),
    ],
)
def test_a_bad_question_is_refused_with_a_sentence(change: dict[str, Any], problem: str) -> None:
    found = in_english(question_problems(QUESTIONS["single_choice"] | change))
    assert any(problem in sentence for sentence in found), found
