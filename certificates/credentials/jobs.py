"""Keeping what later verifiers need."""

from __future__ import annotations

from datetime import timedelta

from certificates.credentials.actions import remember_keys
from lms.clock import now
from lms.db import transaction
from lms.jobs.registry import job


@job(every=timedelta(hours=1))
def keep_credential_keys() -> None:
    """Keep the public keys in use, so that credentials find them when the seal has been replaced."""
    with transaction():
        remember_keys(at=now())
