"""Reads about sign-ins."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm.attributes import set_committed_value

from lms.db import as_loaded, session
from lms.people.models import Person, RoleGrant
from lms.signin.models import FailedSignIn, LinkRequest, OneTimeLink, SignIn
from lms.signin.rules import WINDOW, oldest_valid
from lms.signin.tokens import hash_token

_SIGN_IN, _PERSON, _GRANT = SignIn.__table__, Person.__table__, RoleGrant.__table__
_VALID = (
    _SIGN_IN.c.ended_at.is_(None),
    _SIGN_IN.c.started_at > bindparam("begun"),
    func.coalesce(_SIGN_IN.c.seen_at, _SIGN_IN.c.started_at) > bindparam("used"),
)
# Asked with every request, and so built once, and of columns: making objects of its rows takes longer than the query.
_USED = (
    select(_SIGN_IN.c.id, _SIGN_IN.c.seen_at, *_PERSON.c, *_GRANT.c)
    .join_from(_SIGN_IN, _PERSON, _PERSON.c.id == _SIGN_IN.c.person_id)
    .outerjoin(_GRANT, _GRANT.c.person_id == _PERSON.c.id)
    .where(_SIGN_IN.c.token_hash == bindparam("token_hash"), *_VALID)
)
_PERSON_AT, _GRANT_AT = slice(2, 2 + len(_PERSON.c)), slice(2 + len(_PERSON.c), None)
_BY_TOKEN = select(SignIn).where(SignIn.token_hash == bindparam("token_hash"), *_VALID)
_OWN = select(SignIn).where(SignIn.person_id == bindparam("person"), *_VALID).order_by(SignIn.started_at.desc())


def find_sign_in(token: str, *, idle: timedelta, now: datetime) -> SignIn | None:
    """Return the sign-in with this token if it is still valid. ``idle`` is how long it may have been unused."""
    begun, used = oldest_valid(now, idle)
    return session.scalar(_BY_TOKEN, {"token_hash": hash_token(token), "begun": begun, "used": used})


class Used(NamedTuple):
    """What a request has to know of the sign-in that it uses."""

    sign_in_id: int
    seen_at: datetime | None
    person: Person


def use_sign_in(token: str, *, idle: timedelta, now: datetime) -> Used | None:
    """Return whose sign-in has this token, with their roles, if it is still valid as ``find_sign_in`` has it; one query."""
    begun, used = oldest_valid(now, idle)
    rows = session.execute(_USED, {"token_hash": hash_token(token), "begun": begun, "used": used}).all()
    if not rows:
        return None
    person = as_loaded(Person, rows[0][_PERSON_AT])
    if "role_grants" not in vars(person):
        granted = (row[_GRANT_AT] for row in rows)
        set_committed_value(person, "role_grants", [as_loaded(RoleGrant, one) for one in granted if any(one)])
    return Used(rows[0][0], rows[0][1], person)


def list_sign_ins(person: Person, *, idle: timedelta, now: datetime) -> list[SignIn]:
    """Return where a person is still signed in, the newest first."""
    begun, used = oldest_valid(now, idle)
    return list(session.scalars(_OWN, {"person": person.id, "begun": begun, "used": used}))


def list_failures(*, account_hash: str | None = None, address: str | None = None, now: datetime) -> list[datetime]:
    """Return when wrong passwords were given lately, for an account or from an address, the oldest first."""
    query = select(FailedSignIn.at).where(FailedSignIn.at > now - WINDOW).order_by(FailedSignIn.at)
    if account_hash is not None:
        query = query.where(FailedSignIn.account_hash == account_hash)
    if address is not None:
        query = query.where(FailedSignIn.address == address)
    return list(session.scalars(query))


def count_link_requests(*, account_hash: str, address: str, now: datetime) -> tuple[int, int]:
    """Return how often links were asked for lately, for an account and from an address."""
    lately = select(func.count()).select_from(LinkRequest).where(LinkRequest.at > now - WINDOW)
    by_account = session.scalar(lately.where(LinkRequest.account_hash == account_hash)) or 0
    return by_account, session.scalar(lately.where(LinkRequest.address == address)) or 0


def list_open_requests() -> list[int]:
    """Return which requests for a link nobody has answered, the oldest first."""
    return list(session.scalars(select(LinkRequest.id).where(LinkRequest.handled_at.is_(None)).order_by(LinkRequest.id)))


def has_fresh_link(person: Person, purpose: str, *, since: datetime, now: datetime) -> bool:
    """Say whether a person has a link, made after ``since``, that can still be used."""
    own = (OneTimeLink.person_id == person.id, OneTimeLink.purpose == purpose, OneTimeLink.used_at.is_(None))
    fresh = select(OneTimeLink.id).where(*own, OneTimeLink.created_at > since, OneTimeLink.expires_at > now)
    return session.scalar(fresh.limit(1)) is not None


def find_link(token: str, purpose: str, now: datetime) -> OneTimeLink | None:
    """Return a link that can still be used; a closed account has none."""
    link = session.scalar(
        select(OneTimeLink).where(
            OneTimeLink.token_hash == hash_token(token),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
        )
    )
    return link if link is not None and link.person.is_active else None
