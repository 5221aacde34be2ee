"""Receipts for attempts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessments.attempts.models import Attempt
from lms.db import Base


class Receipt(Base):
    """A receipt that was asked for: about the first ``steps`` of an attempt's log, with what could be ``shown`` then.

    The unique constraint is what makes the same attempt give the same file. ``file_sha256`` is empty until the worker
    has rendered it.
    """

    __tablename__ = "attempt_receipts"
    __table_args__ = (
        UniqueConstraint("attempt_id", "steps", "shown"),
        Index(
            "ix_attempt_receipts_due",
            "id",
            sqlite_where=text("file_sha256 IS NULL"),
            postgresql_where=text("file_sha256 IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    steps: Mapped[int] = mapped_column(SmallInteger)
    #: ``answers``, ``points``, both with a comma between, or nothing: see ``Contents``.
    shown: Mapped[str] = mapped_column(String(20))
    log_sha256: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(5))
    created_at: Mapped[datetime]
    file_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_files.sha256"))

    attempt: Mapped[Attempt] = relationship()

    @property
    def number(self) -> str:
        """What is printed on it."""
        return f"QB-{self.id:06}"
