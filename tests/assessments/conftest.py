"""A quiz to take."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from assessments.quizzes.models import Quiz
from courses.archive.actions import import_course
from courses.archive.reading import read_archive
from courses.cohorts.actions import create_cohort, enrol_person
from courses.cohorts.models import Enrolment
from lms.clock import now
from lms.db import session, transaction
from tests.cast import Cast
from tests.conftest import with_cast
from tests.remembered import Remembered, remember

SMALL_COURSE = Path(__file__).parents[1] / "data" / "small-course"
COHORT = "quiz"


@pytest.fixture(scope="session")
def remembered_quiz(app: Flask, remembered_cast: Remembered[Cast]) -> Remembered[None]:
    """The small course as it was imported first, with a running cohort in which the participant is."""
    with with_cast(app, remembered_cast) as (connection, cast):
        return remember(connection, lambda: make_quiz(cast))


def make_quiz(cast: Cast) -> None:
    """Import the small course and enrol the participant in a cohort of it."""
    with transaction():
        version = import_course(read_archive(SMALL_COURSE).files, actor=cast.coordinator, at=now()).version
        begin = now() - timedelta(days=7)
        cohort = create_cohort(version, slug=COHORT, title="Quiz", begin_date=begin.date(), end_date=begin.date() + timedelta(90),
                               seats=2000, zone="Europe/Berlin", trainers=[], actor=cast.coordinator, at=now())  # fmt: skip
        enrol_person(cohort, cast.participant, municipality_ags=None, actor=cast.coordinator, at=now())


@pytest.fixture
def quiz(cast: Cast, remembered_quiz: Remembered[None]) -> tuple[Quiz, Enrolment]:
    """The small course's quiz, and an enrolment of the participant in a running cohort."""
    remembered_quiz.put_back()
    session.expire_all()  # what the cast knew from before
    with transaction():
        enrolment = session.scalars(select(Enrolment).where(Enrolment.cohort.has(slug=COHORT))).one()
        return session.scalars(select(Quiz)).one(), enrolment
