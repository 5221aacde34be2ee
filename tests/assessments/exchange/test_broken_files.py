"""Whatever bytes come: an answer for each question or one for the file, never an exception."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.exchange.formats.registry import READERS, WRITERS
from assessments.exchange.reading import read_questions
from assessments.exchange.writing import write_questions
from lms.sentences import plain_sentence
from tests.assessments.exchange.definitions import SAYINGS, UGLY, questions
from tests.assessments.twelve import PICTURE

PIECES = (
    *SAYINGS,
    *UGLY,
    "\n",
    "\n\n",
    "A) ",
    "ANSWER: B",
    "::x::",
    "{",
    "}",
    "{T}",
    "{#1}",
    "=",
    "~%50%",
    "->",
    "####",
    "<p>",
    "</p>",
)
XML = (
    "<quiz>",
    "</quiz>",
    '<question type="',
    "multichoice",
    "cloze",
    '">',
    "</question>",
    "<text>",
    "</text>",
    '<answer fraction="',
)


def check(content: bytes, format_name: str | None) -> None:
    """Read a file and demand a readable refusal wherever nothing was taken."""
    reading = read_questions(content, "datei", format_name)
    assert reading.entries
    for entry in reading.entries:
        assert (entry.question is None) == (entry.reason is not None)
        assert entry.reason is None or plain_sentence(entry.reason)
    keys = [entry.question["id"] for entry in reading.taken if entry.question]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("format_name", [*READERS, None])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pieces=st.lists(st.sampled_from([*PIECES, *XML]), max_size=30))
def test_made_of_marks(format_name: str | None, pieces: list[str]) -> None:
    check("".join(pieces).encode(), format_name)


@pytest.mark.parametrize("format_name", [*READERS, None])
@settings(max_examples=40, deadline=None)
@given(content=st.binary(max_size=200))
def test_any_bytes(format_name: str | None, content: bytes) -> None:
    check(content, format_name)


@pytest.mark.parametrize("format_name", [name for name in WRITERS if name in READERS])
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(made=st.lists(questions(), min_size=1, max_size=2, unique_by=lambda one: one["id"]), data=st.data())
def test_good_files_with_a_fault(format_name: str, made: list[dict[str, Any]], data: st.DataObject) -> None:
    content = write_questions(made, format_name, lambda _address: PICTURE.encode()).content
    at = data.draw(st.integers(0, max(len(content) - 1, 0)))
    fault = data.draw(st.sampled_from(["cut", "drop", "swap", "marks"]))
    if fault == "cut":
        content = content[:at]
    elif fault == "drop":
        content = content[:at] + content[at + data.draw(st.integers(1, 20)) :]
    elif fault == "swap":
        content = content[:at] + bytes([data.draw(st.integers(0, 255))]) + content[at + 1 :]
    else:
        content = content[:at] + data.draw(st.sampled_from(PIECES)).encode() + content[at:]
    check(content, None)
    check(content, format_name)
