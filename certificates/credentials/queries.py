"""Reads about keys and states."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from certificates.conferral.models import Certificate, CertificateEvent
from certificates.credentials.models import CredentialKey
from certificates.credentials.rules import ENDING, LIST_SIZE
from lms.db import session


def list_used_keys() -> dict[str, dict[str, Any]]:
    """Return every public key that has signed a credential, by its name, the newest first."""
    query = select(CredentialKey).order_by(CredentialKey.first_used_at.desc(), CredentialKey.thumbprint)
    return {key.thumbprint: key.jwk for key in session.scalars(query)}


def find_status(number: int) -> tuple[list[int], datetime] | None:
    """Return which entries of a status list have ended, and since when it says so; None: there is no such list."""
    first = (number - 1) * LIST_SIZE
    begin = session.scalar(
        select(func.min(Certificate.issued_at)).where(Certificate.id >= first, Certificate.id < first + LIST_SIZE)
    )
    if begin is None:
        return None
    rows = session.execute(
        select(CertificateEvent.certificate_id, CertificateEvent.at)
        .where(
            CertificateEvent.kind.in_(ENDING),
            CertificateEvent.certificate_id >= first,
            CertificateEvent.certificate_id < first + LIST_SIZE,
        )
        .order_by(CertificateEvent.certificate_id)
    ).all()
    return sorted({row[0] - first for row in rows}), max([begin, *(row[1] for row in rows)])
