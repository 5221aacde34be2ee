"""Forgetting who has asked."""

from __future__ import annotations

from datetime import timedelta

from certificates.verification.actions import forget_guesses
from lms.clock import now
from lms.db import transaction
from lms.jobs.registry import job


@job(every=timedelta(minutes=10))
def forget_old_guesses() -> None:
    """Delete how many guesses somebody had left, five minutes after the last one"""
    with transaction():
        forget_guesses(at=now())
