"""Reads about mails."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from lms.db import session
from lms.mail.models import OutboxMail


def claim_due_mail(now: datetime) -> OutboxMail | None:
    """Return the mail that is due longest, held so that no other worker takes it meanwhile; None: nothing is due."""
    return session.scalar(
        select(OutboxMail)
        .where(OutboxMail.sent_at.is_(None), OutboxMail.gave_up_at.is_(None), OutboxMail.next_try_at <= now)
        .order_by(OutboxMail.next_try_at, OutboxMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def find_claimed_mail(mail_id: int) -> OutboxMail | None:
    """Return a mail that was handed over, held until the transaction ends; None: what it was about has been erased."""
    return session.get(OutboxMail, mail_id, with_for_update=True, populate_existing=True)


def get_mail(mail_id: int) -> OutboxMail | None:
    """Return a mail of the outbox."""
    return session.get(OutboxMail, mail_id)


def list_troubled_mails(limit: int = 200) -> list[OutboxMail]:
    """Return mails that failed at least once and have not been sent: given up first, then the oldest."""
    return list(
        session.scalars(
            select(OutboxMail)
            .where(OutboxMail.sent_at.is_(None), OutboxMail.tries > 0)
            .order_by(OutboxMail.gave_up_at.is_(None), OutboxMail.created_at)
            .limit(limit)
        )
    )


def list_recent_mails(limit: int = 100) -> list[OutboxMail]:
    """Return the newest mails, for developers."""
    return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(limit)))
