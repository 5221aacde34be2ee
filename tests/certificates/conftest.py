"""A cohort whose teaching is over, documents that wait for a worker, and four eyes for the tests that want them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from certificates.conferral.actions import confer_cohort
from config import Config
from courses.attendance.rules import Status
from courses.cohorts.actions import enrol_person
from courses.cohorts.models import Cohort
from courses.progress.actions import complete_lesson
from lms.db import session, transaction
from lms.people.models import Person
from lms.permissions import Role
from lms.printing import reports
from lms.printing.batch import printing
from lms.printing.rendering import print_pdf
from lms.settings import CONFIG
from tests.cast import NOW, Cast, make_person
from tests.certificates.conferring import SIGNATORIES
from tests.conftest import NewDatabase, open_app, test_config
from tests.marking import mark_attendance
from tests.test_races import set_stage

#: Who waits for a document on the ``stage``.
PEOPLE = 3


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


@pytest.fixture(scope="module")
def stage(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A cohort of three with documents that wait for a worker, made once for all who take a copy."""
    folder = tmp_path_factory.mktemp("stage")
    config = test_config(folder, new_database(folder))
    with open_app(config) as app, app.app_context(), transaction():
        set_stage(PEOPLE)
        cohort = session.scalars(select(Cohort)).one()
        cohort.completed_at = NOW
        coordinator = session.scalars(select(Person).where(Person.given_name == "Karin")).one()
        confer_cohort(cohort, actor=coordinator, at=NOW, signatories=SIGNATORIES, place="Potsdam")
    return config


@pytest.fixture
def conferred(new_database: NewDatabase, stage: Config, tmp_path: Path) -> Iterator[Flask]:
    """The stage in an application of the test's own, where transactions are real."""
    with open_app(test_config(tmp_path, new_database(tmp_path, like=stage))) as made:
        yield made


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
