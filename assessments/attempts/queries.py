"""Reads about attempts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from assessments.attempts.models import Attempt, AttemptStep
from assessments.attempts.rules import State, Step, fold
from assessments.items.queries import list_items_of
from assessments.quizzes.models import Quiz, QuizException
from assessments.quizzes.queries import begin_of, get_window
from assessments.quizzes.rules import GRACE, Allowance, personal_times
from courses.cohorts.models import Cohort, Enrolment
from lms.db import session
from lms.people.models import Person

# Asked with every start and every page of a quiz, and so built once.
_ATTEMPTS = (
    select(Attempt)
    .where(Attempt.enrolment_id == bindparam("enrolment_id"), Attempt.quiz_id == bindparam("quiz_id"))
    .order_by(Attempt.number)
)


_ATTEMPTS_ANEW = _ATTEMPTS.execution_options(populate_existing=True)


def list_attempts(enrolment_id: int, quiz_id: int, *, anew: bool = False) -> list[Attempt]:
    """Return a person's attempts at a quiz in their order; ``anew``: what was read of them before is read over."""
    query = _ATTEMPTS_ANEW if anew else _ATTEMPTS
    return list(session.scalars(query, {"enrolment_id": enrolment_id, "quiz_id": quiz_id}))


def list_attempts_by_enrolment(quiz_id: int, enrolment_ids: list[int]) -> dict[int, list[Attempt]]:
    """Return several people's attempts at a quiz in their order, by enrolment."""
    found: dict[int, list[Attempt]] = defaultdict(list)
    query = (
        select(Attempt)
        .where(Attempt.quiz_id == quiz_id, Attempt.enrolment_id.in_(enrolment_ids))
        .order_by(Attempt.number)
    )
    for attempt in session.scalars(query):
        found[attempt.enrolment_id].append(attempt)
    return found


# Read with every saved answer, and so built once, and of columns: rows that never change need no identity.
_LOG = AttemptStep.__table__.c
#: What ``read_steps`` makes a step of, in its order.
STEP_COLUMNS = (_LOG.kind, _LOG.at, _LOG.slot, _LOG.device, _LOG.counter, _LOG.payload)
_STEPS = (
    select(*STEP_COLUMNS)
    .where(_LOG.attempt_id == bindparam("attempt_id"))
    .order_by(_LOG.sequence)
)
_STEPS_OF_MANY = (
    select(_LOG.attempt_id, *STEP_COLUMNS)
    .where(_LOG.attempt_id.in_(bindparam("attempt_ids", expanding=True)))
    .order_by(_LOG.attempt_id, _LOG.sequence)
)


def read_steps(rows: Iterable[Sequence[Any]]) -> Iterator[Step]:
    """Return the steps of one log from its rows, which are STEP_COLUMNS, in its order."""
    last: str | None = None
    for kind, at, slot, device, counter, payload in rows:
        last = device or last
        yield Step(kind, at, slot, last if device == "" else device, counter, payload)


def list_steps(attempt: Attempt) -> list[Step]:
    """Return an attempt's log. A step's place in it is its sequence."""
    return list(read_steps(session.execute(_STEPS, {"attempt_id": attempt.id})))


def list_steps_by_attempt(attempt_ids: Collection[int]) -> dict[int, list[Step]]:
    """Return the logs of several attempts, by attempt."""
    rows = session.execute(_STEPS_OF_MANY, {"attempt_ids": list(attempt_ids)})
    logs = {attempt_id: list(read_steps(row[1:] for row in log)) for attempt_id, log in groupby(rows, key=itemgetter(0))}
    return defaultdict(list, logs)


def get_state(attempt: Attempt) -> State:
    """Return where an attempt stands."""
    return fold(list_steps(attempt))


# Asked with every start after the first, and so built once, and of columns.
_ATTEMPT = Attempt.__table__.c
_DRAWN = (
    select(_LOG.payload)
    .join_from(AttemptStep.__table__, Attempt.__table__, _ATTEMPT.id == _LOG.attempt_id)
    .where(
        _ATTEMPT.enrolment_id == bindparam("enrolment_id"), _ATTEMPT.quiz_id == bindparam("quiz_id"), _LOG.sequence == 0
    )
)


def list_seen_items(enrolment_id: int, quiz_id: int) -> set[int]:
    """Return the items that a person has been asked in earlier attempts at this quiz, in whatever version."""
    payloads = session.scalars(_DRAWN, {"enrolment_id": enrolment_id, "quiz_id": quiz_id})
    drawn = {item_version_id for payload in payloads if payload for item_version_id, _order in payload["draw"]}
    return list_items_of(drawn)


def list_overdue_attempts(now: datetime) -> list[Attempt]:
    """Return attempts whose time is over, grace included, and that nobody has handed in."""
    return list(
        session.scalars(
            select(Attempt)
            .where(Attempt.submitted_at.is_(None), Attempt.voided_at.is_(None), Attempt.due_at < now - GRACE)
            .order_by(Attempt.due_at)
        )
    )


_RUNNING = (
    select(Attempt.id)
    .join(Attempt.enrolment)
    .where(
        Attempt.quiz_id == bindparam("quiz_id"),
        Enrolment.cohort_id == bindparam("cohort_id"),
        Enrolment.withdrawn_at.is_(None),
        Attempt.submitted_at.is_(None),
        Attempt.voided_at.is_(None),
        or_(Attempt.due_at.is_(None), Attempt.due_at >= bindparam("since")),
    )
    .limit(1)
)


def has_running_attempt(quiz: Quiz, cohort: Cohort, at: datetime) -> bool:
    """Say whether answers of somebody in a cohort are still taken, the grace included. One query."""
    values = {"quiz_id": quiz.activity_id, "cohort_id": cohort.id, "since": at - GRACE}
    return session.scalar(_RUNNING, values) is not None


_WITH_OTHER_TIMES = (
    select(
        Enrolment.id,
        Person.time_percent,
        QuizException.extra_minutes,
        QuizException.closes_at,
        QuizException.ends_at,
        Attempt.id.label("running"),
        Attempt.due_at,
    )
    .join(Enrolment.person)
    .outerjoin(
        QuizException,
        and_(
            QuizException.enrolment_id == Enrolment.id,
            QuizException.quiz_id == bindparam("quiz_id"),
            QuizException.revoked_at.is_(None),
        ),
    )
    .outerjoin(
        Attempt,
        and_(
            Attempt.enrolment_id == Enrolment.id,
            Attempt.quiz_id == bindparam("quiz_id"),
            Attempt.submitted_at.is_(None),
            Attempt.voided_at.is_(None),
        ),
    )
    .where(
        Enrolment.cohort_id == bindparam("cohort_id"),
        Enrolment.withdrawn_at.is_(None),
        or_(Person.time_percent != 100, QuizException.id.is_not(None), Attempt.id.is_not(None)),
    )
)


def find_last_closing(quiz: Quiz, cohort: Cohort, at: datetime) -> datetime | None:
    """Return when the last person of a cohort must be done with a quiz.

    That is the cohort's closing, or a later one of somebody with a time extension or an exception that holds, or the end
    of an attempt that was opened again. None: it never closes, or such an attempt has no end. One query about those whose
    times differ, and none before the cohort's own closing, since nobody's is earlier.
    """
    window = get_window(quiz.activity_id, cohort.id)
    if window.closes_at is None or at < window.closes_at:
        return window.closes_at
    rows = session.execute(_WITH_OTHER_TIMES, {"quiz_id": quiz.activity_id, "cohort_id": cohort.id}).all()
    if any(row.running and row.due_at is None for row in rows):
        return None
    factors = {row.id: row.time_percent for row in rows}
    granted: dict[int, list[Allowance]] = defaultdict(list)
    for row in rows:
        if row.extra_minutes is not None and (row.ends_at is None or row.ends_at > at):
            granted[row.id].append(Allowance(0, row.extra_minutes, row.closes_at, row.ends_at))
    closings: list[datetime] = [window.closes_at, *(row.due_at for row in rows if row.due_at is not None)]
    for enrolment_id, percent in factors.items():
        own = personal_times(quiz.time_limit_seconds, window, granted[enrolment_id], percent, begin_of(cohort))[1]
        closings += [own] if own is not None else []
    return max(closings)
