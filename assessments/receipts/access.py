"""The door to receipts: one's own, and to an attempt whose receipt somebody has validated."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, joinedload
from werkzeug.exceptions import NotFound

from assessments.attempts.models import Attempt
from assessments.permissions import AssessmentPermission
from assessments.quizzes.models import Quiz
from assessments.receipts.models import Receipt
from courses.cohorts.access import in_charge
from courses.cohorts.models import Enrolment
from lms.db import session
from lms.people.models import Person


def own_receipt(person: Person, receipt_id: int) -> Receipt:
    """Return a receipt of the person's own attempt that has its file. Raises NotFound otherwise."""
    found = session.scalar(
        select(Receipt)
        .join(Receipt.attempt)
        .join(Attempt.enrolment)
        .where(Receipt.id == receipt_id, Receipt.file_sha256.is_not(None), Enrolment.person_id == person.id)
    )
    if found is None:
        raise NotFound
    return found


def find_attempt_to_validate(person: Person, attempt_id: int) -> Attempt | None:
    """Return an attempt that is the person's own or in a cohort that they are in charge of, None for all others."""
    whose = Enrolment.person_id == person.id
    if person.may(AssessmentPermission.READ_ATTEMPT):
        whose = or_(whose, in_charge(person, AssessmentPermission.READ_ATTEMPT))
    return session.scalar(
        select(Attempt)
        .join(Attempt.enrolment)
        .join(Enrolment.cohort)
        .options(
            contains_eager(Attempt.enrolment).options(contains_eager(Enrolment.cohort), joinedload(Enrolment.person)),
            joinedload(Attempt.quiz).joinedload(Quiz.activity),
        )
        .where(Attempt.id == attempt_id, whose)
    )
