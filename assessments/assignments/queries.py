"""Reads about assignments."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from assessments.assignments.models import Draft, Submission
from assessments.grading.models import GradeEntry
from lms.db import session


def find_draft(assignment_id: int, enrolment_id: int) -> Draft | None:
    """Return what a person has written and not yet handed in."""
    return session.get(Draft, (assignment_id, enrolment_id))


def list_submissions(assignment_id: int, enrolment_id: int) -> list[Submission]:
    """Return a person's rounds at an assignment in their order, with files."""
    return list(
        session.scalars(
            select(Submission)
            .where(Submission.assignment_id == assignment_id, Submission.enrolment_id == enrolment_id)
            .options(selectinload(Submission.files))
            .order_by(Submission.round)
        )
    )


def list_grades(activity_id: int, enrolment_id: int) -> list[GradeEntry]:
    """Return a person's ledger for one activity, the newest last."""
    return list(
        session.scalars(
            select(GradeEntry)
            .where(GradeEntry.activity_id == activity_id, GradeEntry.enrolment_id == enrolment_id)
            .order_by(GradeEntry.id)
        )
    )
