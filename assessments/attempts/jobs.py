"""Closing attempts whose time is over."""

from __future__ import annotations

from datetime import timedelta

from assessments.attempts.actions import submit_attempt
from assessments.attempts.queries import list_overdue_attempts
from lms.clock import now
from lms.db import transaction
from lms.jobs.registry import job


@job(every=timedelta(minutes=1))
def close_overdue_attempts() -> None:
    """Hand in what nobody handed in before the time was over, with what had been saved; one transaction each."""
    while True:
        with transaction():
            overdue = list_overdue_attempts(now(), limit=1)
            if not overdue:
                return
            attempt = overdue[0]
            submit_attempt(attempt, actor=None, at=now())
