"""Put mails into the outbox."""

from __future__ import annotations

from datetime import datetime
from email.utils import make_msgid
from urllib.parse import urlsplit

from lms.audit.actions import record_audit
from lms.db import session
from lms.jobs.registry import nudge
from lms.mail.models import OutboxMail
from lms.people.models import Person
from lms.settings import current_config


def queue_mail(person: Person, *, kind: str, subject: str, text: str, html: str, at: datetime) -> OutboxMail:
    """Write a mail to this person into the outbox; it leaves after the commit. ``kind`` names the mail for the admin."""
    mail = OutboxMail(
        message_id=make_msgid(domain=urlsplit(current_config().base_url).hostname),
        kind=kind,
        person_id=person.id,
        recipient=person.email,
        subject=subject,
        text_body=text,
        html_body=html,
        created_at=at,
        next_try_at=at,
    )
    session.add(mail)
    nudge("send_due_mails")
    return mail


def retry_mail(mail: OutboxMail, *, actor: Person, at: datetime) -> None:
    """Have a mail that was given up tried again from the start."""
    mail.gave_up_at, mail.tries, mail.next_try_at = None, 0, at
    record_audit("mail_retried", mail, actor=actor, at=at)
    nudge("send_due_mails")
