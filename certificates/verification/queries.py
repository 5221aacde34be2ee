"""Reads for verifiers."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from certificates.conferral.models import Certificate
from lms.db import session


def find_by_token(token: str) -> Certificate | None:
    """Return the certificate with this token and its events; two queries."""
    return session.scalar(
        select(Certificate).where(Certificate.token == token).options(selectinload(Certificate.events))
    )


def find_by_serial(serial: str) -> Certificate | None:
    """Return the certificate with this number."""
    return session.scalar(select(Certificate).where(Certificate.serial == serial.strip().upper()))


def find_successor(certificate: Certificate) -> Certificate | None:
    """Return the certificate that replaced this one."""
    return session.scalar(select(Certificate).where(Certificate.replaces_id == certificate.id))
