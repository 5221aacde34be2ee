"""Reads about documents."""

from __future__ import annotations

from sqlalchemy import select

from certificates.conferral.models import Certificate
from lms.db import session


def claim_unrendered() -> Certificate | None:
    """Return a certificate without a PDF, held so that no other worker takes it meanwhile; None: all are rendered."""
    return session.scalar(
        select(Certificate)
        .where(Certificate.pdf_sha256.is_(None), Certificate.erased_at.is_(None))
        .order_by(Certificate.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
