"""Counting attempts."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from assessments.statistics.models import QuizStatistics
from assessments.statistics.queries import get_to_count, is_first, list_answers, list_to_count
from assessments.statistics.rules import add_attempt
from lms.clock import now
from lms.db import lock, session
from lms.jobs.registry import job
from lms.jobs.rows import do_each


@job(every=timedelta(minutes=2))
def count_statistics() -> None:
    """Add what has changed in attempts to the statistics of their quiz; one transaction each"""
    do_each(list_to_count, _count)


def _count(attempt_id: int) -> None:
    attempt = get_to_count(attempt_id)
    # Whoever counts holds the sums first and the attempt second, so that two workers add one after the other.
    row = _sums(attempt.quiz_id, attempt.enrolment.cohort_id)
    lock(attempt)
    if not attempt.recount:
        return
    figures = row.figures
    if attempt.counted_steps is not None:
        before, _length = list_answers(attempt, attempt.counted_steps)
        figures, attempt.counted_steps = add_attempt(figures, before, -1), None
    # What waits for marks has no points yet; marking asks for another look.
    if attempt.submitted_at is not None and attempt.voided_at is None and not attempt.unmarked and is_first(attempt):
        answers, attempt.counted_steps = list_answers(attempt)
        figures = add_attempt(figures, answers)
    row.figures, row.counted_at = figures, now()
    attempt.recount = False
    session.flush()


def _sums(quiz_id: int, cohort_id: int) -> QuizStatistics:
    row = session.get(QuizStatistics, (quiz_id, cohort_id))
    if row is None:
        try:
            with session.begin_nested():
                session.add(QuizStatistics(quiz_id=quiz_id, cohort_id=cohort_id, figures={}, counted_at=now()))
                session.flush()
        except IntegrityError:
            pass
        row = session.get_one(QuizStatistics, (quiz_id, cohort_id))
    lock(row)
    return row
