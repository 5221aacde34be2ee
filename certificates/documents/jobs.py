"""Rendering what has been issued."""

from __future__ import annotations

import logging
from datetime import timedelta

from certificates.documents.actions import render_certificate
from certificates.documents.queries import claim_unrendered
from lms.clock import now
from lms.db import transaction
from lms.jobs.registry import job

log = logging.getLogger(__name__)


@job(every=timedelta(minutes=2))
def render_due_certificates() -> None:
    """Render, seal and mail every certificate that has no PDF yet; one transaction each.

    A worker that dies in between leaves that one certificate as it was, and the next run takes it up again. On PostgreSQL
    several workers share the work (rows are claimed); on SQLite they come one after the other.
    """
    while True:
        with transaction():
            certificate = claim_unrendered()
            if certificate is None:
                return
            render_certificate(certificate, at=now())
