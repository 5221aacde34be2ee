"""Confer a cohort's results."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from certificates.conferral.models import Certificate, CertificateEvent, Conferral, SerialCounter
from certificates.conferral.queries import list_certified_enrolments, list_conferrals
from certificates.conferral.rules import (
    CODE_LENGTH,
    CODE_SIGNS,
    canonical_json,
    refuse_conferral,
    serial_number,
    sha256_of,
)
from certificates.conferral.snapshots import make_snapshot
from certificates.events import CohortConferred
from certificates.readiness.queries import Line, list_readiness
from courses.cohorts.models import Cohort
from courses.progress.rules import Achievement
from lms.audit.actions import record_audit
from lms.db import lock, session
from lms.events import publish
from lms.jobs.registry import nudge
from lms.people.models import Person
from lms.sentences import Refusal

TOKEN_BYTES = 24  # 192 random bits


def confer_cohort(
    cohort: Cohort, *, actor: Person, at: datetime, signatories: Sequence[dict[str, str]], place: str
) -> Conferral:
    """Issue the documents of everybody who qualifies and has none yet: all of them or, by an exception, none.

    Scarce: one document an enrolment and kind (unique), and the serial numbers, which have no gaps because the counter's
    row is locked until the transaction ends. The cohort is locked as well, so that two conferrals at once come one after
    the other; the second finds nobody left and is refused. Raises Refusal.
    """
    lock(cohort)
    lines = list_readiness(cohort)
    issued = list_certified_enrolments(cohort)
    new = [
        line for line in lines if line.achievement is not Achievement.NONE and line.standing.enrolment.id not in issued
    ]
    refused = refuse_conferral(completed=cohort.completed_at is not None, signatories=signatories, new=len(new))
    if refused:
        raise Refusal(refused)
    conferral = Conferral(
        cohort=cohort,
        number=len(list_conferrals(cohort)) + 1,
        conferred_at=at,
        conferred_by_id=actor.id,
        protocol={
            "place": place,
            "signatories": list(signatories),
            "results": [_protocol_line(line) for line in lines],
        },
    )
    session.add(conferral)
    session.flush()
    year = at.astimezone(ZoneInfo(cohort.zone)).year
    first = _take_serials(year, len(new))
    for number, line in enumerate(new):
        _issue(conferral, line, serial_number(year, first + number), signatories, place, actor=actor, at=at)
    record_audit("cohort_conferred", conferral, actor=actor, at=at, cohort=cohort.id, documents=len(new))
    publish(CohortConferred(conferral=conferral, at=at))
    nudge("render_due_certificates")
    return conferral


def _issue(
    conferral: Conferral,
    line: Line,
    serial: str,
    signatories: Sequence[dict[str, str]],
    place: str,
    *,
    actor: Person,
    at: datetime,
) -> None:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    code = "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))
    snapshot = canonical_json(
        make_snapshot(
            conferral, line, serial=serial, token=token, code=code, signatories=signatories, place=place, at=at
        )
    )
    certificate = Certificate(
        conferral=conferral,
        enrolment_id=line.standing.enrolment.id,
        kind=line.achievement.value,
        serial=serial,
        token=token,
        code=code,
        issued_at=at,
        snapshot_json=snapshot,
        snapshot_sha256=sha256_of(snapshot),
        events=[CertificateEvent(kind="issued", at=at, actor_id=actor.id)],
    )
    session.add(certificate)
    record_audit("certificate_issued", certificate, actor=actor, at=at, serial=serial, kind=certificate.kind)


def _take_serials(year: int, count: int) -> int:
    """Take the next numbers of a year and return the first; the row stays locked until the transaction ends."""
    series = f"SCM-{year}"
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
    return first


def _protocol_line(line: Line) -> dict[str, Any]:
    return {
        "enrolment": line.standing.enrolment.id,
        "name": line.standing.enrolment.person.full_name,
        "achievement": line.achievement.value,
        "rules": [
            {"kind": result.kind.value, "state": result.state.value, "value": result.value, "target": result.target}
            for result in line.standing.results
        ],
    }
