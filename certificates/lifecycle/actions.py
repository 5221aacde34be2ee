"""Revoke a document, look at a flag, conceal the public page."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from certificates.conferral.models import Certificate, CertificateEvent
from certificates.lifecycle.mail import queue_revoked_mail
from certificates.lifecycle.queries import state_of
from certificates.lifecycle.rules import (
    EventKind,
    LifeReason,
    is_flagged,
    refuse_revocation,
    refuse_visibility,
)
from certificates.verification.rules import CertificateState, is_concealed
from courses.cohorts.models import Enrolment
from lms.audit.actions import record_audit
from lms.db import lock, session
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
    """Have the public page show the state only, or everything again; saying it twice changes nothing. Raises Refusal."""
    _refuse_if(refuse_visibility(hold(certificate, at)))
    if is_concealed(event.kind for event in certificate.events) is concealed:
        return
    kind = EventKind.CONCEALED if concealed else EventKind.REVEALED
    add_event(certificate, kind, actor=actor, at=at)
    record_audit(f"certificate_{kind.value}", certificate, actor=actor, at=at, serial=certificate.serial)


def owner_of(certificate: Certificate) -> Person | None:
    """Return whose certificate it is, while there is an account."""
    enrolment = session.get(Enrolment, certificate.enrolment_id) if certificate.enrolment_id else None
    return enrolment.person if enrolment else None


def _refuse_if(reason: Reason | None) -> None:
    if reason is not None:
        raise Refusal(reason)
