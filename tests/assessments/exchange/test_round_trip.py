"""What is written comes back the same, whatever is in it; what cannot is refused by name and nothing is lost silently."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.exchange.formats.registry import READERS, WRITERS, guess_format
from assessments.exchange.writing import write_questions
from assessments.exchange.written import meaningful
from tests.assessments.exchange.definitions import PLAN, questions
from tests.assessments.twelve import PICTURE

FORMATS = tuple(name for name in WRITERS if name in READERS)
#: What each format says of questions with harmless texts, so that refusing everything is no way to pass.
SAID = {
    "gift": ("single_choice", "true_false", "short_text", "numerical", "matching"),
    "moodle-xml": (
        "single_choice",
        "true_false",
        "short_text",
        "numerical",
        "matching",
        "gaps",
        "essay",
        "file_upload",
    ),
    "qti": (
        "single_choice",
        "multiple_choice",
        "true_false",
        "short_text",
        "numerical",
        "matching",
        "gaps",
        "essay",
        "file_upload",
        "hotspot",
    ),
}


def plan(address: str) -> bytes:
    """Return the only picture that there is."""
    assert address == PLAN
    return PICTURE.encode()


def back(content: bytes, format_name: str) -> list[dict[str, Any] | None]:
    """Read a file without giving keys, so that types which this version cannot ask yet are compared as well."""
    return [
        None if entry.question is None else {"id": entry.identifier.removeprefix("_")} | meaningful(entry.question)
        for entry in READERS[format_name].parse(content)
    ]


def without_feedback(question: dict[str, Any]) -> dict[str, Any]:
    """Return a question whose typed answers say nothing about what was typed."""
    made = {key: value for key, value in question.items() if key != "accepted"}
    if "accepted" in question:
        made["accepted"] = silent(question["accepted"])
    if "gaps" in question:
        made["gaps"] = [
            gap | {key: silent(gap[key]) for key in ("accepted", "options") if key in gap} for gap in question["gaps"]
        ]
    return meaningful(made)


def silent(accepted: list[Any]) -> list[Any]:
    """Return expected answers without feedback."""
    return [
        {key: value for key, value in entry.items() if key != "feedback"} if isinstance(entry, dict) else entry
        for entry in accepted
    ]


@pytest.mark.parametrize("format_name", FORMATS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(made=st.lists(questions(), min_size=1, max_size=4, unique_by=lambda one: one["id"]))
def test_written_and_read_is_the_same_or_refused(format_name: str, made: list[dict[str, Any]]) -> None:
    written = write_questions(made, format_name, plan)
    assert sorted([*written.written, *(key for key, _reason in written.refused)]) == sorted(one["id"] for one in made)
    if written.written:
        expected = [meaningful(one) for one in made if one["id"] in written.written]
        assert back(written.content, format_name) == expected
        assert guess_format(written.content) == format_name
        again = write_questions(expected, format_name, plan)
        assert (again.content, again.refused) == (written.content, [])


@pytest.mark.parametrize("format_name", FORMATS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_harmless_questions_are_written(format_name: str, data: st.DataObject) -> None:
    made = meaningful(data.draw(questions(ugly=False, types=SAID[format_name])))
    for key in ("points", "shuffle", "case_sensitive", "ignore_diacritics", "reasons", "units", "tolerance_kind",
                "other_solutions"):  # fmt: skip
        made.pop(key, None)
    if format_name == "qti":  # no feedback in gaps, nor for two texts that are one but for their letters' case
        made = without_feedback(made)
    if format_name == "moodle-xml" and len(made.get("gaps", [])) > 1:
        made["points"] = len(made["gaps"])
    if format_name == "gift":
        made = {key: value for key, value in made.items() if key not in {"min_words", "max_words", "guidance"}}
    written = write_questions([made], format_name, plan)
    assert written.refused == []
    assert back(written.content, format_name) == [made]
