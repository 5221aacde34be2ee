"""Conferring in tests: by one person, or by two with four eyes."""

from __future__ import annotations

from datetime import datetime, timedelta

from certificates.conferral.actions import approve_proposal, confer_cohort, propose_conferral
from certificates.conferral.models import Certificate, ConferralProposal
from lms.db import transaction
from lms.people.models import Person
from tests.cast import NOW, Cast

SIGNATORIES = [{"name": "Dr. Henriette Falk", "function": "Leitung"}]


def confer(cast: Cast, *, at: datetime = NOW, valid_months: int | None = None) -> list[Certificate]:
    """Confer, in a transaction of its own."""
    with transaction():
        made = confer_cohort(
            cast.cohort,
            actor=cast.coordinator,
            at=at,
            signatories=SIGNATORIES,
            place="Potsdam",
            valid_months=valid_months,
        )
        return list(made.certificates)


def propose(cast: Cast, actor: Person | None = None) -> ConferralProposal:
    """Propose, in a transaction of its own."""
    with transaction():
        return propose_conferral(
            cast.cohort, actor=actor or cast.coordinator, at=NOW, signatories=SIGNATORIES, place="Potsdam"
        )


def approve(proposal: ConferralProposal, actor: Person) -> list[Certificate]:
    """Approve a day later, in a transaction of its own."""
    with transaction():
        return list(approve_proposal(proposal, actor=actor, at=NOW + timedelta(days=1)).certificates)
