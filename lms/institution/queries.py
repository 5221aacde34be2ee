"""Reads about the institution's seals."""

from __future__ import annotations

from sqlalchemy import select

from lms.db import session
from lms.institution.models import SealCertificate


def find_seal_certificate(fingerprint: str) -> SealCertificate | None:
    """Return the kept certificate with this SHA-256 (hex), or None: none of the institution's."""
    return session.get(SealCertificate, fingerprint)


def list_seal_certificates() -> list[SealCertificate]:
    """Return every certificate that was ever used, in the order of their first use."""
    return list(session.scalars(select(SealCertificate).order_by(SealCertificate.first_used_at)))
