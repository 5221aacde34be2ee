"""The grade ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class GradeEntry(Base):
    """A grade given for one enrolment and one activity (the line item). Appended, never changed: the last one holds.

    Scores are in hundredths of a point. ``source`` says what was graded (``attempt:12``, ``submission:5``), ``passed``
    whether it counts as passed by the rules of that moment, ``reason`` why an earlier grade was replaced.
    """

    __tablename__ = "grade_entries"
    __table_args__ = (Index("ix_grade_entries_enrolment_id_activity_id", "enrolment_id", "activity_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    source: Mapped[str] = mapped_column(String(40))
    score_given_hundredths: Mapped[int]
    score_maximum_hundredths: Mapped[int]
    passed: Mapped[bool]
    #: Points by criterion, where the activity has criteria.
    criteria: Mapped[dict[str, Any] | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    graded_at: Mapped[datetime]
    #: Empty: graded by the product itself (a quiz).
    graded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
