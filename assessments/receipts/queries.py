"""Reads about receipts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from assessments.attempts.models import Attempt
from assessments.quizzes.models import Quiz
from assessments.receipts.models import Receipt
from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import Activity, CourseVersion
from lms.db import session


def list_receipts(attempt_id: int) -> list[Receipt]:
    """Return an attempt's receipts, the newest first."""
    return list(session.scalars(select(Receipt).where(Receipt.attempt_id == attempt_id).order_by(Receipt.id.desc())))


def find_receipt(attempt_id: int, steps: int, shown: str) -> Receipt | None:
    """Return the receipt about so many steps that says so much."""
    return session.scalar(
        select(Receipt).where(Receipt.attempt_id == attempt_id, Receipt.steps == steps, Receipt.shown == shown)
    )


def list_unprinted() -> list[int]:
    """Return the ids of the receipts that have no file yet, the oldest first."""
    return list(session.scalars(select(Receipt.id).where(Receipt.file_sha256.is_(None)).order_by(Receipt.id)))


def get_receipt(receipt_id: int) -> Receipt:
    """Return a receipt with everything that its document names."""
    query = (
        select(Receipt)
        .options(
            joinedload(Receipt.attempt).options(
                joinedload(Attempt.quiz).joinedload(Quiz.activity).joinedload(Activity.module),
                joinedload(Attempt.enrolment).options(
                    joinedload(Enrolment.person),
                    joinedload(Enrolment.cohort).joinedload(Cohort.version).joinedload(CourseVersion.course),
                ),
            )
        )
        .where(Receipt.id == receipt_id)
    )
    return session.scalars(query).one()
