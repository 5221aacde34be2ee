"""Put mails into the outbox."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from email.utils import make_msgid
from urllib.parse import urlsplit

from sqlalchemy import delete, or_

from lms.audit.actions import record_audit
from lms.db import Base, name_of, session
from lms.jobs.registry import nudge
from lms.mail.models import OutboxMail
from lms.mail.rules import KEPT, one_line
from lms.people.models import Person
from lms.settings import current_config


def queue_mail(
    person: Person, *, kind: str, subject: str, text: str, html: str, about: Base | None = None, at: datetime
) -> OutboxMail:
    """Write a mail to this person into the outbox; see ``queue_mail_to``."""
    return queue_mail_to(
        person.email, person=person, kind=kind, subject=subject, text=text, html=html, about=about, at=at
    )


def queue_mail_to(
    address: str,
    *,
    person: Person | None,
    kind: str,
    subject: str,
    text: str,
    html: str,
    reply_to: str | None = None,
    about: Base | None = None,
    key: str | None = None,
    at: datetime,
) -> OutboxMail:
    """Write a mail to this address into the outbox; it leaves after the commit. ``kind`` names the mail for the admin.

    ``person`` is whose it is, ``about`` the row it tells of: what is said of that one beside the reader's own account can
    be forgotten by it. There is one mail of a ``key``: the Message-ID is made of it, and the flush of a second one fails.
    """
    mail = OutboxMail(
        message_id=_message_id(key),
        kind=kind,
        person_id=person.id if person is not None else None,
        about=name_of(about) if about is not None else None,
        recipient=address,
        reply_to=reply_to,
        subject=one_line(subject),
        text_body=text,
        html_body=html,
        created_at=at,
        next_try_at=at,
    )
    session.add(mail)
    nudge("send_due_mails")
    return mail


def forget_mails(about: Base) -> None:
    """Delete every mail that is about this row; what had not been sent is not sent any more.

    One that a worker is handing over at this very moment still arrives, and is gone from here afterwards.
    """
    session.execute(delete(OutboxMail).where(OutboxMail.about == name_of(about)))


def forget_unnamed_mails(person: Person, kinds: Collection[str], *, naming: Collection[str]) -> None:
    """Delete a person's mails of these kinds that don't say what they are about: those from before that was noted.

    Of those that have not been sent only the ones with one of these words: others may be about something that still
    holds, and their reader waits for them.
    """
    mine = (OutboxMail.person_id == person.id, OutboxMail.kind.in_(kinds), OutboxMail.about.is_(None))
    named = [
        column.contains(word, autoescape=True) for word in naming for column in (OutboxMail.subject, OutboxMail.text_body)
    ]
    session.execute(delete(OutboxMail).where(*mine, or_(OutboxMail.sent_at.is_not(None), *named)))


def forget_old_mails(*, now: datetime) -> None:
    """Delete mails that were sent or given up long ago; what is still being tried stays."""
    before = now - KEPT
    session.execute(delete(OutboxMail).where(or_(OutboxMail.sent_at < before, OutboxMail.gave_up_at < before)))


def retry_mail(mail: OutboxMail, *, actor: Person, at: datetime) -> None:
    """Have a mail that was given up tried again from the start."""
    mail.gave_up_at, mail.tries, mail.next_try_at = None, 0, at
    record_audit("mail_retried", mail, actor=actor, at=at)
    nudge("send_due_mails")


def _message_id(key: str | None) -> str:
    host = urlsplit(current_config().base_url).hostname
    return make_msgid(domain=host) if key is None else f"<{hashlib.sha256(key.encode()).hexdigest()}@{host}>"
