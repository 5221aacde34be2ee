"""Closing attempts whose time is over."""

from __future__ import annotations

from datetime import timedelta

from assessments.attempts.actions import close_overdue_attempt
from assessments.attempts.queries import list_overdue_attempts
from lms.clock import now
from lms.jobs.registry import job
from lms.jobs.rows import do_each


@job(every=timedelta(minutes=1))
def close_overdue_attempts() -> None:
    """Hand in what nobody handed in before the time was over, with what had been saved; one transaction each."""
    do_each(lambda: [one.id for one in list_overdue_attempts(now())], _close)


def _close(attempt_id: int) -> None:
    close_overdue_attempt(attempt_id, at=now())
