"""Progress, as a log of facts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class ProgressFact(Base):
    """A verb (xAPI's where there is one) about one person and one activity. Appended; the last one holds.

    ``launched`` and ``attempted`` say that it was begun, ``completed`` and ``passed`` that it is done, ``failed`` that
    it can no longer be passed, ``reopened`` that a ``completed`` or ``submitted`` was taken back. ``submitted`` work waits for
    its grade; ``returned`` work was graded, has not passed and may be handed in again.
    """

    __tablename__ = "progress_facts"
    __table_args__ = (Index("ix_progress_facts_enrolment_id_activity_id", "enrolment_id", "activity_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    verb: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
