"""A quiz to take."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from assessments.quizzes.models import Quiz
from courses.archive.actions import import_course
from courses.archive.reading import read_archive
from courses.cohorts.actions import create_cohort, enrol_person
from courses.cohorts.models import Enrolment
from lms.clock import now
from lms.db import session, transaction
from tests.cast import Cast

SMALL_COURSE = Path(__file__).parents[1] / "data" / "small-course"


@pytest.fixture
def quiz(cast: Cast) -> tuple[Quiz, Enrolment]:
    """The small course's quiz, and an enrolment of the participant in a running cohort."""
    with transaction():
        version = import_course(read_archive(SMALL_COURSE).files, actor=cast.coordinator, at=now()).version
        begin = now() - timedelta(days=7)
        cohort = create_cohort(version, slug="quiz", title="Quiz", begin_date=begin.date(), end_date=begin.date() + timedelta(90),
                               seats=2000, zone="Europe/Berlin", trainers=[], actor=cast.coordinator, at=now())  # fmt: skip
        enrolment = enrol_person(cohort, cast.participant, municipality_ags=None, actor=cast.coordinator, at=now())
        return session.scalars(select(Quiz)).one(), enrolment
