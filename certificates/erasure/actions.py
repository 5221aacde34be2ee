"""Erase what is personal, lawfully: of a document with all its versions, or of a result that no document was issued on.

The cohort is locked first, then the document's versions from the oldest on, then proposals and protocols.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from certificates.conferral.mail import RETURNED_MAIL
from certificates.conferral.models import Certificate, Conferral, ConferralProposal, ErasedResult
from certificates.conferral.protocols import without_lines_of
from certificates.conferral.queries import list_certified_enrolments, list_frozen_names
from certificates.documents.models import Printing
from certificates.erasure.rules import refuse_erasure, refuse_result_erasure
from certificates.events import CertificateErased
from certificates.lifecycle.actions import add_event, hold, today_of
from certificates.lifecycle.queries import list_requests, list_versions, state_of
from certificates.lifecycle.rules import EventKind
from certificates.readiness.queries import NAME_MAIL
from courses.cohorts.models import Enrolment
from lms.audit.actions import forget_detail, record_audit
from lms.db import lock, session
from lms.events import publish
from lms.files.actions import forget_file
from lms.jobs.registry import nudge
from lms.mail.actions import forget_mails, forget_unnamed_mails
from lms.people.models import Person
from lms.sentences import Reason, Refusal


def erase_certificate(certificate: Certificate, *, typed: str, reason: str, actor: Person, at: datetime) -> int:
    """Lawfully erase what is personal about a document and all its versions; return how many versions it had.

    Snapshot, hashes, PDF, requests with their evidence, notes of events, and the person's lines in proposals and
    protocols go. Number, token, code, kind, dates and the bare events stay, so that the link still answers. ``typed`` is the
    number as confirmed; ``reason`` must not name anybody. Raises Refusal.

    The cohort is locked first, as in approving: what is approved at the same time comes before it, or finds the line gone.
    """
    lock(certificate.conferral.cohort)
    versions = _hold_versions(certificate, at)
    state = state_of(certificate, today_of(at))
    _refuse_if(refuse_erasure(state, serial=certificate.serial, typed=typed, reason=reason))
    for version in versions:
        if version.erased_at is None:
            _erase_version(version, reason=reason.strip(), actor=actor, at=at)
    if certificate.enrolment_id is not None:
        _erase_lines(certificate.conferral.cohort_id, certificate.enrolment_id, at=at)
    return len(versions)


def erase_result(enrolment: Enrolment, *, typed: str, reason: str, actor: Person, at: datetime) -> None:
    """Lawfully erase the lines of somebody without a document in the proposals and protocols of their cohort.

    ``typed`` is the name as confirmed; ``reason`` must not name anybody. Once a person (its key); the cohort is locked as
    in ``erase_certificate``. Raises Refusal.
    """
    lock(enrolment.cohort)
    name = list_frozen_names([enrolment]).get(enrolment.id)
    has_document = enrolment.id in list_certified_enrolments(enrolment.cohort)
    _refuse_if(refuse_result_erasure(name, typed=typed, reason=reason, has_document=has_document))
    _erase_lines(enrolment.cohort_id, enrolment.id, at=at)
    if session.get(ErasedResult, enrolment.id) is None:
        session.add(ErasedResult(enrolment_id=enrolment.id, at=at, actor_id=actor.id, reason=reason.strip()))
    forget_mails(enrolment)
    forget_unnamed_mails(enrolment.person, {NAME_MAIL}, naming={enrolment.cohort.version.title})
    record_audit("result_erased", enrolment, actor=actor, at=at, cohort=enrolment.cohort_id)


def _hold_versions(certificate: Certificate, at: datetime) -> list[Certificate]:
    """Hold all versions of a document, the oldest first, also one that is issued while the others are waited for."""
    held: dict[int, Certificate] = {}
    while waiting := [one for one in list_versions(certificate) if one.id not in held]:
        for one in waiting:
            hold(one, at)
            held[one.id] = one
    return sorted(held.values(), key=lambda one: one.version)


def _erase_version(certificate: Certificate, *, reason: str, actor: Person, at: datetime) -> None:
    publish(CertificateErased(certificate=certificate, at=at))
    files = [certificate.pdf_sha256]
    certificate.snapshot_json, certificate.snapshot_sha256 = "{}", ""
    certificate.pdf_sha256 = None
    certificate.erased_at = at
    for event in certificate.events:
        event.internal_note = ""
    printing = session.get(Printing, certificate.id)
    if printing is not None:
        printing.fault = None  # what a layout failed at may quote what it was to print
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
        erased = without_lines_of(proposal.protocol, enrolment_id, erased_on=day)
        if erased != proposal.protocol:
            proposal.protocol = erased
        _erase_reason(proposal)
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


def _erase_reason(proposal: ConferralProposal) -> None:
    """Erase why a proposal was sent back: it may name anybody of the cohort, also whoever was missing in that proposal."""
    if proposal.decision is not None and proposal.decision.reason:
        proposal.decision.reason = ""
        forget_detail(proposal, "reason")
        proposer = session.get(Person, proposal.proposed_by_id) if proposal.proposed_by_id else None
        if proposer is not None:
            titles = {proposal.cohort.title, proposal.protocol["cohort"]}
            forget_unnamed_mails(proposer, {RETURNED_MAIL}, naming=titles)


def _refuse_if(reason: Reason | None) -> None:
    if reason is not None:
        raise Refusal(reason)
