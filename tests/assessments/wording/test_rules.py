"""How old and new texts are told apart, and when somebody was overtaken."""

from __future__ import annotations

import pytest

from assessments.items.rules import list_wordings
from assessments.wording.rules import compare, is_overtaken, list_changes, typed_texts
from tests.assessments.items.test_scoring import QUESTIONS


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("", "", ""),
        ("Ein Weg", "Ein Weg", "Ein Weg"),
        ("", "Neu.", "{Neu.}"),
        ("Weg.", "", "[Weg.]"),
        ("Was ist ein Amt?", "Was ist das Amt?", "Was ist [ein]{das} Amt?"),
        ("Ein Amt.", "Ein Amt, sagt man.", "Ein Amt{, sagt man}."),
        ("a a", "a", "a[ a]"),
        ("Zeile\nzwei", "Zeile\n\nzwei", "Zeile[\n]{\n\n}zwei"),
    ],
)
def test_old_and_new_in_one(before: str, after: str, marked: str) -> None:
    signs = {"same": "%s", "gone": "[%s]", "new": "{%s}"}
    pieces = compare(before, after)
    assert "".join(signs[one.kind] % one.text for one in pieces) == marked
    assert "".join(one.text for one in pieces if one.kind != "new") == before
    assert "".join(one.text for one in pieces if one.kind != "gone") == after


def test_long_texts_are_compared_in_bounded_work() -> None:
    before, after = "a b " * 5_000, "b a c " * 3_300
    pieces = compare(before, after)
    assert len(pieces) < 10
    assert "".join(one.text for one in pieces if one.kind != "new") == before


def test_changes_are_named_like_their_fields() -> None:
    question = QUESTIONS["ordering"]
    [change] = list_changes(("ordering", question), ("ordering", question | {"steps": ["eins", "zwei", "vier"]}))
    assert (change.label.text, change.label.values) == ("Step %(number)s", {"number": 3})
    assert (change.before, change.after) == ("drei", "vier")
    assert len(list_changes(("ordering", question), ("short_text", QUESTIONS["short_text"]))) == 3


def test_what_was_not_sent_stays_as_it_is() -> None:
    question = QUESTIONS["single_choice"] | {"prompt": "Zwei\nZeilen\n"}
    wordings = list_wordings("single_choice", question)
    texts = typed_texts(wordings, {"prompt": " Zwei\r\nZeilen ", "answers-0-text": "neu\r\n"})
    assert (texts["prompt"], texts["answers-0-text"], texts["answers-1-text"]) == ("Zwei\nZeilen\n", "neu", "b")


@pytest.mark.parametrize(
    ("seen", "standing", "given", "told"),
    [("a", "a", "b", False), ("a", "b", "a", True), ("a", "b", "c", True), ("a", "b", "b", False), ("a", "a", "a", False)],
)
def test_overtaken(seen: str, standing: str, given: str, told: bool) -> None:
    assert is_overtaken({"prompt": seen}, {"prompt": standing}, {"prompt": given}) is told
