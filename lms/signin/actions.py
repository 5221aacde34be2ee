"""Sign people in and out."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import update

from lms.db import session
from lms.people.models import Person
from lms.signin.models import SignIn


def hash_token(token: str) -> str:
    """Return what is stored of a random token: its SHA-256 in hex (no salt needed, it is not guessable)."""
    return hashlib.sha256(token.encode()).hexdigest()


def start_sign_in(person: Person, *, address: str, browser: str, at: datetime) -> str:
    """Begin a sign-in and return its token, which only the person's cookie may hold."""
    token = secrets.token_urlsafe(32)
    session.add(SignIn(token_hash=hash_token(token), person=person, started_at=at, address=address, browser=browser[:200]))
    session.flush()
    return token


def end_sign_in(sign_in: SignIn, *, at: datetime) -> None:
    """End one sign-in; its cookie is worth nothing from now on."""
    sign_in.ended_at = at
    session.flush()


def end_all_sign_ins(person: Person, *, at: datetime) -> None:
    """End every sign-in of this person, everywhere."""
    session.execute(
        update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None)).values(ended_at=at)
    )
