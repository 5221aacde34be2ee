"""Requests for a correction and what was decided."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certificates.conferral.models import Certificate
from lms.db import Base


class CorrectionRequest(Base):
    """What somebody says is wrong on a document, with evidence if they have it. Numbered by document (unique)."""

    __tablename__ = "correction_requests"
    __table_args__ = (UniqueConstraint("certificate_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    evidence_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_files.sha256"))
    evidence_name: Mapped[str] = mapped_column(String(255), default="")
    requested_at: Mapped[datetime]
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))

    certificate: Mapped[Certificate] = relationship()
    decision: Mapped[CorrectionDecision | None] = relationship(back_populates="request", lazy="joined")


class CorrectionDecision(Base):
    """The decision on a request: one (its key), with its reason; an accepted one names the document that came of it."""

    __tablename__ = "correction_decisions"

    request_id: Mapped[int] = mapped_column(ForeignKey("correction_requests.id"), primary_key=True)
    accepted: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))

    request: Mapped[CorrectionRequest] = relationship(back_populates="decision")
    successor: Mapped[Certificate | None] = relationship()
