"""The types that a person marks, and hotspots: definitions, answers, files; and what no input may break."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from assessments.attempts.edits import apply_edit, edit_between
from assessments.items.interactions.registry import INTERACTIONS, get_interaction
from assessments.items.interactions.typed import MAX_WRITTEN, count_words, tidy_long
from assessments.items.rules import (
    DROPPED,
    FULL_POINTS,
    REPAIRED,
    maximum,
    needs_mark,
    question_problems,
    score_response,
)
from lms.files.rules import FileReason, clean_name, file_problem, media_type_of
from tests.assessments.items.naughty import NAUGHTY
from tests.assessments.items.test_scoring import QUESTIONS
from tests.sayings import in_english

FILE = {"id": 7, "filename": "plan.pdf", "media_type": "application/pdf", "size": 9, "sha256": "a" * 64}
FIELDS = ("q", "q-0", "q-1", "q-2", "q-a", "q-b", "q-unit", "q-reason")


@pytest.mark.parametrize("name", INTERACTIONS)
@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_no_input_breaks_a_type(name: str, text: str) -> None:
    question, interaction = QUESTIONS[name], get_interaction(name)
    form = MultiDict([(field, text) for field in FIELDS])
    response = interaction.read(question, "q", form)
    points = score_response(name, question, response)
    assert 0 <= points <= maximum(question)
    if response is None:
        return
    assert interaction.check(question, response)
    assert json.loads(json.dumps(response)) == response
    assert "\x00" not in json.dumps(response)
    assert interaction.read(question, "q", form) == response
    assert interaction.show(question, interaction.shuffle(question, random.Random(1)), response)
    assert all(part.right in (True, False, None) for part in interaction.analyse(question, response))


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        ("essay", {"min_words": 0}, "'min_words'"),
        ("essay", {"max_words": True}, "'max_words'"),
        ("essay", {"min_words": 300}, "must not be larger"),
        ("essay", {"guidance": ""}, "'guidance'"),
        ("essay", {"answers": []}, "Unknown key"),
        ("file_upload", {"media_types": []}, "'media_types'"),
        ("file_upload", {"media_types": ["text/html"]}, "'media_types'"),
        ("file_upload", {"max_megabytes": 51}, "'max_megabytes'"),
        ("hotspot", {"image": "plan.png"}, "'image'"),
        ("hotspot", {"image": "media/plan.pdf"}, "'image'"),
        ("hotspot", {"image": "media/../x.png"}, "'image'"),
        ("hotspot", {"alt": " "}, "'alt'"),
        ("hotspot", {"areas": []}, "2 to 12"),
        ("hotspot", {"areas": [{"label": "a", "shape": "rect", "coords": [0, 0, 1, 1]}] * 2}, "same label"),
        ("hotspot", {"areas": [{"label": x, "shape": "circle", "coords": [1, 1, 1]} for x in "ab"]}, "correct"),
        ("hotspot", {"areas": [{"label": "a", "shape": "poly", "coords": [1]}, {"label": "b"}]}, "rect or circle"),
        ("hotspot", {"areas": [{"label": "a", "shape": "rect", "coords": [9, 9, 1, 1]}, 3]}, "no surface"),
        ("hotspot", {"areas": [{"label": "a", "shape": "rect", "coords": [0, 0, 101, 1]}, 3]}, "0 to 100"),
    ],
)
def test_a_bad_definition_is_refused_with_a_sentence(name: str, change: dict[str, Any], problem: str) -> None:
    found = in_english(question_problems(QUESTIONS[name] | change))
    assert any(problem in sentence for sentence in found), found


@pytest.mark.parametrize(
    ("chosen", "hundredths"),
    [(["0"], 50), (["0", "2"], 100), (["0", "1"], 0), (["0", "1", "2"], 50), (["1"], 0), ([], 0)],
)
def test_several_right_areas_count_right_minus_wrong(chosen: list[str], hundredths: int) -> None:
    areas = [{**area, "correct": number != 1} for number, area in enumerate(QUESTIONS["hotspot"]["areas"])]
    question = QUESTIONS["hotspot"] | {"areas": areas}
    assert question_problems(question) == []
    response = get_interaction("hotspot").read(question, "q", MultiDict([("q", one) for one in chosen]))
    assert score_response("hotspot", question, response) == hundredths


def test_only_what_a_person_wrote_waits_for_a_mark() -> None:
    essay, answer = QUESTIONS["essay"], {"text": "Ein Text."}
    assert needs_mark("essay", essay, answer)
    assert not needs_mark("essay", essay, None)
    assert not needs_mark("essay", essay, {"text": " "})
    assert not needs_mark("essay", essay | {REPAIRED: FULL_POINTS}, answer)
    assert not needs_mark("essay", essay | {REPAIRED: DROPPED}, answer)
    assert not needs_mark("short_text", QUESTIONS["short_text"], answer)
    assert needs_mark("file_upload", QUESTIONS["file_upload"], {"file": FILE})
    assert not needs_mark("file_upload", QUESTIONS["file_upload"], {"file": FILE | {"size": "9"}})


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("ein", 1), ("Ein – zwei,  drei\nvier!", 4), ("E-Mail 3,5 %", 2), ("…", 0), ("日本 語", 2)],
)
def test_words_are_counted_as_people_do(text: str, words: int) -> None:
    assert count_words(text) == words


def test_a_long_text_keeps_its_lines() -> None:
    assert tidy_long("a\r\nb\rc\td\x00 \n\n") == "a\nb\nc\td"
    for text in NAUGHTY:
        assert tidy_long(tidy_long(text)) == tidy_long(text)
        assert len(tidy_long(text)) <= MAX_WRITTEN


@given(st.text(max_size=600), st.text(max_size=600), st.integers(0, 600), st.integers(0, 600))
def test_an_edit_makes_the_new_text_out_of_the_old_one(old: str, typed: str, start: int, end: int) -> None:
    new = old[:start] + typed + old[end:]
    edit = edit_between({"text": old}, {"text": new})
    if edit is not None:
        assert apply_edit({"text": old}, json.loads(json.dumps(edit))) == {"text": new}


def test_typing_on_in_a_long_text_is_kept_as_what_was_typed() -> None:
    old = "Wort " * 6000
    assert edit_between({"text": old}, {"text": old + "und mehr"}) == [len(old), 0, "und mehr"]
    assert edit_between({"text": old}, {"text": old[:90] + "x" + old[91:]}) == [90, len(old) - 91, "x"]
    assert edit_between({"text": "kurz"}, {"text": "kurz und"}) is None
    assert edit_between(None, {"text": old}) is None
    assert edit_between({"choice": 1}, {"choice": 2}) is None


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("plan.pdf", b"%PDF-1.7 x", None),
        ("PLAN.PDF", b"%PDF-1.7 x", None),
        ("bild.png", b"\x89PNG\r\n\x1a\n...", None),
        ("plan.pdf", b"", FileReason.EMPTY),
        ("plan.pdf", b"<html>", FileReason.NOT_WHAT_IT_SAYS),
        ("plan.pdf.exe", b"%PDF-", FileReason.WRONG_KIND),
        ("plan", b"%PDF-", FileReason.WRONG_KIND),
        ("seite.html", b"<p>", FileReason.WRONG_KIND),
        ("text.txt", b"Text", FileReason.WRONG_KIND),
        ("plan.pdf", b"%PDF-" + b"x" * 2 * 1024 * 1024, FileReason.TOO_LARGE),
    ],
)
def test_files_are_looked_at_before_they_are_kept(name: str, content: bytes, problem: FileReason | None) -> None:
    assert file_problem(name, content, ["application/pdf", "image/png"], 2) is problem


def test_plain_text_has_no_nul() -> None:
    assert file_problem("a.txt", b"Text", ["text/plain"], 1) is None
    assert file_problem("a.txt", b"MZ\x00\x01", ["text/plain"], 1) is FileReason.NOT_WHAT_IT_SAYS


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ich\\Plan.pdf", "Plan.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\x00\r\nb.pdf", "ab.pdf"),
        ("", "file"),
        ("...", "file"),
        ("Straße & Wege – Entwurf.pdf", "Straße & Wege – Entwurf.pdf"),
    ],
)
def test_names_are_cleaned(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@pytest.mark.parametrize("name", NAUGHTY)
def test_every_name_becomes_a_short_harmless_one(name: str) -> None:
    clean = clean_name(name + ".pdf")
    assert 0 < len(clean) <= 120
    assert not set("/\\\x00\r\n\u202e") & set(clean)
    assert media_type_of(clean) == "application/pdf"
