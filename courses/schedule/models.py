"""Live sessions of a cohort."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.cohorts.models import Cohort
from courses.content.models import Activity
from lms.db import Base


class LiveSession(Base):
    """A planned meeting. ``uid`` and ``sequence`` are RFC 5545's: the uid stays when it moves, the sequence grows."""

    __tablename__ = "live_sessions"
    __table_args__ = (Index("ix_live_sessions_cohort_id_starts_at", "cohort_id", "starts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    #: The activity of the course that this session carries out; empty for an additional meeting.
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id"))
    title: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(50))
    ue: Mapped[int]
    location: Mapped[str] = mapped_column(String(300), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    uid: Mapped[str] = mapped_column(String(100), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    cancelled_at: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship()
    activity: Mapped[Activity | None] = relationship()
