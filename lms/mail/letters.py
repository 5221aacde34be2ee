"""Letters: every mail of the product is a greeting, some paragraphs, at most one link, and why one gets it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from flask_babel import force_locale

from lms.db import Base
from lms.mail.actions import queue_mail
from lms.mail.models import OutboxMail
from lms.people.models import Person
from lms.settings import current_config


@dataclass(frozen=True)
class Letter:
    """What a mail says, in the reader's language. ``link`` is (label, absolute address)."""

    subject: str
    paragraphs: Sequence[str]
    why: str
    link: tuple[str, str] | None = None


def queue_letter(
    person: Person, *, kind: str, compose: Callable[[], Letter], about: Base | None = None, at: datetime
) -> OutboxMail:
    """Compose a letter in the person's language and put it into the outbox, as text and as HTML; ``about``: see there."""
    config = current_config()
    language = person.language or config.language
    with force_locale(language):
        letter = compose()
        values = {
            "letter": letter,
            "person": person,
            "language": language,
            "institution": config.institution_name,
            "contact": config.contact_mail,
        }
        return queue_mail(
            person,
            kind=kind,
            subject=letter.subject,
            text=render_template("mail/letter.txt", **values),
            html=render_template("mail/letter.html", **values),
            about=about,
            at=at,
        )


def absolute(path: str) -> str:
    """Return the public address of what ``url_for`` gave, which is a path in a request and an address outside."""
    if path.startswith(("http://", "https://")):
        return path
    return current_config().base_url.rstrip("/") + path
