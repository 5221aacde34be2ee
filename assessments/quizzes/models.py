"""Quizzes: the settings of an activity of the kind ``quiz`` and the pool it draws from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessments.items.models import ItemVersion
from courses.content.models import Activity
from lms.db import Base


class Quiz(Base):
    """How an activity of the kind ``quiz`` is taken. ``draw`` questions come out of the pool (0: all of them)."""

    __tablename__ = "quizzes"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    draw: Mapped[int]
    max_attempts: Mapped[int | None]
    pass_percent: Mapped[int]
    #: Which attempt counts: best, last, first or average.
    grading: Mapped[str] = mapped_column(String(10))
    time_limit_seconds: Mapped[int | None]
    #: Everything else (shuffling, pages, opening and closing, what is shown in review), by name.
    options: Mapped[dict[str, Any]]

    activity: Mapped[Activity] = relationship(lazy="joined", innerjoin=True)
    pool: Mapped[list[QuizItem]] = relationship(order_by="QuizItem.position", back_populates="quiz")


class QuizItem(Base):
    """An item version in a quiz's pool."""

    __tablename__ = "quiz_items"

    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.activity_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), index=True)

    quiz: Mapped[Quiz] = relationship(back_populates="pool")
    item_version: Mapped[ItemVersion] = relationship(lazy="joined", innerjoin=True)
