"""Reminding people before their documents end."""

from __future__ import annotations

from datetime import timedelta

from certificates.lifecycle.actions import today_of
from certificates.lifecycle.corrections import remind_of_expiry
from certificates.lifecycle.queries import claim_expiring
from lms.clock import now
from lms.db import transaction
from lms.jobs.registry import job


@job(every=timedelta(hours=6))
def remind_of_ends() -> None:
    """Remind everybody once whose document ends within sixty days; one transaction each."""
    while True:
        with transaction():
            certificate = claim_expiring(today_of(now()))
            if certificate is None:
                return
            remind_of_expiry(certificate, at=now())
