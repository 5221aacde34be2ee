"""Noticing a new seal."""

from __future__ import annotations

from datetime import timedelta

from lms.clock import now
from lms.db import transaction
from lms.institution.actions import keep_seal_certificate
from lms.institution.seal import load_seal
from lms.jobs.registry import job


@job(every=timedelta(hours=1))
def keep_current_seal() -> None:
    """Keep the certificate of the seal in use, so that its documents are known when the key has been replaced"""
    with transaction():
        keep_seal_certificate(load_seal(), at=now())
