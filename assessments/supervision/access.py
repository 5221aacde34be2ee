"""The door to other people's attempts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload
from werkzeug.exceptions import NotFound

from assessments.attempts.models import Attempt
from assessments.quizzes.models import Quiz
from courses.cohorts.access import in_charge
from courses.cohorts.models import Enrolment
from lms.db import session
from lms.people.models import Person
from lms.permissions import Permission


def attempt_in_charge(person: Person, attempt_id: int, permission: Permission) -> Attempt:
    """Return an attempt in a cohort that the person is in charge of. Raises NotFound otherwise."""
    query = (
        select(Attempt)
        .join(Attempt.enrolment)
        .join(Enrolment.cohort)
        .options(
            contains_eager(Attempt.enrolment).options(contains_eager(Enrolment.cohort), joinedload(Enrolment.person)),
            joinedload(Attempt.quiz).joinedload(Quiz.activity),
        )
        .where(Attempt.id == attempt_id, in_charge(person, permission))
    )
    found = session.scalar(query)
    if found is None or not person.may(permission):
        raise NotFound
    return found
