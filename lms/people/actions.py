"""Make people, invite them, give them roles."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from lms.audit.actions import record_audit
from lms.db import lock, session
from lms.people.models import Person, RoleGrant
from lms.people.queries import count_other_admins, find_person
from lms.people.rules import PersonReason, is_email, name_problem, refuse_account, refuse_withdrawal, tidy_name
from lms.permissions import CorePermission, Role
from lms.sentences import Refusal
from lms.signin.actions import end_all_links, end_all_sign_ins


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
    """Make a person without a password. Raises Refusal when the address is taken (unique) or none, or a name is none."""
    email = email.strip()
    if not is_email(email):
        raise Refusal(PersonReason.NO_EMAIL)
    problem = name_problem(given_name, family_name)
    if problem:
        raise Refusal(problem)
    if find_person(email) is not None:
        raise Refusal(PersonReason.EMAIL_TAKEN, email=email)
    person = Person(
        email=email.lower(),
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
    _hold(person)
    if role in person.roles:  # given by somebody else at this moment
        return
    person.role_grants.append(RoleGrant(role=role.value, granted_at=at, granted_by_id=actor.id if actor else None))
    record_audit("role_granted", person, actor=actor, at=at, role=role.value)
    session.flush()


def withdraw_role(person: Person, role: Role, *, actor: Person | None, at: datetime) -> None:
    """Take a role away; one that they have not is no matter. Raises Refusal when nobody could administer any more.

    Scarce: the last administrator. Whoever takes that role or such an account away holds the role's rows meanwhile.
    """
    _hold_admins()
    _hold(person)
    if role not in person.roles:
        return
    problem = refuse_withdrawal(role, own=_is_own(person, actor), other_admins=count_other_admins(person))
    if problem:
        raise Refusal(problem)
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
    """Close an account, whose sign-ins and links end, or open it again; nothing is deleted. Raises Refusal.

    Who acts without being a person (a command) may do what an administrator may.
    """
    _hold_admins()
    _hold(person)
    if person.is_active == active:
        return
    problem = refuse_account(
        person.roles,
        active=active,
        own=_is_own(person, actor),
        may_grant=actor is None or actor.may(CorePermission.GRANT_ROLES),
        other_admins=count_other_admins(person),
    )
    if problem:
        raise Refusal(problem)
    person.deactivated_at = None if active else at
    if not active:
        end_all_sign_ins(person, at=at)
        end_all_links(person, at=at)
    record_audit("account_opened" if active else "account_closed", person, actor=actor, at=at)
    session.flush()


def _is_own(person: Person, actor: Person | None) -> bool:
    return actor is not None and actor.id == person.id


def _hold(person: Person) -> None:
    """Hold a person and read their roles anew, so that two who change them come one after the other."""
    lock(person)
    session.refresh(person, ["role_grants"])


def _hold_admins() -> None:
    admins = select(RoleGrant.person_id).where(RoleGrant.role == Role.ADMIN.value).order_by(RoleGrant.person_id)
    session.execute(admins.with_for_update())
