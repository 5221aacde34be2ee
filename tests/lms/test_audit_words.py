"""Everything that the audit log records has words, in both languages."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale, gettext

from certificates.lifecycle.rules import EventKind
from lms.audit.actions import record_audit
from lms.audit.rules import ROUTINE
from lms.audit.words import ACTIONS, DETAILS, SUBJECTS, VALUES, detail_words
from lms.clock import now
from lms.db import Base, transaction
from lms.frame.filters import shown
from tests.cast import Cast, signed_in

ROOT = Path(__file__).parents[2]


@cache
def list_calls() -> list[ast.Call]:
    """Return every place that records something."""
    return [
        call
        for package in ("lms", "courses", "assessments", "certificates")
        for path in sorted((ROOT / package).rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "record_audit"
    ]


def test_every_recorded_action_has_words_and_no_other() -> None:
    said = {
        one.value
        for call in list_calls()
        for one in ast.walk(call.args[0])
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }
    assert len(said) > 40
    said = said - {"certificate_"} | {f"certificate_{one.value}" for one in (EventKind.CONCEALED, EventKind.REVEALED)}
    assert said | ROUTINE == set(ACTIONS)


def test_every_detail_has_words() -> None:
    named = {keyword.arg for call in list_calls() for keyword in call.keywords if keyword.arg} - {"actor", "at"}
    assert named - set(DETAILS) == set()


def test_every_subject_is_a_table() -> None:
    assert set(SUBJECTS) - set(Base.metadata.tables) == set()


def test_all_words_are_german_too(app: Flask) -> None:
    words = [*ACTIONS.values(), *SUBJECTS.values(), *DETAILS.values()]
    words += [word for values in VALUES.values() for word in values.values()]
    same = {"UE", "Layout %(id)s", "Quiz %(id)s", "Person %(id)s", "Format", "format"}
    with app.test_request_context(), force_locale("de"):
        assert [word for word in words if gettext(word) == word and word not in same] == []


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("accepted", True, "ja"),
        ("passed", False, "nein"),
        ("starts_at", "2026-12-22T08:00:00+00:00", "Di., 22. Dezember 2026, 9:00 Uhr"),
        ("role", "trainer", "Trainerin oder Trainer"),
        ("questions", [1, 3], "1, 3"),
        ("documents", 1200, "1.200"),
        ("file", "fragen.xml", "fragen.xml"),
    ],
)
def test_details_are_shown_as_people_write_them(app: Flask, name: str, value: object, text: str) -> None:
    with app.test_request_context(), force_locale("de"):
        [(label, made, _is_code)] = detail_words({name: value})
        assert gettext(label) != name
        assert str(shown(made)) == text
    assert detail_words({name: None}) == []


def test_the_page_says_it_in_words(app: Flask, cast: Cast) -> None:
    with transaction():
        record_audit("correction_decided", ("correction_requests", 3), actor=cast.coordinator, at=now(), accepted=True)
    page = signed_in(app, cast.auditor).get("/audit").text
    assert "Berichtigungsantrag 3" in page
    assert "angenommen: ja" in page
    assert "correction_decided</" not in page
