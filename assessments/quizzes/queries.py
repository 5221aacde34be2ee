"""Reads about quizzes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, time
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from assessments.items.models import Item, ItemVersion
from assessments.items.rules import is_asked
from assessments.quizzes.models import Quiz, QuizException, QuizItem, QuizWindow
from assessments.quizzes.rules import Allowance, Candidate, Terms, Window, count_questions, read_options, terms_for
from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import Activity
from courses.schedule.rules import local_instant
from lms.db import session
from lms.people.models import Person


class Pooled(NamedTuple):
    """What a quiz knows of an item version in its pool. ``key`` is the item's, ``id`` the version's."""

    id: int
    item_id: int
    key: str
    type: str
    definition: dict[str, Any]


_POOLED, _ITEM, _VERSION = QuizItem.__table__, Item.__table__, ItemVersion.__table__
# Asked with every start and every page of a quiz, and so built once, and of columns: versions never change.
_POOL = (
    select(_VERSION.c.id, _VERSION.c.item_id, _ITEM.c.key, _VERSION.c.type, _VERSION.c.definition)
    .join_from(_POOLED, _VERSION, _VERSION.c.id == _POOLED.c.item_version_id)
    .join(_ITEM, _ITEM.c.id == _VERSION.c.item_id)
    .where(_POOLED.c.quiz_id == bindparam("quiz_id"))
    .order_by(_POOLED.c.position)
)


def list_pool(quiz: Quiz) -> list[Pooled]:
    """Return the item versions that a quiz draws from, in the author's order; what a repair took out is not among them."""
    return [one for one in list_whole_pool(quiz) if is_asked(one.definition)]


def list_whole_pool(quiz: Quiz) -> list[Pooled]:
    """Return the item versions of a quiz in the author's order, also those that a repair took out."""
    return [Pooled(*row) for row in session.execute(_POOL, {"quiz_id": quiz.activity_id})]


def as_candidates(pool: Iterable[Pooled], seen: Collection[int] = ()) -> list[Candidate]:
    """Return item versions as a draw sees them; ``seen`` are the items that the person was asked before."""
    return [Candidate(one.id, one.key, frozenset(one.definition.get("tags") or ()), one.item_id in seen) for one in pool]


def count_asked(quiz: Quiz, pool: Iterable[Pooled]) -> int:
    """Return how many questions of a pool an attempt that begins now is asked."""
    return count_questions(as_candidates(pool), quiz.draw, read_options(quiz.options))


_WINDOW = select(QuizWindow.opens_at, QuizWindow.closes_at).where(
    QuizWindow.quiz_id == bindparam("quiz_id"), QuizWindow.cohort_id == bindparam("cohort_id")
)
def get_window(quiz_id: int, cohort_id: int) -> Window:
    """Return when a cohort can take a quiz."""
    found = session.execute(_WINDOW, {"quiz_id": quiz_id, "cohort_id": cohort_id}).one_or_none()
    return Window(*found) if found else Window()


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


def list_ended_exceptions(now: datetime) -> list[int]:
    """Return the exceptions with further attempts that have ended by themselves, in cohorts that go on."""
    query = (
        select(QuizException.id)
        .join(QuizException.enrolment)
        .join(Enrolment.cohort)
        .where(QuizException.extra_attempts > 0, QuizException.revoked_at.is_(None), QuizException.ends_at <= now)
        .where(Enrolment.withdrawn_at.is_(None), Cohort.completed_at.is_(None))
        .order_by(QuizException.id)
    )
    return list(session.scalars(query))


# Asked with every start and every page of a quiz, and so one query, built once, and of columns.
_WINDOWS, _EXCEPTIONS, _ENROLMENT = QuizWindow.__table__, QuizException.__table__, Enrolment.__table__
_PERSON, _COHORT = Person.__table__, Cohort.__table__
_TERMS = (
    select(
        _PERSON.c.time_percent,
        _COHORT.c.completed_at,
        _WINDOWS.c.opens_at,
        _WINDOWS.c.closes_at,
        _EXCEPTIONS.c.id,
        *(_EXCEPTIONS.c[name] for name in ("extra_attempts", "extra_minutes", "closes_at", "ends_at")),
    )
    .join_from(_ENROLMENT, _PERSON, _PERSON.c.id == _ENROLMENT.c.person_id)
    .join(_COHORT, _COHORT.c.id == _ENROLMENT.c.cohort_id)
    .outerjoin(
        _WINDOWS, and_(_WINDOWS.c.quiz_id == bindparam("quiz_id"), _WINDOWS.c.cohort_id == _ENROLMENT.c.cohort_id)
    )
    .outerjoin(
        _EXCEPTIONS,
        and_(
            _EXCEPTIONS.c.quiz_id == bindparam("quiz_id"),
            _EXCEPTIONS.c.enrolment_id == _ENROLMENT.c.id,
            or_(_EXCEPTIONS.c.revoked_at.is_(None), _EXCEPTIONS.c.revoked_at > bindparam("at")),
        ),
    )
    .where(_ENROLMENT.c.id == bindparam("enrolment_id"))
)


def get_terms(quiz: Quiz, enrolment: Enrolment, at: datetime) -> Terms:
    """Return the terms on which a person takes a quiz at a time, for most callers now.

    Exceptions hold from then on that are granted later, and still if they ended or were taken back later: these are the
    terms of an attempt that began then.
    """
    values = {"quiz_id": quiz.activity_id, "enrolment_id": enrolment.id, "at": at}
    rows = session.execute(_TERMS, values).all()
    return terms_for(
        quiz.max_attempts,
        quiz.time_limit_seconds,
        read_options(quiz.options),
        Window(*rows[0][2:4]),
        [Allowance(*row[5:]) for row in rows if row[4] is not None],
        rows[0].time_percent,
        at,
        begin_of(enrolment.cohort),
        cohort_completed=rows[0].completed_at is not None,
    )


def begin_of(cohort: Cohort) -> datetime | None:
    """Return the first instant of a cohort; a quiz without an opening is open from then on."""
    return local_instant(cohort.begin_date, time(0), cohort.zone)


def terms_by_enrolment(
    quiz: Quiz, cohort: Cohort, enrolments: Iterable[Enrolment], exceptions: Iterable[QuizException], now: datetime
) -> dict[int, Terms]:
    """Return the terms of several people of a cohort, whose exceptions were read before."""
    window, options, begins_at = get_window(quiz.activity_id, cohort.id), read_options(quiz.options), begin_of(cohort)
    granted: dict[int, list[Allowance]] = defaultdict(list)
    for one in exceptions:
        if one.revoked_at is None:
            allowance = Allowance(one.extra_attempts, one.extra_minutes, one.closes_at, one.ends_at)
            granted[one.enrolment_id].append(allowance)
    return {
        one.id: terms_for(
            quiz.max_attempts, quiz.time_limit_seconds, options, window, granted[one.id], one.person.time_percent, now, begins_at,
            cohort_completed=cohort.completed_at is not None,
        )
        for one in enrolments
    }  # fmt: skip


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
        .order_by(Person.sort_name, Person.id)
    )
    return list(session.scalars(query))
