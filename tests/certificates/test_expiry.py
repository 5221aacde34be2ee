"""Until when a document is valid is printed on it; and documents of before say what they said."""

from __future__ import annotations

from typing import Any

import pytest

from certificates.documents.rendering import Order, make_sheet
from certificates.documents.words import document_words
from certificates.layouts.files import shipped_layout
from certificates.lifecycle.corrections import renew_certificate
from lms.db import transaction
from lms.printing.layouts import write_manuscript
from tests.cast import NOW, Cast
from tests.certificates.conferring import confer
from tests.certificates.test_documents import ISSUED, facts

END = {"valid_until_date": "2027-06-30"}


def page(layout: str, **changes: Any) -> str:
    """Return what is printed, before it is laid out."""
    return write_manuscript(shipped_layout(layout).files, make_sheet(Order(facts(**changes), ISSUED))).html


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 3, **END}, "Gültig bis 30. Juni 2027"), ({"format": 3, "language": "en", **END}, "Valid until 30 June 2027"),
        ({"format": 3, "valid_until_date": None}, ""), ({"format": 2, **END}, ""), ({"format": 1}, ""),
    ],
)  # fmt: skip
def test_the_words_of_an_end(changes: dict[str, Any], said: str) -> None:
    assert document_words(facts(**changes))["valid_until"] == said


@pytest.mark.parametrize("layout", ["formal", "modern"])
def test_the_end_is_printed_beside_the_day_of_issue_and_nothing_else_changes(layout: str) -> None:
    given = "Potsdam, den 1. Juni 2026"
    before = page(layout, format=2, **END)
    assert f'<p class="given">{given}</p>' in before
    assert before == page(layout, format=1) == page(layout, format=2, valid_until_date=None)
    ending = f'<div class="given ending"><p>{given}</p><p>Gültig bis 30. Juni 2027</p></div>'
    assert page(layout, format=3, **END) == before.replace(f'<p class="given">{given}</p>', ending)


def test_only_what_ends_is_of_the_new_format(graduates: Cast) -> None:
    [endless, _other] = confer(graduates)
    assert (endless.facts["format"], endless.facts["valid_until_date"]) == (2, None)


def test_what_is_conferred_with_an_end_and_what_is_renewed_says_so(graduates: Cast) -> None:
    [ending, _other] = confer(graduates, valid_months=12)
    assert document_words(ending.facts)["valid_until"] == "Gültig bis 8. September 2027"
    with transaction():
        renewed = renew_certificate(ending, months=24, reason="Aufgefrischt", actor=graduates.coordinator, at=NOW)
    assert document_words(renewed.facts)["valid_until"] == "Gültig bis 8. September 2028"
