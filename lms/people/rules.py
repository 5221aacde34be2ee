"""Decisions about people: what is a name."""

from __future__ import annotations

from lms.sentences import N_, Reason


class PersonReason(Reason):
    """Why something about a person is refused."""

    EMAIL_TAKEN = "email_taken", N_("There is an account for %(email)s already.")
    NOT_ONESELF = "not_oneself", N_("You cannot take this away from yourself. Please ask another administrator.")
    NAME_MISSING = "name_missing", N_("Please enter a name; it has at least one letter.")


def tidy_name(text: str) -> str:
    """Return a name as it is kept: one line, with single spaces."""
    return " ".join(text.split())


def is_name(text: str) -> bool:
    """Say whether something would be read where this name is printed: blanks and invisible signs alone are none."""
    return any(sign.isalpha() for sign in text)


def name_problem(given_name: str, family_name: str, printed_name: str = "") -> PersonReason | None:
    """Return why a person cannot be named so, or None; the printed name may be empty."""
    wanted = [given_name, family_name, *([printed_name] if printed_name.strip() else [])]
    return None if all(map(is_name, wanted)) else PersonReason.NAME_MISSING
