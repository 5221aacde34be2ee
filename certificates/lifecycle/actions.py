"""Revoke a document, look at a flag, conceal the public page, erase what is personal."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from certificates.conferral.models import Certificate, CertificateEvent, Conferral, ConferralProposal
from certificates.conferral.protocols import without_lines_of
from certificates.events import CertificateErased
from certificates.lifecycle.mail import queue_revoked_mail
from certificates.lifecycle.queries import list_requests, list_versions, state_of
from certificates.lifecycle.rules import (
    EventKind,
    LifeReason,
    is_flagged,
    refuse_erasure,
    refuse_revocation,
)
from certificates.verification.rules import CertificateState, is_concealed
from courses.cohorts.models import Enrolment
from lms.audit.actions import record_audit
from lms.db import lock, session
from lms.events import publish
from lms.files.actions import forget_file
from lms.jobs.registry import nudge
from lms.people.models import Person
from lms.sentences import Reason, Refusal
from lms.settings import current_config


def hold(certificate: Certificate, at: datetime) -> CertificateState:
    """Hold a certificate until the transaction ends and return its state, so that what comes at once finds it ended."""
    lock(certificate)
    session.expire(certificate, ["events"])
    return state_of(certificate, today_of(at))


def today_of(at: datetime) -> date:
    """Return the institution's day."""
    return at.astimezone(ZoneInfo(current_config().zone)).date()


def add_event(
    certificate: Certificate, kind: EventKind, *, actor: Person | None, at: datetime, internal_note: str = ""
) -> None:
    """Append what happened to a certificate."""
    certificate.events.append(
        CertificateEvent(kind=kind.value, at=at, actor_id=actor.id if actor else None, internal_note=internal_note)
    )
    session.flush()


def revoke_certificate(certificate: Certificate, *, reason: str, actor: Person, at: datetime) -> None:
    """End a document before its time. The date is public, the reason is not. Raises Refusal."""
    _refuse_if(refuse_revocation(hold(certificate, at), reason))
    add_event(certificate, EventKind.REVOKED, actor=actor, at=at, internal_note=reason.strip())
    record_audit("certificate_revoked", certificate, actor=actor, at=at, serial=certificate.serial)
    owner = owner_of(certificate)
    if owner is not None:
        queue_revoked_mail(certificate, owner, at=at)


def settle_flag(certificate: Certificate, *, reason: str, actor: Person, at: datetime) -> None:
    """Say that a document stays as it is although a result behind it changed, and why. Raises Refusal."""
    hold(certificate, at)
    if not is_flagged([event.kind for event in certificate.events]):
        raise Refusal(LifeReason.NOT_FLAGGED)
    _refuse_if(None if reason.strip() else LifeReason.NO_REASON)
    add_event(certificate, EventKind.REVIEWED, actor=actor, at=at, internal_note=reason.strip())
    record_audit("certificate_reviewed", certificate, actor=actor, at=at, serial=certificate.serial)


def set_concealed(certificate: Certificate, *, concealed: bool, actor: Person, at: datetime) -> None:
    """Have the public page show the state only, or everything again; saying it twice changes nothing."""
    hold(certificate, at)
    if is_concealed(event.kind for event in certificate.events) is concealed:
        return
    kind = EventKind.CONCEALED if concealed else EventKind.REVEALED
    add_event(certificate, kind, actor=actor, at=at)
    record_audit(f"certificate_{kind.value}", certificate, actor=actor, at=at, serial=certificate.serial)


def erase_certificate(certificate: Certificate, *, typed: str, reason: str, actor: Person, at: datetime) -> int:
    """Lawfully erase what is personal about a document and all its versions; return how many versions it had.

    Snapshot, hashes, PDF, requests with their evidence, notes of events, and the person's lines in proposals and
    protocols go. Number, token, code, kind, dates and the bare events stay, so that the link still answers. ``typed`` is the
    number as confirmed; ``reason`` must not name anybody. Raises Refusal.

    The cohort is locked first, as in approving: what is approved at the same time comes before it, or finds the line gone.
    """
    lock(certificate.conferral.cohort)
    _refuse_if(refuse_erasure(hold(certificate, at), serial=certificate.serial, typed=typed, reason=reason))
    versions = list_versions(certificate)
    for version in versions:
        if version.erased_at is None:
            _erase_version(version, reason=reason.strip(), actor=actor, at=at)
    if certificate.enrolment_id is not None:
        _erase_lines(certificate.conferral.cohort_id, certificate.enrolment_id, at=at)
    return len(versions)


def _erase_version(certificate: Certificate, *, reason: str, actor: Person, at: datetime) -> None:
    hold(certificate, at)
    publish(CertificateErased(certificate=certificate, at=at))
    files = [certificate.pdf_sha256]
    certificate.snapshot_json, certificate.snapshot_sha256 = "{}", ""
    certificate.pdf_sha256 = None
    certificate.erased_at = at
    for event in certificate.events:
        event.internal_note = ""
    for request in list_requests([certificate]):
        files.append(request.evidence_sha256)
        request.text = request.evidence_name = ""
        request.evidence_sha256 = None
        if request.decision is not None:
            request.decision.reason = ""
    add_event(certificate, EventKind.ERASED, actor=actor, at=at, internal_note=reason)
    record_audit("certificate_erased", certificate, actor=actor, at=at, serial=certificate.serial)
    for sha256 in files:
        if sha256 is not None:
            forget_file(sha256)


def _erase_lines(cohort_id: int, enrolment_id: int, *, at: datetime) -> None:
    """Erase a person's lines in a cohort's proposals and protocols; what had been printed is printed anew without them."""
    day = today_of(at).isoformat()
    # Held and read anew, or a line that another transaction just wrote would be missed, or what it wrote be undone.
    fresh = {"populate_existing": True}
    proposals = select(ConferralProposal).where(ConferralProposal.cohort_id == cohort_id)
    for proposal in session.scalars(proposals.with_for_update(of=ConferralProposal), execution_options=fresh).all():
        proposal.protocol = without_lines_of(proposal.protocol, enrolment_id, erased_on=day)
    conferrals = select(Conferral).where(Conferral.cohort_id == cohort_id)
    for conferral in session.scalars(conferrals.with_for_update(of=Conferral), execution_options=fresh).all():
        if "lines" not in conferral.protocol:
            # From before protocols were sealed.
            results = [one for one in conferral.protocol.get("results", []) if one.get("enrolment") != enrolment_id]
            conferral.protocol = {**conferral.protocol, "results": results}
            continue
        erased = without_lines_of(conferral.protocol, enrolment_id, erased_on=day)
        if erased == conferral.protocol:
            continue
        conferral.protocol = erased
        printed, conferral.protocol_pdf_sha256 = conferral.protocol_pdf_sha256, None
        session.flush()
        if printed is not None:
            forget_file(printed)
        nudge("print_due_protocols")


def owner_of(certificate: Certificate) -> Person | None:
    """Return whose certificate it is, while there is an account."""
    enrolment = session.get(Enrolment, certificate.enrolment_id) if certificate.enrolment_id else None
    return enrolment.person if enrolment else None


def _refuse_if(reason: Reason | None) -> None:
    if reason is not None:
        raise Refusal(reason)
