"""Issuing one document: its number, token and code, the frozen facts and the first event."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from certificates.conferral.models import Certificate, CertificateEvent, Conferral, SerialCounter
from certificates.conferral.rules import CODE_LENGTH, CODE_SIGNS, canonical_json, sha256_of
from certificates.conferral.serials import SerialFormat
from certificates.conferral.snapshots import make_snapshot
from courses.cohorts.models import Cohort
from lms.audit.actions import record_audit
from lms.db import session
from lms.people.models import Person
from lms.settings import current_config

TOKEN_BYTES = 24  # 192 random bits


def issue_certificate(
    conferral: Conferral,
    draft: Mapping[str, Any],
    *,
    enrolment_id: int | None,
    serial: str,
    valid_until: date | None,
    replaces: Certificate | None = None,
    actor: Person,
    at: datetime,
) -> Certificate:
    """Issue a document from its drafted facts; ``replaces`` makes it the next version of another one.

    Once an enrolment, kind and version, and one successor a document: the unique constraints decide.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    code = "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))
    issue_date = issue_day(conferral.cohort, at)
    snapshot = canonical_json(
        make_snapshot(
            draft,
            serial=serial,
            token=token,
            code=code,
            issue_date=issue_date,
            valid_until=valid_until,
            replaces=replaces.facts if replaces else None,
        )
    )
    certificate = Certificate(
        conferral=conferral,
        enrolment_id=enrolment_id,
        kind=draft["kind"],
        version=replaces.version + 1 if replaces else 1,
        replaces_id=replaces.id if replaces else None,
        serial=serial,
        token=token,
        code=code,
        issued_at=at,
        valid_until_date=valid_until,
        snapshot_json=snapshot,
        snapshot_sha256=sha256_of(snapshot),
        events=[CertificateEvent(kind="issued", at=at, actor_id=actor.id)],
    )
    session.add(certificate)
    record_audit("certificate_issued", certificate, actor=actor, at=at, serial=serial, kind=certificate.kind)
    return certificate


def issue_day(cohort: Cohort, at: datetime) -> date:
    """Return the cohort's day, which is printed as the day of issue."""
    return at.astimezone(ZoneInfo(cohort.zone)).date()


def take_serials(zone: str, count: int, *, at: datetime) -> list[str]:
    """Take the next numbers of the year that it is in this zone.

    Without gaps: the counter's row stays locked until the transaction ends, and rolls back with it.
    """
    year = at.astimezone(ZoneInfo(zone)).year
    form = SerialFormat.parse(current_config().serial_format)
    series = form.series(year)
    counter = session.get(SerialCounter, series, with_for_update=True)
    if counter is None:
        try:
            with session.begin_nested():
                session.add(SerialCounter(series=series, last=0))
                session.flush()
        except IntegrityError:
            pass  # somebody else made it a moment ago
        counter = session.get_one(SerialCounter, series, with_for_update=True, populate_existing=True)
    first = counter.last + 1
    counter.last += count
    session.flush()
    return [form.number(year, number) for number in range(first, first + count)]
