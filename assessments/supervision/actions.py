"""Take an attempt out, or open it again: each with a reason, in the attempt's own log."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from assessments.attempts.actions import current_result, record_result, record_waiting
from assessments.attempts.log import append_step, hold_results
from assessments.attempts.models import Attempt
from assessments.attempts.queries import get_state, list_attempts
from assessments.attempts.rules import State, StepKind
from assessments.attempts.scoring import tries, unfinished
from assessments.events import ResultsRepaired
from assessments.grading.queries import get_standing_grade
from assessments.quizzes.queries import get_terms
from assessments.supervision.mail import queue_reopened_mail, queue_voided_mail
from assessments.supervision.rules import SupervisionReason, reopen_refusal, void_refusal
from courses.progress.actions import Verb, record_progress
from courses.progress.queries import states_of
from courses.progress.rules import ActivityState
from lms.audit.actions import record_audit
from lms.db import session
from lms.events import publish
from lms.jobs.registry import nudge
from lms.people.models import Person
from lms.sentences import Refusal


def void_attempt(attempt: Attempt, *, reason: str, actor: Person, at: datetime) -> None:
    """Take an attempt out: it counts neither as a try nor as a result. Raises Refusal.

    What counts of the other attempts goes into the ledger; issued certificates are flagged, never changed.
    """
    hold_results(attempt)
    state = get_state(attempt)
    refusal = void_refusal(attempt.voided_at)
    if refusal:
        raise refusal
    append_step(attempt, state, StepKind.VOIDED, at, payload={"reason": reason, "actor": actor.id})
    attempt.voided_at = at
    _settle(attempt, state, reason=reason, actor=actor, at=at)
    record_audit("attempt_voided", attempt, actor=actor, at=at, enrolment=attempt.enrolment_id)
    queue_voided_mail(attempt, reason=reason, at=at)


def reopen_attempt(attempt: Attempt, *, minutes: int | None, reason: str, actor: Person, at: datetime) -> None:
    """Let a person go on with an attempt that was handed in; ``minutes`` are left (None: no limit). Raises Refusal."""
    attempts, state = hold_results(attempt), get_state(attempt)
    another = any(one.id != attempt.id for one in unfinished(attempts))
    refusal = reopen_refusal(
        attempt.submitted_at,
        attempt.voided_at,
        another_runs=another,
        cohort_completed=attempt.enrolment.cohort.completed_at is not None,
    )
    if refusal:
        raise refusal
    due_at = at + timedelta(minutes=minutes) if minutes else None
    payload = {"reason": reason, "actor": actor.id, "due_at": due_at.isoformat() if due_at else None}
    try:
        with session.begin_nested():
            attempt.submitted_at = attempt.score_hundredths = attempt.score_maximum_hundredths = None
            attempt.unmarked = 0
            attempt.due_at = due_at
            session.flush()
    except IntegrityError as error:  # the person has started another one in this very moment
        raise Refusal(SupervisionReason.ANOTHER_RUNS) from error
    append_step(attempt, state, StepKind.REOPENED, at, payload=payload)
    _settle(attempt, state, reason=reason, actor=actor, at=at)
    record_audit("attempt_reopened", attempt, actor=actor, at=at, enrolment=attempt.enrolment_id)
    queue_reopened_mail(attempt, reason=reason, at=at)


def _settle(attempt: Attempt, state: State, *, reason: str, actor: Person, at: datetime) -> None:
    """Record what counts now that an attempt does not any more, if that is something else than before."""
    attempts = list_attempts(attempt.enrolment_id, attempt.quiz_id)
    for one in attempts:
        # Which attempt is a person's first one may have changed.
        one.recount = one.submitted_at is not None or one.counted_steps is not None
    nudge("count_statistics")
    standing = get_standing_grade(attempt.enrolment_id, attempt.quiz_id)
    result = current_result(attempts, attempt.quiz)
    if standing is not None and (standing.score_given_hundredths, standing.score_maximum_hundredths, standing.passed) != (
        result.given, result.maximum, result.passed
    ):  # fmt: skip
        record_result(attempt, attempts, result, grader=actor, actor=actor, at=at, reason=reason)
        publish(ResultsRepaired(enrolments=[attempt.enrolment], reason=reason, actor=actor, at=at))
    failed = states_of([attempt.enrolment_id])[attempt.enrolment_id].get(attempt.quiz_id) is ActivityState.FAILED
    most, (taken, _last) = get_terms(attempt.quiz, attempt.enrolment, at).max_attempts, tries(attempts)
    if failed and (attempt.voided_at is None or most is None or taken < most):
        record_progress(attempt.enrolment, attempt.quiz.activity, Verb.REOPENED, actor=actor, at=at)
    record_waiting(attempts, actor=actor, at=at)
