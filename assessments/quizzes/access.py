"""The door to a cohort's quizzes, for those in charge."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import contains_eager
from werkzeug.exceptions import NotFound

from assessments.permissions import AssessmentPermission
from assessments.quizzes.models import Quiz, QuizException
from courses.cohorts.access import cohort_for, in_charge
from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import Activity
from lms.db import session
from lms.people.models import Person
from lms.permissions import Permission


def quiz_of(person: Person, cohort_id: int, activity_id: int, permission: Permission) -> tuple[Quiz, Cohort]:
    """Return a quiz of the version that a cohort is on. Raises NotFound when there is none for this person."""
    cohort = cohort_for(person, cohort_id, permission)
    quiz = session.scalar(
        select(Quiz)
        .join(Quiz.activity)
        .options(contains_eager(Quiz.activity))
        .where(Quiz.activity_id == activity_id, Activity.version_id == cohort.version_id)
    )
    if quiz is None:
        raise NotFound
    return quiz, cohort


def exception_in_charge(person: Person, exception_id: int) -> QuizException:
    """Return an exception of a cohort that the person manages. Raises NotFound otherwise."""
    query = (
        select(QuizException)
        .join(QuizException.enrolment)
        .join(Enrolment.cohort)
        .where(QuizException.id == exception_id, in_charge(person, AssessmentPermission.MANAGE_ATTEMPT))
    )
    found = session.scalar(query)
    if found is None or not person.may(AssessmentPermission.MANAGE_ATTEMPT):
        raise NotFound
    return found
