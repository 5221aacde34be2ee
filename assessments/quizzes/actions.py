"""Open and close quizzes for a cohort, and grant one person other terms."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select

from assessments.attempts.models import Attempt, AttemptStep
from assessments.attempts.queries import list_attempts
from assessments.attempts.rules import StepKind
from assessments.attempts.scoring import tries, unfinished, waiting
from assessments.quizzes.models import Quiz, QuizException, QuizWindow
from assessments.quizzes.queries import get_terms, get_window
from assessments.quizzes.rules import Allowance, Window, allowance_refusal, overtaken_refusal, window_refusal
from courses.cohorts.actions import hold_enrolments
from courses.cohorts.models import Cohort, Enrolment
from courses.progress.actions import Verb, record_progress
from courses.progress.queries import states_of
from courses.progress.rules import ActivityState
from lms.audit.actions import record_audit
from lms.db import lock, session
from lms.people.models import Person


def set_window(
    quiz: Quiz, cohort: Cohort, window: Window, *, seen: Window | None = None, actor: Person, at: datetime
) -> None:
    """Say when a cohort can take a quiz; attempts that are running get their new end. Raises Refusal.

    ``seen`` is the window that the person decided on; where another one stands, nothing is set.
    """
    refusal = window_refusal(window)
    if refusal:
        raise refusal
    lock(cohort)
    hold_enrolments(Enrolment.cohort_id == cohort.id)  # who starts in this moment has started before, and is moved, or knows it
    before = get_window(quiz.activity_id, cohort.id)
    if window == before:
        return
    if seen is not None and seen != before:
        raise overtaken_refusal(before)
    row = session.get(QuizWindow, (quiz.activity_id, cohort.id)) or QuizWindow(
        quiz_id=quiz.activity_id, cohort_id=cohort.id
    )
    row.opens_at, row.closes_at = window.opens_at, window.closes_at
    session.add(row)
    record_audit("quiz_window_set", quiz, actor=actor, at=at, cohort=cohort.id, **_plain(window))
    session.flush()
    move_ends(Attempt.quiz_id == quiz.activity_id, Enrolment.cohort_id == cohort.id)


def grant_exception(
    quiz: Quiz, enrolment: Enrolment, allowance: Allowance, *, reason: str, actor: Person, at: datetime
) -> QuizException:
    """Grant one person other terms at a quiz; a running attempt of theirs gets its new end. Raises Refusal."""
    refusal = allowance_refusal(allowance, at)
    if refusal:
        raise refusal
    hold_enrolments(Enrolment.id == enrolment.id)  # who starts in this moment has started before, and is moved, or knows this
    exception = QuizException(
        quiz_id=quiz.activity_id,
        enrolment=enrolment,
        extra_attempts=allowance.extra_attempts,
        extra_minutes=allowance.extra_minutes,
        closes_at=allowance.closes_at,
        ends_at=allowance.ends_at,
        reason=reason,
        created_at=at,
        author_id=actor.id,
    )
    session.add(exception)
    record_audit(
        "quiz_exception_granted",
        exception,
        actor=actor,
        at=at,
        quiz=quiz.activity_id,
        enrolment=enrolment.id,
        extra_attempts=allowance.extra_attempts,
        extra_minutes=allowance.extra_minutes,
    )
    session.flush()
    move_ends(Attempt.quiz_id == quiz.activity_id, Attempt.enrolment_id == enrolment.id)
    failed = states_of([enrolment.id])[enrolment.id].get(quiz.activity_id) is ActivityState.FAILED
    if failed and allowance.extra_attempts:
        record_progress(enrolment, quiz.activity, Verb.REOPENED, actor=actor, at=at)
    return exception


def revoke_exception(exception: QuizException, *, actor: Person, at: datetime) -> None:
    """Take an exception back; what was done on its terms stays. Doing it twice changes nothing.

    Whose further attempts go with it unused has failed again.
    """
    lock(exception)
    if exception.revoked_at is None:
        exception.revoked_at, exception.revoked_by_id = at, actor.id
        record_audit("quiz_exception_revoked", exception, actor=actor, at=at)
        session.flush()
        record_failed_again(exception, actor=actor, at=at)


def record_failed_again(exception: QuizException, *, actor: Person | None, at: datetime) -> None:
    """Say that a quiz is failed which further attempts had opened again, when none is left, runs or waits for a mark."""
    quiz, enrolment = exception.quiz, exception.enrolment
    hold_enrolments(Enrolment.id == enrolment.id)  # a start comes before, and runs, or finds no attempt left
    if states_of([enrolment.id])[enrolment.id].get(quiz.activity_id) is not ActivityState.BEGUN:
        return
    attempts, most = list_attempts(enrolment.id, quiz.activity_id), get_terms(quiz, enrolment, at).max_attempts
    if most is not None and tries(attempts)[0] >= most and not unfinished(attempts) and not waiting(attempts):
        record_progress(enrolment, quiz.activity, Verb.FAILED, actor=actor, at=at)


def move_ends(*whose: ColumnElement[bool]) -> None:
    """Give running attempts (conditions on Attempt and Enrolment) the end that their person's terms say now.

    What was granted to somebody who has begun stays granted, also when the exception ends or is taken back meanwhile. One
    that was opened again keeps the end that it was given with that.
    """
    reopened = select(AttemptStep.attempt_id).where(
        AttemptStep.attempt_id == Attempt.id, AttemptStep.kind == StepKind.REOPENED.value
    )
    running = (
        select(Attempt)
        .join(Attempt.enrolment)
        .where(Attempt.submitted_at.is_(None), Attempt.voided_at.is_(None), ~reopened.exists(), *whose)
    )
    for attempt in session.scalars(running.order_by(Attempt.id)).all():  # held in the order in which a repair holds them
        lock(attempt)
        if attempt.submitted_at is None:
            attempt.due_at = get_terms(attempt.quiz, attempt.enrolment, attempt.started_at).due(attempt.started_at)
    session.flush()


def _plain(window: Window) -> dict[str, str | None]:
    return {
        "opens_at": window.opens_at.isoformat() if window.opens_at else None,
        "closes_at": window.closes_at.isoformat() if window.closes_at else None,
    }
