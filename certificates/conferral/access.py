"""The door to proposals and protocols."""

from __future__ import annotations

from sqlalchemy import select
from werkzeug.exceptions import NotFound

from certificates.conferral.models import Conferral, ConferralProposal
from courses.cohorts.access import in_charge
from courses.cohorts.models import Cohort
from lms.db import session
from lms.people.models import Person
from lms.permissions import Permission


def proposal_for(person: Person, proposal_id: int, permission: Permission) -> ConferralProposal:
    """Return a proposal of a cohort that this person may use this permission in. Raises NotFound otherwise."""
    query = select(ConferralProposal).join(Cohort, Cohort.id == ConferralProposal.cohort_id)
    found = session.scalar(query.where(ConferralProposal.id == proposal_id, in_charge(person, permission)))
    if found is None or not person.may(permission):
        raise NotFound
    return found


def conferral_for(person: Person, conferral_id: int, permission: Permission) -> Conferral:
    """Return a conferral of a cohort that this person may use this permission in. Raises NotFound otherwise."""
    query = select(Conferral).join(Cohort, Cohort.id == Conferral.cohort_id)
    found = session.scalar(query.where(Conferral.id == conferral_id, in_charge(person, permission)))
    if found is None or not person.may(permission):
        raise NotFound
    return found
