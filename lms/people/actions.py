"""Make people, invite them, give them roles."""

from __future__ import annotations

from datetime import datetime

from lms.audit.actions import record_audit
from lms.db import session
from lms.people.models import Person, RoleGrant
from lms.people.queries import find_person
from lms.people.rules import PersonReason, name_problem, tidy_name
from lms.permissions import Role
from lms.sentences import Refusal


def create_person(
    *,
    email: str,
    given_name: str,
    family_name: str,
    roles: tuple[Role, ...] = (),
    municipality_ags: str | None = None,
    actor: Person | None,
    at: datetime,
) -> Person:
    """Make a person without a password. Raises Refusal when the address is taken (unique) or a name is none."""
    problem = name_problem(given_name, family_name)
    if problem:
        raise Refusal(problem)
    if find_person(email) is not None:
        raise Refusal(PersonReason.EMAIL_TAKEN, email=email)
    person = Person(
        email=email.strip().lower(),
        given_name=tidy_name(given_name),
        family_name=tidy_name(family_name),
        municipality_ags=municipality_ags,
        created_at=at,
        role_grants=[],
    )
    session.add(person)
    session.flush()
    record_audit("person_created", person, actor=actor, at=at)
    for role in roles:
        grant_role(person, role, actor=actor, at=at)
    return person


def grant_role(person: Person, role: Role, *, actor: Person | None, at: datetime) -> None:
    """Give a person a role; one that they have already stays as it is."""
    if role in person.roles:
        return
    person.role_grants.append(RoleGrant(role=role.value, granted_at=at, granted_by_id=actor.id if actor else None))
    record_audit("role_granted", person, actor=actor, at=at, role=role.value)
    session.flush()


def withdraw_role(person: Person, role: Role, *, actor: Person | None, at: datetime) -> None:
    """Take a role away. Raises Refusal when somebody would lock themselves out."""
    if actor is not None and actor.id == person.id and role is Role.ADMIN:
        raise Refusal(PersonReason.NOT_ONESELF)
    person.role_grants = [grant for grant in person.role_grants if grant.role != role.value]
    record_audit("role_withdrawn", person, actor=actor, at=at, role=role.value)
    session.flush()


def change_own_details(
    person: Person,
    *,
    given_name: str,
    family_name: str,
    printed_name: str,
    municipality_ags: str | None,
    at: datetime,
) -> None:
    """Take over what a person says about themselves; the name is then confirmed for printing. Raises Refusal."""
    problem = name_problem(given_name, family_name, printed_name)
    if problem:
        raise Refusal(problem)
    person.given_name, person.family_name = tidy_name(given_name), tidy_name(family_name)
    person.printed_name = tidy_name(printed_name)
    person.municipality_ags = municipality_ags
    person.name_confirmed_at = at
    record_audit("details_changed", person, actor=person, at=at)
    session.flush()


def set_active(person: Person, *, active: bool, actor: Person | None, at: datetime) -> None:
    """Close an account or open it again; nothing is deleted. Raises Refusal for one's own."""
    if actor is not None and actor.id == person.id:
        raise Refusal(PersonReason.NOT_ONESELF)
    person.deactivated_at = None if active else at
    record_audit("account_opened" if active else "account_closed", person, actor=actor, at=at)
    session.flush()
