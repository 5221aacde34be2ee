"""Sign people in and out, and give them new passwords."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, select, update

from lms.audit.actions import forget_entries, record_audit
from lms.audit.rules import SIGNED_IN, SIGNED_OUT
from lms.db import lock, session
from lms.people.models import Person
from lms.sentences import Refusal
from lms.signin.models import FailedSignIn, LinkRequest, OneTimeLink, SignIn
from lms.signin.passwords import common_passwords, hash_password, needs_rehash, verify_password
from lms.signin.queries import list_failures
from lms.signin.rules import (
    FREE_TRIES_ACCOUNT,
    FREE_TRIES_ADDRESS,
    MAX_LENGTH,
    MIN_LENGTH,
    WINDOW,
    SignInReason,
    password_problem,
    wait_until,
)
from lms.signin.tokens import hash_token, make_token

log = logging.getLogger(__name__)
_OPEN = OneTimeLink.used_at.is_(None)
#: Who signed in when is a trace of behaviour: the log keeps it as long as a misuse may take to be noticed.
ENTRIES_KEPT = timedelta(days=180)
LINK_LIFETIMES = {"reset": timedelta(hours=2), "invitation": timedelta(days=14)}


def check_password(email: str, password: str, *, address: str, at: datetime) -> Person | Refusal:
    """Return whose password this is, or why not; a wrong one is counted (so a Refusal is returned, not raised).

    The answer and its time are the same whether the account exists or not.
    """
    account_hash = hash_token(email.strip().lower())
    waits = [
        wait_until(list_failures(account_hash=account_hash, now=at), FREE_TRIES_ACCOUNT),
        wait_until(list_failures(address=address, now=at), FREE_TRIES_ADDRESS),
    ]
    until = max((wait for wait in waits if wait is not None), default=None)
    if until is not None and until > at:
        _log_refusal(SignInReason.WAIT, account_hash, address)
        return Refusal(SignInReason.WAIT, minutes=ceil((until - at) / timedelta(minutes=1)))
    person: Person | None = session.scalar(select(Person).where(Person.email == email.strip().lower()))
    right = verify_password(person.password_hash if person else None, password[:MAX_LENGTH])
    if person is None or not right or not person.is_active:
        session.add(FailedSignIn(account_hash=account_hash, address=address, at=at))
        session.flush()
        _log_refusal(SignInReason.WRONG, account_hash, address)
        return Refusal(SignInReason.WRONG)
    session.execute(delete(FailedSignIn).where(FailedSignIn.account_hash == account_hash))
    if person.password_hash and needs_rehash(person.password_hash):
        person.password_hash = hash_password(password)
    return person


def _log_refusal(reason: SignInReason, account_hash: str, address: str) -> None:
    """Write a line for whoever watches over the logs: whose account was tried is said by the SHA-256 of what was typed."""
    log.warning("Signing in was refused", extra={"reason": reason.value, "account": account_hash, "address": address})


def start_sign_in(person: Person, *, address: str, browser: str, at: datetime) -> str:
    """Begin a sign-in and return its token, which only the person's cookie may hold."""
    token = make_token()
    session.add(
        SignIn(
            token_hash=hash_token(token),
            person=person,
            started_at=at,
            seen_at=at,
            address=address,
            browser=browser[:200],
        )
    )
    record_audit(SIGNED_IN, person, actor=person, at=at)
    session.flush()
    return token


def note_seen(sign_in_id: int, *, at: datetime) -> None:
    """Note that a sign-in was used."""
    session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=at))


def end_sign_in(sign_in: SignIn, *, at: datetime) -> None:
    """End one of a person's own sign-ins; its cookie is worth nothing from now on."""
    sign_in.ended_at = at
    record_audit(SIGNED_OUT, sign_in.person, actor=sign_in.person, at=at)
    session.flush()


def end_all_sign_ins(person: Person, *, at: datetime) -> None:
    """End every sign-in of this person, everywhere."""
    session.execute(update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None)).values(ended_at=at))


def end_all_links(person: Person, *, at: datetime) -> None:
    """End every one-time link of this person that is still open."""
    session.execute(update(OneTimeLink).where(OneTimeLink.person_id == person.id, _OPEN).values(used_at=at))


def set_password(person: Person, password: str, *, actor: Person | None, at: datetime) -> None:
    """Give a person a new password; all their sign-ins and open links end. Raises Refusal for one that will not do."""
    _check_new_password(person, password)
    person.password_hash = hash_password(password)
    end_all_sign_ins(person, at=at)
    end_all_links(person, at=at)
    record_audit("password_set", person, actor=actor, at=at)
    session.flush()


def make_link(person: Person, purpose: str, *, at: datetime) -> str:
    """Make a one-time link (``reset`` or ``invitation``) and return its token; earlier ones for the purpose end."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.person_id == person.id, OneTimeLink.purpose == purpose, _OPEN)
        .values(used_at=at)
    )
    token = make_token()
    session.add(
        OneTimeLink(
            token_hash=hash_token(token),
            person=person,
            purpose=purpose,
            created_at=at,
            expires_at=at + LINK_LIFETIMES[purpose],
        )
    )
    session.flush()
    return token


def use_link(link: OneTimeLink, password: str, *, at: datetime) -> Person:
    """Use a link up to set a password; whoever has the mail is the person. Raises Refusal.

    Scarce: the single use. The conditional update decides between two simultaneous clicks, and comes before everything
    else that is written: who comes second leaves nothing behind. A password that will not do leaves the link open.
    """
    person = link.person
    lock(person)  # two links of one person end each other
    _check_new_password(person, password)
    used = session.execute(
        update(OneTimeLink).where(OneTimeLink.id == link.id, _OPEN, OneTimeLink.expires_at > at).values(used_at=at)
    )
    if used.rowcount != 1 or not person.is_active:  # type: ignore[attr-defined]  # an UPDATE's result has it
        raise Refusal(SignInReason.LINK_GONE)
    set_password(person, password, actor=person, at=at)
    return person


def _check_new_password(person: Person, password: str) -> None:
    sides = person.email.split("@")
    personal = [person.email, *sides, *".".join(sides).split("."), person.given_name, person.family_name]
    problem = password_problem(password, personal, common_passwords())
    if problem:
        raise Refusal(problem, least=MIN_LENGTH, most=MAX_LENGTH)


def forget_old_traces(*, now: datetime) -> None:
    """Delete failed tries, ended sign-ins and links that serve no purpose any more, and old entries about signing in."""
    session.execute(delete(FailedSignIn).where(FailedSignIn.at < now - WINDOW))
    session.execute(delete(LinkRequest).where(LinkRequest.at < now - WINDOW, LinkRequest.handled_at.is_not(None)))
    session.execute(delete(LinkRequest).where(LinkRequest.at < now - LINK_LIFETIMES["reset"] * 12))
    session.execute(delete(SignIn).where(SignIn.ended_at < now - timedelta(days=30)))
    session.execute(delete(SignIn).where(SignIn.started_at < now - timedelta(days=60)))
    session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < now - timedelta(days=30)))
    forget_entries({SIGNED_IN, SIGNED_OUT}, before=now - ENTRIES_KEPT)
