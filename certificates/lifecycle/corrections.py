"""Writes that lead to a new version: asking for a correction, deciding on it, renewing.

A file beside actions.py because they belong together: each ends in a document that replaces another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from certificates.conferral.issuing import issue_certificate, issue_day, take_serials
from certificates.conferral.models import Certificate
from certificates.conferral.rules import add_months, attendance_needed
from certificates.conferral.snapshots import draft_of, restate_attendance
from certificates.layouts.rules import printed_text
from certificates.lifecycle.actions import add_event, hold, owner_of
from certificates.lifecycle.facts import corrected_keys
from certificates.lifecycle.mail import (
    queue_corrected_mail,
    queue_rejected_mail,
    queue_reminder_mail,
    queue_renewed_mail,
)
from certificates.lifecycle.models import CorrectionDecision, CorrectionRequest
from certificates.lifecycle.queries import count_requests, find_decision, has_open_request, has_successor
from certificates.lifecycle.rules import (
    MOST_EVIDENCE_MEGABYTES,
    EventKind,
    refuse_correction,
    refuse_decision,
    refuse_evidence,
    refuse_renewal,
    refuse_request,
)
from certificates.verification.rules import is_concealed
from lms.audit.actions import record_audit
from lms.db import session
from lms.files.actions import store_file
from lms.jobs.registry import nudge
from lms.people.models import Person
from lms.printing.letters import unprintable_letters
from lms.sentences import Reason, Refusal
from lms.settings import current_config


def request_correction(
    certificate: Certificate,
    *,
    text: str,
    evidence: tuple[str, bytes] | None = None,
    by_office: bool = False,
    actor: Person,
    at: datetime,
) -> CorrectionRequest:
    """Say what is wrong on a document; ``evidence`` is a file's name and content. Raises Refusal.

    Scarce: one open request a document. Its number is unique, and the certificate is held while it is looked for.
    """
    state = hold(certificate, at)
    _refuse_if(
        refuse_request(
            state,
            text=text,
            open_request=has_open_request(certificate),
            by_office=by_office,
            has_successor=has_successor(certificate),
        )
    )
    if evidence is not None:
        _refuse_if(refuse_evidence(*evidence), most=MOST_EVIDENCE_MEGABYTES)
    request = CorrectionRequest(
        certificate=certificate,
        number=count_requests(certificate) + 1,
        text=text.strip(),
        evidence_sha256=store_file(evidence[1], at=at).sha256 if evidence else None,
        evidence_name=evidence[0][-255:] if evidence else "",
        requested_at=at,
        requested_by_id=actor.id,
    )
    session.add(request)
    record_audit("correction_requested", request, actor=actor, at=at, serial=certificate.serial)
    return request


def check_correction(
    request: CorrectionRequest,
    corrected: Mapping[str, Any],
    *,
    reason: str,
    boxes: bool = False,
    actor: Person,
    at: datetime,
) -> dict[str, Any]:
    """Return the facts that a granted correction would issue, with what follows from it; nothing is written.

    ``boxes``: it is known that letters without a print font come out as empty boxes. Raises Refusal.
    """
    certificate = request.certificate
    _refuse_if(_decision_refusal(request, reason, actor=actor, at=at))
    facts = certificate.facts
    unprintable = unprintable_letters(printed_text(corrected))
    _refuse_if(
        refuse_correction(
            facts,
            corrected,
            today=issue_day(certificate.conferral.cohort, at),
            unprintable="" if boxes else unprintable,
        ),
        letters=" ".join(unprintable),
        attended=corrected["ue"]["live_attended"],
        planned=corrected["ue"]["live_planned"],
        needed=attendance_needed(corrected),
    )
    return restate_attendance(facts, corrected)


def accept_correction(
    request: CorrectionRequest,
    corrected: Mapping[str, Any],
    *,
    reason: str,
    boxes: bool = False,
    actor: Person,
    at: datetime,
) -> Certificate:
    """Issue a new version with the corrected facts, which replaces the old one, and tell its owner. Raises Refusal.

    The protocol of the conferral stays what it was: it says what was conferred, and under which number.
    """
    stated = check_correction(request, corrected, reason=reason, boxes=boxes, actor=actor, at=at)
    certificate = request.certificate
    facts, valid_until = certificate.facts, certificate.valid_until_date
    if stated.get("valid_until_date") != facts.get("valid_until_date"):
        valid_until = date.fromisoformat(stated["valid_until_date"]) if stated["valid_until_date"] else None
    successor = _replace(certificate, stated, valid_until=valid_until, note=reason.strip(), actor=actor, at=at)
    changed = ", ".join(corrected_keys(facts, stated))
    _decide(request, accepted=True, reason=reason, successor=successor, actor=actor, at=at, facts=changed)
    owner = owner_of(certificate)
    if owner is not None:
        queue_corrected_mail(certificate, successor, owner, reason=reason.strip(), at=at)
    return successor


def reject_correction(request: CorrectionRequest, *, reason: str, actor: Person, at: datetime) -> None:
    """Leave a document as it is and tell its owner why. Raises Refusal."""
    _refuse_if(_decision_refusal(request, reason, actor=actor, at=at))
    _decide(request, accepted=False, reason=reason, successor=None, actor=actor, at=at)
    owner = owner_of(request.certificate)
    if owner is not None:
        queue_rejected_mail(request.certificate, owner, reason=reason.strip(), at=at)


def renew_certificate(
    certificate: Certificate, *, months: int, reason: str, actor: Person, at: datetime
) -> Certificate:
    """Issue a new version that is valid for so many months from today, and tell its owner. Raises Refusal."""
    state = hold(certificate, at)
    _refuse_if(refuse_renewal(state, certificate.valid_until_date, reason, open_request=has_open_request(certificate)))
    valid_until = add_months(issue_day(certificate.conferral.cohort, at), months)
    successor = _replace(
        certificate, certificate.facts, valid_until=valid_until, note=reason.strip(), actor=actor, at=at
    )
    owner = owner_of(certificate)
    if owner is not None:
        queue_renewed_mail(successor, owner, at=at)
    return successor


def remind_of_expiry(certificate: Certificate, *, at: datetime) -> None:
    """Tell the owner that a document ends soon; it is noted, so that nobody is reminded twice."""
    add_event(certificate, EventKind.REMINDED, actor=None, at=at)
    owner = owner_of(certificate)
    if owner is not None:
        queue_reminder_mail(certificate, owner, at=at)


def _decision_refusal(request: CorrectionRequest, reason: str, *, actor: Person, at: datetime) -> Reason | None:
    state = hold(request.certificate, at)
    return refuse_decision(
        state,
        decided=find_decision(request) is not None,
        own=request.requested_by_id == actor.id,
        four_eyes=current_config().four_eyes == "on",
        reason=reason,
        has_successor=has_successor(request.certificate),
    )


def _replace(
    certificate: Certificate,
    facts: Mapping[str, Any],
    *,
    valid_until: date | None,
    note: str,
    actor: Person,
    at: datetime,
) -> Certificate:
    """Issue the next version and end the old one; the old link says where the new one is."""
    serial = take_serials(certificate.conferral.cohort.zone, 1, at=at)[0]
    successor = issue_certificate(
        certificate.conferral,
        draft_of(facts),
        enrolment_id=certificate.enrolment_id,
        serial=serial,
        valid_until=valid_until,
        replaces=certificate,
        actor=actor,
        at=at,
    )
    session.flush()
    if is_concealed(event.kind for event in certificate.events):
        # Whoever hid what it says did not choose to show what the next version says.
        add_event(successor, EventKind.CONCEALED, actor=actor, at=at)
    add_event(certificate, EventKind.REPLACED, actor=actor, at=at, internal_note=note)
    record_audit("certificate_replaced", certificate, actor=actor, at=at, serial=certificate.serial, by=serial)
    nudge("render_due_certificates")
    return successor


def _decide(
    request: CorrectionRequest,
    *,
    accepted: bool,
    reason: str,
    successor: Certificate | None,
    actor: Person,
    at: datetime,
    **named: str,
) -> None:
    request.decision = CorrectionDecision(
        accepted=accepted,
        reason=reason.strip(),
        at=at,
        actor_id=actor.id,
        successor_id=successor.id if successor else None,
    )
    record_audit("correction_decided", request, actor=actor, at=at, accepted=accepted, **named)


def _refuse_if(reason: Reason | None, **values: Any) -> None:
    if reason is not None:
        raise Refusal(reason, **values)
