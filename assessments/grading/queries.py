"""Reads about grades: what needs grading, and a cohort's gradebook."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, String, bindparam, cast, exists, func, literal, select
from sqlalchemy.orm import contains_eager, joinedload

from assessments.assignments.models import Assignment, Submission
from assessments.attempts.models import Attempt
from assessments.grading.models import GradeEntry
from assessments.quizzes.models import Quiz
from courses.cohorts.access import in_charge
from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import Activity
from lms.db import session
from lms.people.models import Person
from lms.permissions import Permission


def list_ungraded(person: Person, permission: Permission) -> list[Submission]:
    """Return what waits for a grade in the cohorts that the person is in charge of, the longest waiting first."""
    return list(session.scalars(_ungraded().where(in_charge(person, permission))))


def list_unmarked(person: Person, permission: Permission) -> list[Attempt]:
    """Return the attempts with answers that wait for a mark in the person's cohorts, the longest waiting first."""
    query = (
        select(Attempt)
        .join(Attempt.enrolment)
        .join(Enrolment.cohort)
        .join(Enrolment.person)
        .options(
            contains_eager(Attempt.enrolment).contains_eager(Enrolment.cohort),
            contains_eager(Attempt.enrolment).contains_eager(Enrolment.person),
            joinedload(Attempt.quiz).joinedload(Quiz.activity),
        )
        .where(
            Attempt.unmarked > 0,
            Attempt.submitted_at.is_not(None),
            Attempt.voided_at.is_(None),
            Enrolment.withdrawn_at.is_(None),
            in_charge(person, permission),
        )
        .order_by(Attempt.submitted_at)
    )
    return list(session.scalars(query))


def next_ungraded(cohort_id: int) -> Submission | None:
    """Return what has waited longest for a grade in a cohort, if anything does."""
    return session.scalar(_ungraded().where(Cohort.id == cohort_id).limit(1))


def list_waiting_works(cohort_id: int) -> set[tuple[int, int]]:
    """Return the works of a cohort that wait for a grade, as (enrolment, activity)."""
    return {(one.enrolment_id, one.assignment_id) for one in session.scalars(_ungraded().where(Cohort.id == cohort_id))}


def list_waiting_answers(cohort_id: int) -> set[tuple[int, int]]:
    """Return the quizzes of a cohort with answers that wait for a mark, as (enrolment, activity)."""
    query = (
        select(Attempt.enrolment_id, Attempt.quiz_id)
        .join(Attempt.enrolment)
        .where(
            Enrolment.cohort_id == cohort_id,
            Attempt.unmarked > 0,
            Attempt.submitted_at.is_not(None),
            Attempt.voided_at.is_(None),
        )
    )
    return {(row.enrolment_id, row.quiz_id) for row in session.execute(query)}


def _ungraded() -> Select[Submission]:
    graded = exists().where(
        GradeEntry.enrolment_id == Submission.enrolment_id,
        GradeEntry.activity_id == Submission.assignment_id,
        GradeEntry.source == literal("submission:") + cast(Submission.id, String),
    )
    return (
        select(Submission)
        .join(Submission.enrolment)
        .join(Enrolment.cohort)
        .join(Enrolment.person)
        .options(
            contains_eager(Submission.enrolment).contains_eager(Enrolment.cohort),
            contains_eager(Submission.enrolment).contains_eager(Enrolment.person),
            joinedload(Submission.assignment).joinedload(Assignment.activity),
        )
        .where(~graded, Enrolment.withdrawn_at.is_(None))
        .order_by(Submission.submitted_at)
    )


@dataclass(frozen=True)
class Gradebook:
    """A cohort's grades: activities as columns, enrolments as rows, and the grade that stands by (enrolment, activity).

    ``waiting`` are those with a work or with answers that nobody has graded yet.
    """

    activities: list[Activity]
    enrolments: list[Enrolment]
    grades: dict[tuple[int, int], GradeEntry]
    waiting: set[tuple[int, int]]


def get_gradebook(cohort: Cohort) -> Gradebook:
    """Return a cohort's gradebook, in five queries whatever its size."""
    activities = session.scalars(
        select(Activity)
        .where(Activity.version_id == cohort.version_id, Activity.kind.in_(("quiz", "assignment")))
        .order_by(Activity.position)
    )
    enrolments = session.scalars(
        select(Enrolment)
        .join(Enrolment.person)
        .options(contains_eager(Enrolment.person))
        .where(Enrolment.cohort_id == cohort.id, Enrolment.withdrawn_at.is_(None))
        .order_by(Person.sort_name, Person.id)
    )
    waiting = list_waiting_works(cohort.id) | list_waiting_answers(cohort.id)
    return Gradebook(list(activities), list(enrolments), _standing_grades(cohort), waiting)


# Asked with every result, and so built once.
_STANDING = (
    select(GradeEntry)
    .where(GradeEntry.enrolment_id == bindparam("enrolment_id"), GradeEntry.activity_id == bindparam("activity_id"))
    .order_by(GradeEntry.id.desc())
    .limit(1)
)


def get_standing_grade(enrolment_id: int, activity_id: int) -> GradeEntry | None:
    """Return the grade that holds for a person and an activity."""
    return session.scalar(_STANDING, {"enrolment_id": enrolment_id, "activity_id": activity_id})


def _standing_grades(cohort: Cohort) -> dict[tuple[int, int], GradeEntry]:
    newest = (
        select(func.max(GradeEntry.id))
        .join(Enrolment, Enrolment.id == GradeEntry.enrolment_id)
        .where(Enrolment.cohort_id == cohort.id)
        .group_by(GradeEntry.enrolment_id, GradeEntry.activity_id)
    )
    entries = session.scalars(select(GradeEntry).where(GradeEntry.id.in_(newest)))
    return {(entry.enrolment_id, entry.activity_id): entry for entry in entries}
