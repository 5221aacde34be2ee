"""A cohort whose teaching is over, and four eyes for the tests that want them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from courses.attendance.rules import Status
from courses.cohorts.actions import enrol_person
from courses.progress.actions import complete_lesson
from lms.db import session, transaction
from lms.people.models import Person
from lms.permissions import Role
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
