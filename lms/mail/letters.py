"""Letters: every mail of the product is a greeting, some paragraphs, at most one link, and why one gets it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from flask import render_template
from flask_babel import force_locale

from lms.db import Base
from lms.mail.actions import queue_mail_to
from lms.mail.models import OutboxMail
from lms.people.models import Person
from lms.settings import current_config


@dataclass(frozen=True)
class Letter:
    """What a mail says, in the reader's language. ``link`` is (label, absolute address).

    ``quote`` is what somebody else wrote: it is set off from our own words, and nothing of it becomes a link.
    """

    subject: str
    paragraphs: Sequence[str]
    why: str
    link: tuple[str, str] | None = None
    quote: str = ""


@dataclass(frozen=True)
class Addressee:
    """Who gets a letter: a person, or somebody without an account, as the programme office is (``person`` is None)."""

    address: str
    name: str = ""
    language: str | None = None
    person: Person | None = None

    @classmethod
    def of(cls, person: Person) -> Self:
        """Return a person with their name, address and language."""
        return cls(person.email, person.full_name, person.language, person)


def queue_letter(
    person: Person, *, kind: str, compose: Callable[[], Letter], about: Base | None = None, at: datetime
) -> OutboxMail:
    """Compose a letter in the person's language and put it into the outbox, as text and as HTML; ``about``: see there."""
    return queue_letter_to(Addressee.of(person), person=person, kind=kind, compose=compose, about=about, at=at)


def queue_letter_to(
    addressee: Addressee,
    *,
    person: Person | None,
    kind: str,
    compose: Callable[[], Letter],
    reply_to: str | None = None,
    about: Base | None = None,
    key: str | None = None,
    at: datetime,
) -> OutboxMail:
    """Compose a letter in the addressee's language and put it into the outbox; ``person``, ``about``, ``key``: see there."""
    config = current_config()
    language = addressee.language or config.language
    with force_locale(language):
        letter = compose()
        values = {
            "letter": letter,
            "name": addressee.name,
            "language": language,
            "institution": config.institution_name,
            "contact": config.contact_mail if config.contact_mail != addressee.address else "",
        }
        return queue_mail_to(
            addressee.address,
            person=person,
            kind=kind,
            subject=letter.subject,
            text=render_template("mail/letter.txt", **values),
            html=render_template("mail/letter.html", **values),
            reply_to=reply_to,
            about=about,
            key=key,
            at=at,
        )


def absolute(path: str) -> str:
    """Return the public address of what ``url_for`` gave, which is a path in a request and an address outside."""
    if path.startswith(("http://", "https://")):
        return path
    return current_config().base_url.rstrip("/") + path
