"""Attendance, as a log of marks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class AttendanceMark(Base):
    """What a trainer noted about one person and one session. Appended, never changed: the last one holds.

    ``status`` is present, partly, excused or absent; ``ue`` the units really attended (excused is not present: 0).
    """

    __tablename__ = "attendance_marks"
    __table_args__ = (Index("ix_attendance_marks_enrolment_id_live_session_id", "enrolment_id", "live_session_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    live_session_id: Mapped[int] = mapped_column(ForeignKey("live_sessions.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    status: Mapped[str] = mapped_column(String(10))
    ue: Mapped[int]
    marked_at: Mapped[datetime]
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(String(300), default="")
