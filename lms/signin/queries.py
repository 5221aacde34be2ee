"""Reads about sign-ins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from lms.db import session
from lms.people.models import Person
from lms.signin.models import FailedSignIn, OneTimeLink, SignIn
from lms.signin.rules import WINDOW
from lms.signin.tokens import hash_token

# Asked with every request, and so built once; the roles come along in the same row or two.
_SIGN_IN = (
    select(SignIn)
    .options(joinedload(SignIn.person).joinedload(Person.role_grants))
    .where(SignIn.token_hash == bindparam("token_hash"), SignIn.ended_at.is_(None))
)


def find_sign_in(token: str) -> SignIn | None:
    """Return the sign-in with this token, its person and their roles, if it has not ended; one query."""
    return session.scalars(_SIGN_IN, {"token_hash": hash_token(token)}).unique().one_or_none()


def list_sign_ins(person: Person) -> list[SignIn]:
    """Return where a person is signed in, the newest first."""
    return list(
        session.scalars(
            select(SignIn)
            .where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
            .order_by(SignIn.started_at.desc())
        )
    )


def list_failures(*, account_hash: str | None = None, address: str | None = None, now: datetime) -> list[datetime]:
    """Return when wrong passwords were given lately, for an account or from an address, the oldest first."""
    query = select(FailedSignIn.at).where(FailedSignIn.at > now - WINDOW).order_by(FailedSignIn.at)
    if account_hash is not None:
        query = query.where(FailedSignIn.account_hash == account_hash)
    if address is not None:
        query = query.where(FailedSignIn.address == address)
    return list(session.scalars(query))


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
