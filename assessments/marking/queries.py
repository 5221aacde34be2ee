"""Reads about attempts whose answers wait for a mark."""

from __future__ import annotations

from sqlalchemy import select

from assessments.attempts.models import Attempt
from courses.cohorts.models import Enrolment
from lms.db import session
from lms.people.models import Person


def next_unmarked(cohort_id: int) -> int | None:
    """Return the attempt of a cohort that has waited longest for a mark."""
    query = (
        select(Attempt.id)
        .join(Attempt.enrolment)
        .where(
            Attempt.unmarked > 0,
            Attempt.submitted_at.is_not(None),
            Attempt.voided_at.is_(None),
            Enrolment.cohort_id == cohort_id,
            Enrolment.withdrawn_at.is_(None),
        )
        .order_by(Attempt.submitted_at)
        .limit(1)
    )
    return session.scalar(query)


def name_people(ids: set[int]) -> dict[int, str]:
    """Return people's names by id; none for none, without asking."""
    if not ids:
        return {}
    return {person.id: person.full_name for person in session.scalars(select(Person).where(Person.id.in_(ids)))}
