"""Certificates as they lie in the database after a conferral, made without one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from certificates.conferral.models import Certificate, CertificateEvent, Conferral
from certificates.conferral.rules import canonical_json, read_code, sha256_of
from lms.db import session, transaction
from tests.cast import NOW, Cast
from tests.certificates.test_documents import facts

TOKEN = "abcDEF_-3456789012345678901234"
CODE = "K7QF3M9PX2T"


def issue(
    cast: Cast, number: int = 1, *, events: list[str] | None = None, valid_until: date | None = None, **changes: Any
) -> Certificate:
    """Return an issued certificate with token ``token(number)`` and, after its issue, these kinds of events."""
    code = f"{CODE[:-1]}{number:02}"
    assert read_code(code) == code
    snapshot = canonical_json(
        facts(
            **{
                "serial": f"SCM-2026-{number:05}",
                "code": code,
                "verify_url": f"http://127.0.0.1:8000/verify/{token(number)}",
                **changes,
            }
        )
    )
    with transaction():
        conferral = session.query(Conferral).filter_by(cohort_id=cast.cohort.id).one_or_none() or Conferral(
            cohort=cast.cohort, number=1, conferred_at=NOW, protocol={}
        )
        certificate = Certificate(
            conferral=conferral,
            kind=changes.get("kind", "certificate"),
            enrolment_id=cast.enrolment.id if number == 1 else None,
            serial=f"SCM-2026-{number:05}",
            token=token(number),
            code=code,
            issued_at=NOW,
            valid_until_date=valid_until,
            snapshot_json=snapshot,
            snapshot_sha256=sha256_of(snapshot),
            events=[CertificateEvent(kind="issued", at=NOW)],
        )
        session.add(certificate)
        session.flush()
    for kind in events or []:
        add_event(certificate, kind)
    return certificate


def add_event(certificate: Certificate, kind: str, note: str = "") -> None:
    """Let something happen to a certificate a day after its issue."""
    with transaction():
        certificate.events.append(CertificateEvent(kind=kind, at=NOW + timedelta(days=1), internal_note=note))


def token(number: int) -> str:
    """Return the token of the n-th certificate."""
    return f"{TOKEN}{number:02}"
