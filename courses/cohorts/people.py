"""Enrol by address: who has no account yet gets one, and an invitation."""

from __future__ import annotations

from datetime import datetime

from courses.cohorts.actions import enrol_person
from courses.cohorts.models import Cohort, Enrolment
from courses.cohorts.rules import CohortReason
from lms.db import session
from lms.people.actions import create_person
from lms.people.models import Person
from lms.people.queries import find_person
from lms.people.rules import name_problem
from lms.sentences import Refusal
from lms.signin.actions import make_link
from lms.signin.mail import queue_invitation_mail


def enrol_by_email(
    cohort: Cohort,
    email: str,
    given_name: str,
    family_name: str,
    *,
    municipality_ags: str | None,
    actor: Person,
    at: datetime,
) -> Enrolment:
    """Enrol the person with this address, who gets an account and an invitation if there is none.

    Raises Refusal; then neither account nor mail is left behind.
    """
    with session.begin_nested():
        found = find_person(email)
        person = found or _new_person(email, given_name, family_name, municipality_ags, actor, at)
        enrolment = enrol_person(cohort, person, municipality_ags=municipality_ags, actor=actor, at=at)
        if found is None:
            queue_invitation_mail(person, make_link(person, "invitation", at=at), actor, at=at)
        return enrolment


def _new_person(
    email: str, given_name: str, family_name: str, municipality_ags: str | None, actor: Person, at: datetime
) -> Person:
    if name_problem(given_name, family_name):
        raise Refusal(CohortReason.NAME_MISSING)
    return create_person(
        email=email,
        given_name=given_name,
        family_name=family_name,
        municipality_ags=municipality_ags,
        actor=actor,
        at=at,
    )
