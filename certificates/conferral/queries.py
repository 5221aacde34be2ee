"""Reads about conferrals and certificates."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, union
from sqlalchemy.orm import selectinload

from certificates.conferral.models import (
    Certificate,
    CertificateEvent,
    Conferral,
    ConferralDecision,
    ConferralProposal,
    ErasedResult,
)
from certificates.readiness.queries import Line
from courses.cohorts.models import Cohort, Enrolment
from lms.db import session
from lms.people.models import Person, RoleGrant
from lms.permissions import Role

#: Whether a certificate has been revoked or replaced.
_ENDED = (
    select(CertificateEvent.id)
    .where(CertificateEvent.certificate_id == Certificate.id, CertificateEvent.kind.in_(("revoked", "replaced")))
    .exists()
)


def list_conferrals(cohort: Cohort) -> list[Conferral]:
    """Return a cohort's conferrals with their certificates, in their order."""
    return list(
        session.scalars(
            select(Conferral)
            .where(Conferral.cohort_id == cohort.id)
            .order_by(Conferral.number)
            .options(selectinload(Conferral.certificates).selectinload(Certificate.events))
        )
    )


def count_conferrals(cohort: Cohort) -> int:
    """Return how often a cohort has been conferred."""
    return session.scalar(select(func.count()).select_from(Conferral).where(Conferral.cohort_id == cohort.id)) or 0


def count_proposals(cohort: Cohort) -> int:
    """Return how many proposals there have been for a cohort."""
    query = select(func.count()).select_from(ConferralProposal).where(ConferralProposal.cohort_id == cohort.id)
    return session.scalar(query) or 0


def find_open_proposal(cohort: Cohort) -> ConferralProposal | None:
    """Return the proposal of a cohort that nobody has decided yet."""
    return next(iter(list_open_proposals([cohort.id])), None)


def list_open_proposals(cohort_ids: Sequence[int]) -> list[ConferralProposal]:
    """Return the proposals of these cohorts that nobody has decided yet; one query."""
    decided = select(ConferralDecision.proposal_id).where(ConferralDecision.proposal_id == ConferralProposal.id)
    query = select(ConferralProposal).where(ConferralProposal.cohort_id.in_(cohort_ids), ~decided.exists())
    return list(session.scalars(query.order_by(ConferralProposal.id)))


def find_decision(proposal: ConferralProposal) -> ConferralDecision | None:
    """Return what the database says became of a proposal, whatever had been read before."""
    return session.scalar(select(ConferralDecision).where(ConferralDecision.proposal_id == proposal.id))


def list_decided_proposals(cohort: Cohort) -> list[ConferralProposal]:
    """Return the proposals of a cohort that were sent back or withdrawn, the newest first."""
    query = (
        select(ConferralProposal)
        .join(ConferralProposal.decision)
        .where(ConferralProposal.cohort_id == cohort.id, ConferralDecision.kind != "approved")
        .order_by(ConferralProposal.number.desc())
    )
    return list(session.scalars(query))


def list_unprinted_protocols() -> list[int]:
    """Return the conferrals whose protocol is to be printed."""
    query = select(Conferral.id).where(Conferral.protocol_pdf_sha256.is_(None), Conferral.protocol_sha256.is_not(None))
    return list(session.scalars(query.order_by(Conferral.id)))


def find_other_coordinators(person: Person) -> list[Person]:
    """Return who could approve what this person proposed."""
    query = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == Role.COORDINATOR.value, Person.deactivated_at.is_(None), Person.id != person.id)
        .order_by(Person.id)
    )
    return list(session.scalars(query))


def list_certified_enrolments(cohort: Cohort) -> set[int]:
    """Return the enrolments of a cohort that a document has been issued for, whatever became of it."""
    return set(
        session.scalars(
            select(Certificate.enrolment_id)
            .join(Certificate.conferral)
            .where(Conferral.cohort_id == cohort.id, Certificate.enrolment_id.is_not(None))
        )
    )


def list_settled_enrolments(cohort: Cohort, lines: Sequence[Line]) -> set[int]:
    """Return the enrolments of a cohort for which nothing more is to be issued, because a document was; one query.

    Not those whose documents are all revoked and of another kind than what they achieve now: whoever turned out not to
    have earned the certificate gets the confirmation of attendance that they did earn.
    """
    achieved = {line.standing.enrolment.id: line.achievement.value for line in lines}
    issued = (
        select(Certificate.enrolment_id, Certificate.kind, Certificate.erased_at.is_(None) & _ENDED)
        .join(Certificate.conferral)
        .where(Conferral.cohort_id == cohort.id, Certificate.enrolment_id.is_not(None))
    )
    return {
        enrolment_id
        for enrolment_id, kind, over in session.execute(issued)
        if enrolment_id is not None and (not over or achieved.get(enrolment_id) in {kind, None})
    }


def list_outdated(cohort: Cohort, lines: Sequence[Line]) -> list[tuple[Certificate, Line]]:
    """Return the valid documents of a cohort that are of another kind than what their owner achieves now; two queries."""
    achieved = {line.standing.enrolment.id: line for line in lines}
    valid = (
        select(Certificate)
        .join(Certificate.conferral)
        .where(Conferral.cohort_id == cohort.id, Certificate.erased_at.is_(None), ~_ENDED)
        .order_by(Certificate.id)
    )
    return [
        (one, achieved[one.enrolment_id])
        for one in session.scalars(valid)
        if one.enrolment_id in achieved and achieved[one.enrolment_id].achievement.value != one.kind
    ]


def list_erased_enrolments(cohort: Cohort) -> set[int]:
    """Return the enrolments of a cohort whose document, or result without one, was lawfully erased; one query."""
    documents = (
        select(Certificate.enrolment_id)
        .join(Certificate.conferral)
        .where(
            Conferral.cohort_id == cohort.id,
            Certificate.enrolment_id.is_not(None),
            Certificate.erased_at.is_not(None),
        )
    )
    results = (
        select(ErasedResult.enrolment_id)
        .join(Enrolment, Enrolment.id == ErasedResult.enrolment_id)
        .where(Enrolment.cohort_id == cohort.id)
    )
    return set(session.scalars(union(documents, results)))


def list_frozen_names(enrolments: Sequence[Enrolment]) -> dict[int, str]:
    """Return the name under which each of these enrolments stands in a proposal or protocol, the newest first; two queries."""
    cohorts = {one.cohort_id for one in enrolments}
    proposals = session.scalars(
        select(ConferralProposal.protocol)
        .where(ConferralProposal.cohort_id.in_(cohorts))
        .order_by(ConferralProposal.id.desc())
    )
    conferrals = session.scalars(
        select(Conferral.protocol).where(Conferral.cohort_id.in_(cohorts)).order_by(Conferral.id.desc())
    )
    wanted = {one.id for one in enrolments}
    found: dict[int, str] = {}
    for protocol in (*proposals, *conferrals):
        for line in protocol.get("lines", protocol.get("results", [])):
            if line.get("enrolment") in wanted:
                found.setdefault(line["enrolment"], line.get("name", ""))
    return found


def list_own_certificates(person: Person) -> list[Certificate]:
    """Return a person's certificates, the newest first."""
    return list(
        session.scalars(
            select(Certificate)
            .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
            .where(Enrolment.person_id == person.id)
            .options(selectinload(Certificate.events))
            .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
        )
    )
