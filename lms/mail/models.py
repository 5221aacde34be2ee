"""The outbox: mails leave with the transaction that wrote them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class OutboxMail(Base):
    """A mail to one address. Waiting while ``sent_at`` and ``gave_up_at`` are both empty; its texts go when it is sent."""

    __tablename__ = "outbox_mails"
    __table_args__ = (
        Index(
            "ix_outbox_mails_due",
            "next_try_at",
            sqlite_where=text("sent_at IS NULL AND gave_up_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND gave_up_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Stays the same over retries, so that a receiver can drop a doubled mail.
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    #: Whose it is, so that it goes with them: who gets it, or of feedback who wrote it; None: nobody with an account.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    #: The row that it is about (``lms.db.name_of``), so that it goes when that is lawfully erased; None: only its reader.
    about: Mapped[str | None] = mapped_column(String(60), index=True)
    recipient: Mapped[str] = mapped_column(String(254))
    #: Where an answer goes (RFC 5322, 3.6.2), in ASCII; None: nobody reads answers.
    reply_to: Mapped[str | None] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    text_body: Mapped[str] = mapped_column(Text)
    html_body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    gave_up_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
