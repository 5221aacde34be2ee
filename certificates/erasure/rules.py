"""Decisions about lawful erasure: what has to be confirmed, and what stands in its way."""

from __future__ import annotations

from certificates.lifecycle.rules import LifeReason
from certificates.verification.rules import CertificateState


def refuse_erasure(state: CertificateState, *, serial: str, typed: str, reason: str) -> LifeReason | None:
    """Return why a document's data cannot be erased, or None; ``typed`` is the number as the person confirmed it."""
    if state is CertificateState.ERASED:
        return LifeReason.ERASED
    if typed.strip().upper() != serial:
        return LifeReason.WRONG_NUMBER
    return None if reason.strip() else LifeReason.NO_REASON


def refuse_result_erasure(name: str | None, *, typed: str, reason: str, has_document: bool) -> LifeReason | None:
    """Return why a result without a document cannot be erased, or None; ``name`` is how it stands there, None: nowhere."""
    if has_document:
        return LifeReason.HAS_DOCUMENT
    if name is None:
        return LifeReason.NO_LINE
    if typed.split() != name.split():
        return LifeReason.WRONG_NAME
    return None if reason.strip() else LifeReason.NO_REASON
