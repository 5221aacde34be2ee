"""A quiz with questions that a person marks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from assessments.quizzes.models import Quiz
from courses.archive.actions import import_course
from courses.cohorts.actions import create_cohort, enrol_person
from courses.cohorts.models import Enrolment
from lms.clock import now
from lms.db import session, transaction
from tests.assessments.twelve import twelve_types
from tests.cast import NOW, Cast

Stage = tuple[Quiz, Enrolment]


@pytest.fixture
def stage(cast: Cast) -> Stage:
    """A quiz of all types, and the participant's enrolment in a cohort of the trainer."""
    with transaction():
        version = import_course(twelve_types("pass_percent = 50"), actor=cast.coordinator, at=now()).version
        cohort = create_cohort(version, slug="arten", title="Arten", begin_date=NOW.date(),
                               end_date=now().date() + timedelta(30), seats=9, zone="Europe/Berlin", trainers=[cast.trainer],
                               actor=cast.coordinator, at=now())  # fmt: skip
        enrolment = enrol_person(cohort, cast.participant, municipality_ags=None, actor=cast.coordinator, at=now())
        return session.scalars(select(Quiz)).one(), enrolment
