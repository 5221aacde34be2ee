"""Typed answers that give a part of the points, or none and a word about it: which one counts, and what is shown."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from assessments.items.interactions.registry import get_interaction
from assessments.items.models import ItemVersion
from assessments.items.rendering import key_form, question_view
from assessments.items.rules import mend, question_problems, score_response
from tests.assessments.items.naughty import NAUGHTY
from tests.sayings import in_english

COMMON = {"id": "q-1", "prompt": "Welcher Fluss?", "explanation": "Darum"}
TEXT: dict[str, Any] = COMMON | {
    "type": "short_text",
    "accepted": [
        {"text": "Havelland", "percent": 0, "feedback": "Das ist eine Landschaft."},
        {"text": "Havel", "feedback": "Genau."},
        {"text": "Hafel", "percent": 33.33333, "feedback": "Mit *v*."},
        "Havel*",
        {"text": "*see", "percent": 50},
        {"text": "*", "percent": 0, "feedback": "Sehen Sie auf die Karte."},
    ],
}
NUMBER: dict[str, Any] = COMMON | {
    "type": "numerical",
    "value": 12.5,
    "tolerance": 0.1,
    "feedback": "Genau.",
    "other_values": [
        {"value": 12.5, "tolerance": 0.08, "tolerance_kind": "relative", "percent": 50, "feedback": "Fast."},
        {"value": 125, "percent": 0, "feedback": "Das Komma."},
        {"value": 1250},
        {"value": 1.234, "percent": 25},
        {"value": 1234, "percent": 75},
    ],
    "feedback_otherwise": "Rechnen Sie nach.",
}


def shown(question: dict[str, Any], typed: str) -> tuple[int, bool, bool, str]:
    """Return hundredths of a point, whether right, whether partly, and the feedback."""
    response = {"text": typed} | ({"unit": None} if question["type"] == "numerical" else {})
    view = get_interaction(question["type"]).show(question, [], response)
    hundredths = score_response(question["type"], question, response)
    return hundredths, view["correct"], view["partly"], view["feedback"]


def test_they_are_good_questions() -> None:
    assert question_problems(TEXT) == []
    assert question_problems(NUMBER) == []


@pytest.mark.parametrize(
    ("typed", "more", "expected"),
    [
        ("Havel", {}, (100, True, False, "Genau.")),
        ("HAVEL", {}, (100, True, False, "Genau.")),
        ("HAVEL", {"case_sensitive": True}, (0, False, False, "Sehen Sie auf die Karte.")),
        ("Hável", {}, (0, False, False, "Sehen Sie auf die Karte.")),
        ("Hável", {"ignore_diacritics": True}, (100, True, False, "Genau.")),
        ("hafel", {}, (33, False, True, "Mit *v*.")),
        ("Havelland", {}, (0, False, False, "Das ist eine Landschaft.")),
        ("Havelsee", {}, (100, True, False, "")),
        ("Wannsee", {}, (50, False, True, "")),
        ("Spree", {}, (0, False, False, "Sehen Sie auf die Karte.")),
    ],
)
def test_the_first_text_that_matches_counts(
    typed: str, more: dict[str, bool], expected: tuple[int, bool, bool, str]
) -> None:
    assert shown(TEXT | more, typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("12,5", (100, True, False, "Genau.")),
        ("12.5", (100, True, False, "Genau.")),
        ("12,6", (100, True, False, "Genau.")),
        ("12,61", (50, False, True, "Fast.")),
        ("13,5", (50, False, True, "Fast.")),
        ("13,51", (0, False, False, "Rechnen Sie nach.")),
        ("125", (0, False, False, "Das Komma.")),
        ("1.250", (100, True, False, "")),
        ("1,250", (100, True, False, "")),
        ("1250,0", (100, True, False, "")),
        ("1.234", (75, False, True, "")),
        ("1,234", (75, False, True, "")),
        ("1,2340", (25, False, True, "")),
        ("zwölf", (0, False, False, "Rechnen Sie nach.")),
    ],
)
def test_the_first_number_that_is_hit_counts_and_the_better_reading(
    typed: str, expected: tuple[int, bool, bool, str]
) -> None:
    assert shown(NUMBER, typed) == expected


def test_a_part_of_the_points_is_exact() -> None:
    """As it is written, not as the nearest binary number."""
    text = get_interaction("short_text").score(TEXT, {"text": "Hafel"})
    assert text == Fraction("33.33333") / 100
    number = NUMBER | {"other_values": [{"value": 1, "percent": 0.1}]}
    assert get_interaction("numerical").score(number, {"text": "1", "unit": None}) == Fraction(1, 1000)
    assert score_response("short_text", TEXT | {"points": 100}, {"text": "Hafel"}) == 3333


def test_a_wrong_unit_is_anything_else() -> None:
    question = NUMBER | {"units": [{"name": "kWh", "factor": 1}, {"name": "MWh", "factor": 1000}]}
    numerical = get_interaction("numerical")
    for typed, unit, feedback in (("13", "kWh", "Fast."), ("0,013", "MWh", "Fast."), ("13", None, "Rechnen Sie nach.")):
        assert numerical.show(question, [], {"text": typed, "unit": unit})["feedback"] == feedback


def test_a_gap_gives_its_part_of_the_points() -> None:
    gaps = [{"id": "a", "accepted": TEXT["accepted"]}, {"id": "b", "accepted": ["x"]}]
    question = COMMON | {"type": "gaps", "text": "[[a]] und [[b]]", "gaps": gaps}
    assert question_problems(question) == []
    response = {"gaps": {"a": "Wannsee", "b": "x"}}
    assert get_interaction("gaps").score(question, response) == Fraction(3, 4)
    first, _and, second = (part for part in get_interaction("gaps").show(question, [], response)["parts"] if part)
    assert (first["correct"], first["partly"], first["right"], second["correct"]) == (False, True, "Havel", True)
    assert [part.right for part in get_interaction("gaps").analyse(question, response)] == [False, True]


def test_nothing_is_said_about_no_answer_and_only_what_is_right_is_listed() -> None:
    text, number = get_interaction("short_text"), get_interaction("numerical")
    assert text.show(TEXT, [], None)["feedback"] == number.show(NUMBER, [], None)["feedback"] == ""
    assert text.show(TEXT, [], None)["accepted"] == ["Havel", "Havel…"], "a wildcard is nothing for learners"
    assert [one["value"] for one in number.show(NUMBER, [], None)["right"]] == [12.5, 1250]


def test_statistics_count_what_gives_all_points_as_right() -> None:
    text, number = get_interaction("short_text"), get_interaction("numerical")
    assert [text.analyse(TEXT, {"text": typed})[0].right for typed in ("Havel", "Hafel")] == [True, False]
    assert [number.analyse(NUMBER, {"text": typed, "unit": None})[0].right for typed in ("1250", "13")] == [True, False]


@pytest.mark.parametrize("typed", NAUGHTY)
def test_whatever_is_typed_one_entry_decides(typed: str) -> None:
    for question in (TEXT, NUMBER):
        interaction = get_interaction(question["type"])
        response = interaction.read(question, "answer", MultiDict([("answer", typed)]))
        if response is not None:
            assert interaction.check(question, response)
            share, feedback = interaction.score(question, response), interaction.show(question, [], response)["feedback"]
            assert 0 < share <= 1 or (share == 0 and feedback), "there is something to say about anything else"


@pytest.mark.parametrize(
    ("accepted", "problem"),
    [
        ([{"text": "a", "percent": -1}, "b"], "from 0 to 100"),
        ([{"text": "a", "percent": 100.1}, "b"], "from 0 to 100"),
        ([{"text": "a", "percent": float("nan")}, "b"], "from 0 to 100"),
        ([{"text": "a", "percent": float("inf")}, "b"], "from 0 to 100"),
        ([{"text": "a", "percent": "50"}, "b"], "from 0 to 100"),
        ([{"text": "a", "percent": True}, "b"], "from 0 to 100"),
        ([{"text": "a", "feedback": " "}], "must be a text"),
        ([{"text": "a", "feedback": 3}], "must be a text"),
        ([{"text": " "}], "{text, percent?, feedback?}"),
        ([{"percent": 100}], "{text, percent?, feedback?}"),
        ([{"text": "a", "credit": 1}], "{text, percent?, feedback?}"),
        ([{1: "a"}], "{text, percent?, feedback?}"),
        ([["a"]], "at least one text"),
        ([{"text": "a", "percent": 50}], "must give all points"),
        ([{"text": "a", "percent": 0}], "must give all points"),
        ([{"text": "*"}], "every answer would be right"),
        (["a", {"text": " ** ", "percent": 1}], "every answer would be right"),
        ([{"text": "*", "percent": 0}, "a"], "must stand last"),
    ],
)
def test_a_bad_list_of_texts_is_refused(accepted: list[Any], problem: str) -> None:
    found = in_english(question_problems(TEXT | {"accepted": accepted}))
    assert any(problem in said for said in found), found
    gaps = {"type": "gaps", "text": "[[a]]", "gaps": [{"id": "a", "accepted": accepted}]}
    found = in_english(question_problems(COMMON | gaps))
    assert any(said.startswith("Gap 'a': ") and problem in said for said in found), found


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"other_values": {}}, "'other_values'"),
        ({"other_values": [3]}, "'other_values'"),
        ({"other_values": [{"percent": 50}]}, "Other value 1: 'value' must"),
        ({"other_values": [{"value": 1}, {"value": "2"}]}, "Other value 2: 'value' must"),
        ({"other_values": [{"value": 1, "tolerance": -1}]}, "Other value 1: 'tolerance' must"),
        ({"other_values": [{"value": 1, "tolerance_kind": "nominal"}]}, "Other value 1: 'tolerance_kind' must"),
        ({"other_values": [{"value": 1, "percent": -0.5}]}, "Other value 1: 'percent' must"),
        ({"other_values": [{"value": 1, "percent": float("nan")}]}, "Other value 1: 'percent' must"),
        ({"other_values": [{"value": 1, "feedback": ""}]}, "Other value 1: 'feedback' must"),
        ({"other_values": [{"value": 1, "units": []}]}, "Other value 1: The key 'units' is unknown"),
        ({"feedback": 1}, "'feedback' must be a text"),
        ({"feedback_otherwise": " "}, "'feedback_otherwise' must be a text"),
        ({"percent": 50}, "Unknown key"),
    ],
)
def test_bad_other_values_are_refused(change: dict[str, Any], problem: str) -> None:
    found = in_english(question_problems(NUMBER | change))
    assert any(problem in said for said in found), found


def key(question: dict[str, Any], *, lines: str, **fields: str) -> tuple[list[Any], list[str]]:
    """Return the accepted texts of a mended question and what is wrong with them."""
    percents = [(f"key-accepted-percent{place.replace('_', '-')}", typed) for place, typed in fields.items()]
    form = MultiDict([("key-accepted", lines), *percents])
    before = copy.deepcopy(question)
    new, found = mend("short_text", question, form) or pytest.fail("no key")
    assert question == before
    return new["accepted"], [one.said.text for one in found]


def test_a_key_that_is_left_alone_loses_nothing() -> None:
    assert key(TEXT, lines="Havel\r\nHavel*", _0="0", _2="33,33333", _4="50") == (TEXT["accepted"], [])
    assert key(TEXT, lines="Havel\r\nHavel*") == (TEXT["accepted"], [])


def test_a_new_text_stands_before_the_one_that_would_take_it() -> None:
    accepted, found = key(TEXT, lines="Havel\nHavel*\nMüggelsee\nDie Havel")
    assert found == []
    assert accepted == [*TEXT["accepted"][:4], "Müggelsee", TEXT["accepted"][4], "Die Havel", TEXT["accepted"][5]]
    assert question_problems(TEXT | {"accepted": accepted}) == []
    assert shown(TEXT | {"accepted": accepted}, "müggelsee")[:2] == (100, True)


def test_a_text_is_taken_away_and_another_gets_all_points() -> None:
    accepted, found = key(TEXT | {"accepted": ["Oder", *TEXT["accepted"]]}, lines="Hafel\nHavel*", _5="12.5")
    assert found == []
    assert accepted == [
        *TEXT["accepted"][:2], {"text": "Hafel", "feedback": "Mit *v*."}, "Havel*", {"text": "*see", "percent": 12.5},
        TEXT["accepted"][5],
    ]  # fmt: skip


def test_without_points_or_feedback_of_their_own_the_lines_are_the_list() -> None:
    assert key(TEXT | {"accepted": ["b", {"text": "a"}]}, lines="a\nc\nb\nc") == ([{"text": "a"}, "c", "b"], [])


def test_what_is_said_to_a_right_answer_is_not_lost() -> None:
    """Its row has its points; the lines need not name it, and taking it away is giving it none."""
    question = TEXT | {"accepted": ["b", {"text": "a", "feedback": "Ja."}]}
    for lines, percents in (("b", {}), ("b", {"_1": "100"}), ("b\na", {"_1": "100"}), ("b\na", {"_1": "50"})):
        assert key(question, lines=lines, **percents) == (question["accepted"], [])
    assert key(question, lines="c", _1="100") == ([{"text": "a", "feedback": "Ja."}, "c"], [])
    assert key(question, lines="", _1="100") == ([{"text": "a", "feedback": "Ja."}], [])
    assert key(question, lines="b", _1="0") == (["b", {"text": "a", "feedback": "Ja.", "percent": 0}], [])


def test_what_nobody_sees_is_no_part_of_a_text() -> None:
    """PostgreSQL could not keep it, and nobody could type it."""
    assert key(TEXT | {"accepted": ["b"]}, lines="b\nMü\x00ggel\u00a0 see\n\x00") == (["b", "Müggel see"], [])
    assert key(TEXT | {"accepted": ["u\u0308ber", "zwei  Wörter"]}, lines="\u00fcber\nzwei Wörter") == (
        ["u\u0308ber", "zwei  Wörter"], [],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "fields", "problem"),
    [
        ("", {"_1": "0"}, "At least one text must be accepted."),
        ("Havel", {"_4": ""}, "The points of an expected answer must be a number from 0 to 100."),
        ("Havel\n*", {}, "A * alone would make every answer right. Please write more in that line, or take it away."),
        ("Havel", {"_5": "10"}, "A * alone would make every answer right. Please write more in that line, or take it away."),
        ("Havel", {"_4": "-1"}, "The points of an expected answer must be a number from 0 to 100."),
        ("Havel", {"_4": "101"}, "The points of an expected answer must be a number from 0 to 100."),
        ("Havel", {"_4": "nan"}, "The points of an expected answer must be a number from 0 to 100."),
        ("Havel", {"_4": "1e1"}, "The points of an expected answer must be a number from 0 to 100."),
        ("Havel", {"_4": "²"}, "The points of an expected answer must be a number from 0 to 100."),
    ],
)
def test_a_key_that_does_not_work_says_why(lines: str, fields: dict[str, str], problem: str) -> None:
    assert key(TEXT, lines=lines, **fields)[1] == [problem]


def test_the_points_of_other_numbers_are_mended() -> None:
    form = [("key-value", "12,5"), ("key-tolerance", "0,1"), ("key-percent-0", "60 %"), ("key-percent-1", "0")]
    assert mend("numerical", NUMBER, MultiDict(form[:2])) == (
        {name: value for name, value in NUMBER.items() if name != "repaired"}, [],
    )  # fmt: skip
    new, found = mend("numerical", NUMBER, MultiDict(form)) or pytest.fail("no key")
    assert (found, new["other_values"][0]["percent"], new["feedback"]) == ([], 60, "Genau.")
    assert new["other_values"][1:] == NUMBER["other_values"][1:]


REVIEW = '{% from "items/_question.html" import key, review_shown with context %}{{ review_shown(question, shows) }}'


def page(app: Flask, question: dict[str, Any], typed: str, shows: list[str]) -> str:
    """Return the HTML of a review."""
    response = {"text": typed} | ({"unit": None} if question["type"] == "numerical" else {})
    view = question_view(ItemVersion(id=1, type=question["type"], definition=question), [], response)
    with app.test_request_context("/"):
        return render_template_string(REVIEW, question=view | {"number": 1, "mark": None}, shows=shows)


def test_a_review_shows_the_feedback_of_the_answer_that_was_given(app: Flask) -> None:
    html = page(app, TEXT, "hafel", ["right_answers", "feedback"])
    assert "Mit <em>v</em>." in html
    assert "verdict--partly" in html
    assert "Das ist eine Landschaft" not in html
    assert "Havel · Havel…" in html
    assert "Hafel" not in html, "only what gives all points is listed"
    assert "33" not in html, "how many points it gave is said by the page, where points are shown"
    html = page(app, NUMBER, "13", ["right_answers", "feedback"])
    assert "Fast." in html
    assert "12,5 ± 0,1 · 1.250" in html or "12.5 ± 0.1 · 1,250" in html


@pytest.mark.parametrize("shows", [["own_answers"], ["right_answers"], ["own_answers", "feedback"], []])
def test_feedback_is_shown_only_where_the_quiz_says_so_and_beside_the_right_answers(app: Flask, shows: list[str]) -> None:
    assert "Mit <em>v</em>." not in page(app, TEXT, "hafel", shows)
    assert "Fast." not in page(app, NUMBER, "13", shows)


def test_neither_feedback_nor_key_is_taken_for_markup(app: Flask) -> None:
    evil = '"><script>alert(1)</script>{{ 7 * 7 }}'
    said = {"percent": 50, "feedback": evil}
    text = TEXT | {"accepted": ["a", {"text": evil} | said, {"text": "*", "percent": 0, "feedback": evil}]}
    number = NUMBER | {"feedback": evil, "feedback_otherwise": evil, "other_values": [{"value": 1} | said]}
    for question, typed in ((text, evil), (text, "x"), (number, "1"), (number, "12,5"), (number, evil)):
        html = page(app, question, typed, ["right_answers", "feedback"])
        version = ItemVersion(type=question["type"], definition=question)
        entered = MultiDict({f"key-{name}": evil for name in ("accepted", "value", "percent-0", "new-0-value", "new-0-feedback")})
        with app.test_request_context("/"):
            html += render_template_string(
                REVIEW.partition("%}")[0] + "%}{{ key(keyed) }}", keyed=key_form(version, entered, [], media="")
            )
        assert "<script" not in html
        assert '""><' not in html, "no value ends an attribute"
        assert "49" not in html
