"""What is counted about a quiz."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class QuizStatistics(Base):
    """Sums over one cohort's first attempts at one quiz (see rules.Figures), kept by the worker. Sums of sums are sums."""

    __tablename__ = "quiz_statistics"

    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.activity_id"), primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), primary_key=True)
    figures: Mapped[dict[str, Any]]
    counted_at: Mapped[datetime]
