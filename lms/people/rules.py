"""Decisions about people: what is a name, and who may take roles and accounts away."""

from __future__ import annotations

from collections.abc import Set
from unicodedata import category

from email_validator import EmailNotValidError, validate_email

from lms.permissions import Role
from lms.sentences import N_, Reason

#: Whose accounts the programme office makes and closes; those of the others only who may grant roles.
OFFICE_ROLES = frozenset({Role.PARTICIPANT, Role.TRAINER})


class PersonReason(Reason):
    """Why something about a person is refused."""

    NO_EMAIL = "no_email", N_("Please enter a whole e-mail address.")
    EMAIL_TAKEN = "email_taken", N_("There is an account for %(email)s already.")
    NOT_ONESELF = "not_oneself", N_("You cannot take this away from yourself. Please ask another administrator.")
    STAFF_ACCOUNT = (
        "staff_account",
        N_("Accounts of coordinators, auditors and administrators are closed and opened by an administrator."),
    )
    LAST_ADMIN = "last_admin", N_("This is the last administrator. Please make somebody else an administrator first.")
    NAME_MISSING = "name_missing", N_("Please enter a name; it has at least one letter.")


def tidy_name(text: str) -> str:
    """Return a name as it is kept: one line, with single spaces and without control signs."""
    return " ".join("".join(" " if category(sign) == "Cc" else sign for sign in text).split())


def is_name(text: str) -> bool:
    """Say whether something would be read where this name is printed: blanks and invisible signs alone are none."""
    return any(sign.isalpha() for sign in text)


def is_email(text: str) -> bool:
    """Say whether something is a whole e-mail address, as the forms ask; whether anybody reads it is not looked up."""
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def name_problem(given_name: str, family_name: str, printed_name: str = "") -> PersonReason | None:
    """Return why a person cannot be named so, or None; the printed name may be empty."""
    wanted = [given_name, family_name, *([printed_name] if printed_name.strip() else [])]
    return None if all(map(is_name, wanted)) else PersonReason.NAME_MISSING


def refuse_account(
    roles: Set[Role], *, active: bool, own: bool, may_grant: bool, other_admins: int
) -> PersonReason | None:
    """Return why an account of somebody with these roles cannot be opened (``active``) or closed, or None.

    ``other_admins`` are the open accounts of administrators beside this one.
    """
    if own:
        return PersonReason.NOT_ONESELF
    if not may_grant and roles - OFFICE_ROLES:
        return PersonReason.STAFF_ACCOUNT
    return PersonReason.LAST_ADMIN if not active and Role.ADMIN in roles and not other_admins else None


def refuse_withdrawal(role: Role, *, own: bool, other_admins: int) -> PersonReason | None:
    """Return why a role cannot be taken away, or None."""
    if role is not Role.ADMIN:
        return None
    if own:
        return PersonReason.NOT_ONESELF
    return None if other_admins else PersonReason.LAST_ADMIN
