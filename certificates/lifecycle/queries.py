"""Reads about the life of documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, selectinload

from certificates.conferral.models import Certificate, CertificateEvent, Conferral
from certificates.lifecycle.models import CorrectionDecision, CorrectionRequest
from certificates.lifecycle.rules import REMIND_DAYS, EventKind
from certificates.verification.rules import CertificateState, Happening, fold_events, is_concealed
from lms.db import session

PAGE = 30


def state_of(certificate: Certificate, today: date) -> CertificateState:
    """Return the state of a certificate on a day."""
    happenings = [Happening(event.kind, event.at) for event in certificate.events]
    return fold_events(happenings, certificate.valid_until_date, today)[0]


@dataclass(frozen=True)
class Life:
    """Where a certificate is in its life, for its owner; ``replaced``: also one that was revoked before."""

    state: CertificateState
    concealed: bool
    replaced: bool


def lives_of(certificates: Iterable[Certificate], today: date) -> dict[int, Life]:
    """Return the state of each of these certificates, whose events are loaded, by id."""
    return {
        one.id: Life(
            state_of(one, today),
            concealed=is_concealed(event.kind for event in one.events),
            replaced=any(event.kind == EventKind.REPLACED for event in one.events),
        )
        for one in certificates
    }


def find_by_number(serial: str) -> Certificate | None:
    """Return the certificate with this number, as somebody typed it."""
    return session.scalar(select(Certificate).where(Certificate.serial == serial.strip().upper()))


def list_certificates(search: str, page: int) -> tuple[list[Certificate], int, int]:
    """Return a page of what has been issued, the newest first, by number or a part of what is printed; total; pages."""
    query = select(Certificate)
    for word in search.split():
        # SQLite knows capital and small letters of ASCII only, so the usual ways to write a word are tried.
        ways = {_escaped(way) for way in (word, word.lower(), word.capitalize(), word.upper())}
        query = query.where(
            or_(
                *(
                    column.ilike(f"%{way}%", escape="\\")
                    for way in ways
                    for column in (Certificate.serial, Certificate.snapshot_json)
                )
            )
        )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    found = session.scalars(
        query.options(selectinload(Certificate.events))
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return list(found), total, ceil(total / PAGE)


def list_versions(certificate: Certificate) -> list[Certificate]:
    """Return a certificate with all it replaced and all that replaced it, the oldest first."""
    versions = [certificate]
    while versions[0].replaces_id is not None:
        versions.insert(0, session.get_one(Certificate, versions[0].replaces_id))
    while (newer := _find_successor(versions[-1])) is not None:
        versions.append(newer)
    return versions


def _find_successor(certificate: Certificate) -> Certificate | None:
    return session.scalar(select(Certificate).where(Certificate.replaces_id == certificate.id))


def has_successor(certificate: Certificate) -> bool:
    """Say whether a newer document has come of a certificate; a revoked one stays revoked then."""
    return _find_successor(certificate) is not None


def list_requests(certificates: Iterable[Certificate]) -> list[CorrectionRequest]:
    """Return the requests about these certificates with their decisions, the newest first; one query."""
    ids = [certificate.id for certificate in certificates]
    query = select(CorrectionRequest).where(CorrectionRequest.certificate_id.in_(ids))
    return list(session.scalars(query.order_by(CorrectionRequest.id.desc())))


def has_open_request(certificate: Certificate) -> bool:
    """Say whether a request about a certificate waits for a decision."""
    query = _undecided().where(CorrectionRequest.certificate_id == certificate.id)
    return session.scalar(query.limit(1)) is not None


def count_requests(certificate: Certificate) -> int:
    """Return how many requests there have been about a certificate."""
    query = select(func.count()).select_from(CorrectionRequest)
    return session.scalar(query.where(CorrectionRequest.certificate_id == certificate.id)) or 0


def find_decision(request: CorrectionRequest) -> CorrectionDecision | None:
    """Return what the database says was decided, whatever had been read before."""
    return session.scalar(select(CorrectionDecision).where(CorrectionDecision.request_id == request.id))


def list_open_requests(cohort_ids: Sequence[int]) -> list[CorrectionRequest]:
    """Return the requests of these cohorts that wait for a decision, with their certificates; one query."""
    query = (
        _undecided()
        .join(CorrectionRequest.certificate)
        .join(Certificate.conferral)
        .where(Conferral.cohort_id.in_(cohort_ids), ~_has_event(EventKind.REPLACED, EventKind.ERASED))
        .options(contains_eager(CorrectionRequest.certificate).contains_eager(Certificate.conferral))
    )
    return list(session.scalars(query.order_by(CorrectionRequest.id)))


def _undecided() -> Select[CorrectionRequest]:
    decided = select(CorrectionDecision.request_id).where(CorrectionDecision.request_id == CorrectionRequest.id)
    return select(CorrectionRequest).where(~decided.exists())


def list_flagged(cohort_ids: Sequence[int]) -> list[tuple[int, int, str]]:
    """Return (cohort, certificate, number) of what is flagged and was not looked at since; one query."""
    happened = aliased(CertificateEvent)
    last = (
        select(func.max(happened.id))
        .where(
            happened.certificate_id == Certificate.id,
            happened.kind.in_((EventKind.FLAGGED, EventKind.REVIEWED)),
        )
        .scalar_subquery()
    )
    query = (
        select(Conferral.cohort_id, Certificate.id, Certificate.serial)
        .join(Certificate.conferral)
        .join(CertificateEvent, CertificateEvent.id == last)
        .where(
            Conferral.cohort_id.in_(cohort_ids),
            CertificateEvent.kind == EventKind.FLAGGED,
            ~_has_event(EventKind.REVOKED, EventKind.REPLACED, EventKind.ERASED),
        )
        .order_by(Certificate.serial)
    )
    return [(cohort_id, certificate_id, serial) for cohort_id, certificate_id, serial in session.execute(query)]


def claim_expiring(today: date) -> Certificate | None:
    """Return a certificate whose owner is to be reminded of its end, held so that no other worker takes it."""
    return session.scalar(
        select(Certificate)
        .where(
            Certificate.valid_until_date >= today,
            Certificate.valid_until_date <= today + timedelta(days=REMIND_DAYS),
            ~_has_event(EventKind.REMINDED, EventKind.REVOKED, EventKind.REPLACED, EventKind.ERASED),
        )
        .order_by(Certificate.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _has_event(*kinds: EventKind) -> ColumnElement[bool]:
    happened = aliased(CertificateEvent)
    return select(happened.id).where(happened.certificate_id == Certificate.id, happened.kind.in_(kinds)).exists()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
