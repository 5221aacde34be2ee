"""Reads about quizzes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager, joinedload

from assessments.items.models import ItemVersion
from assessments.quizzes.models import Quiz, QuizException, QuizItem, QuizWindow
from assessments.quizzes.rules import Allowance, Terms, Window, read_options, terms_for
from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import Activity
from lms.db import session
from lms.people.models import Person

_POOL = (
    select(ItemVersion)
    .join(QuizItem, QuizItem.item_version_id == ItemVersion.id)
    .where(QuizItem.quiz_id == bindparam("quiz_id"))
    .order_by(QuizItem.position)
)


def list_pool(quiz: Quiz) -> list[ItemVersion]:
    """Return the item versions that a quiz draws from, in the author's order."""
    return list(session.scalars(_POOL, {"quiz_id": quiz.activity_id}))


def get_window(quiz_id: int, cohort_id: int) -> Window:
    """Return when a cohort can take a quiz."""
    found = session.get(QuizWindow, (quiz_id, cohort_id))
    return Window(found.opens_at, found.closes_at) if found else Window()


def list_exceptions(quiz_id: int, enrolment_ids: list[int]) -> list[QuizException]:
    """Return every exception of these people at a quiz, the newest first, with those that were taken back or have ended."""
    return list(
        session.scalars(
            select(QuizException)
            .options(joinedload(QuizException.enrolment).joinedload(Enrolment.person), joinedload(QuizException.author))
            .where(QuizException.quiz_id == quiz_id, QuizException.enrolment_id.in_(enrolment_ids))
            .order_by(QuizException.id.desc())
        )
    )


# Asked with every start and every page of a quiz, and so built once.
_ALLOWANCES = select(
    QuizException.extra_attempts, QuizException.extra_minutes, QuizException.closes_at, QuizException.ends_at
).where(
    QuizException.quiz_id == bindparam("quiz_id"),
    QuizException.enrolment_id == bindparam("enrolment_id"),
    QuizException.revoked_at.is_(None),
)


def get_terms(quiz: Quiz, enrolment: Enrolment, now: datetime) -> Terms:
    """Return the terms on which a person takes a quiz now."""
    found = session.execute(_ALLOWANCES, {"quiz_id": quiz.activity_id, "enrolment_id": enrolment.id})
    return terms_for(
        quiz.max_attempts,
        quiz.time_limit_seconds,
        read_options(quiz.options),
        get_window(quiz.activity_id, enrolment.cohort_id),
        [Allowance(*row) for row in found],
        enrolment.person.time_percent,
        now,
    )


def list_quizzes(cohort: Cohort) -> list[tuple[Quiz, Window]]:
    """Return a cohort's quizzes in the order of the course, each with its window."""
    quizzes = session.scalars(
        select(Quiz)
        .join(Quiz.activity)
        .options(contains_eager(Quiz.activity))
        .where(Activity.version_id == cohort.version_id)
        .order_by(Activity.position)
    ).all()
    rows = session.scalars(select(QuizWindow).where(QuizWindow.cohort_id == cohort.id))
    windows = {row.quiz_id: Window(row.opens_at, row.closes_at) for row in rows}
    return [(quiz, windows.get(quiz.activity_id, Window())) for quiz in quizzes]


def list_enrolments(cohort: Cohort) -> list[Enrolment]:
    """Return a cohort's enrolments with their person, by family name."""
    query = (
        select(Enrolment)
        .join(Enrolment.person)
        .options(contains_eager(Enrolment.person))
        .where(Enrolment.cohort_id == cohort.id, Enrolment.withdrawn_at.is_(None))
        .order_by(Person.family_name, Person.given_name)
    )
    return list(session.scalars(query))
