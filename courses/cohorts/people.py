"""Find the person to enrol, or make an account and invite them."""

from __future__ import annotations

from datetime import datetime

from courses.cohorts.actions import enrol_person
from courses.cohorts.models import Cohort, Enrolment
from courses.cohorts.queries import find_person
from courses.cohorts.rules import CohortReason
from lms.audit.actions import record_audit
from lms.db import session
from lms.people.models import Person
from lms.sentences import Refusal


def enrol_by_email(cohort: Cohort, email: str, given_name: str, family_name: str, *, municipality_ags: str | None,
                   actor: Person, at: datetime) -> Enrolment:
    """Enrol the person with this address, who gets an account if there is none. Raises Refusal; then nothing is kept."""
    with session.begin_nested():  # a refused enrolment must not leave a new account behind
        person = find_or_invite(email, given_name, family_name, municipality_ags, actor=actor, at=at)
        return enrol_person(cohort, person, municipality_ags=municipality_ags, actor=actor, at=at)


def find_or_invite(email: str, given_name: str, family_name: str, municipality_ags: str | None, *, actor: Person,
                   at: datetime) -> Person:
    """Return the person with this address, or a new one. Raises Refusal when a new person has no name."""
    found = find_person(email)
    if found is not None:
        return found
    if not given_name.strip() or not family_name.strip():
        raise Refusal(CohortReason.NAME_MISSING)
    person = Person(email=email.strip().lower(), given_name=given_name.strip(), family_name=family_name.strip(),
                    municipality_ags=municipality_ags, created_at=at)
    session.add(person)
    record_audit("person_created", person, actor=actor, at=at)
    return person
