"""What becomes of exceptions with time."""

from __future__ import annotations

from datetime import timedelta

from assessments.quizzes.actions import record_failed_again
from assessments.quizzes.models import QuizException
from assessments.quizzes.queries import list_ended_exceptions
from lms.clock import now
from lms.db import session
from lms.jobs.registry import job
from lms.jobs.rows import do_each


@job(every=timedelta(minutes=10))
def end_exceptions() -> None:
    """Say that a quiz is failed again when an exception has ended and its further attempts are unused; one transaction each"""
    do_each(lambda: list_ended_exceptions(now()), _end)


def _end(exception_id: int) -> None:
    record_failed_again(session.get_one(QuizException, exception_id), actor=None, at=now())
