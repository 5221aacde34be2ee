"""A cohort whose teaching is over, and four eyes for the tests that want them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from courses.attendance.rules import Status
from courses.cohorts.actions import enrol_person
from courses.progress.actions import complete_lesson
from lms.db import session, transaction
from lms.people.models import Person
from lms.permissions import Role
from lms.printing import reports
from lms.printing.batch import printing
from lms.printing.rendering import print_pdf
from lms.settings import CONFIG
from tests.cast import NOW, Cast, make_person
from tests.marking import mark_attendance


@pytest.fixture
def graduates(cast: Cast) -> Cast:
    """Petra has done everything, a second person only came; the teaching is completed."""
    with transaction():
        second = make_person("Bodo", "Nur-Anwesend", Role.PARTICIPANT)
        session.flush()
        other = enrol_person(cast.cohort, second, municipality_ags=None, actor=cast.coordinator, at=NOW)
        for lesson in cast.lessons:
            complete_lesson(cast.enrolment, lesson, actor=cast.participant, at=NOW)
        for enrolment in (cast.enrolment, other):
            mark_attendance(cast.live_session, enrolment, Status.PRESENT, actor=cast.trainer, at=NOW)
        cast.cohort.completed_at = NOW
    return cast


@pytest.fixture
def four_eyes(app: Flask) -> Iterator[None]:
    """A second coordinator has to approve."""
    usual = app.extensions[CONFIG]
    app.extensions[CONFIG] = replace(usual, four_eyes="on")
    yield
    app.extensions[CONFIG] = usual


@pytest.fixture
def second_coordinator(cast: Cast) -> Person:
    """Another coordinator."""
    with transaction():
        return make_person("Zweite", "Koordination", Role.COORDINATOR)


@pytest.fixture
def no_token(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms are taken without their token."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.fixture
def short_print(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents and reports have one line instead of their pages, in 20 milliseconds instead of 500.

    Everything else is theirs and real: title and dates, what is attached, the seal. For tests that do not look at the
    pages; test_documents.py, test_batch.py and the browser's journey do.
    """

    def print_one_line(html: str, _css: str, *, files: Any, **more: Any) -> bytes:
        head, body, _pages = html.partition("<body")
        assert body
        return print_pdf(f"{head}<body><h1>Ein Blatt</h1></body></html>", "", files={}, **more)

    for module in (printing, reports):
        monkeypatch.setattr(module, "print_pdf", print_one_line)
    monkeypatch.setattr(printing, "WEASYPRINT", "none")  # each by itself: the fast path knows only whole layouts
