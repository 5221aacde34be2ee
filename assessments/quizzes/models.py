"""Quizzes: the settings of an activity of the kind ``quiz`` and the pool it draws from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessments.items.models import ItemVersion
from courses.cohorts.models import Enrolment
from courses.content.models import Activity
from lms.db import Base
from lms.people.models import Person


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
    #: Everything else (fixed questions, draws by tag, shuffling, pause, review), see ``Options.stored``.
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


class QuizWindow(Base):
    """When a cohort can take a quiz. Without a row it is open as long as the cohort is."""

    __tablename__ = "quiz_windows"

    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.activity_id"), primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), primary_key=True)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]


class QuizException(Base):
    """Other terms for one person at one quiz: granted with a reason by somebody, until it ends or is taken back."""

    __tablename__ = "quiz_exceptions"

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.activity_id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    extra_attempts: Mapped[int]
    extra_minutes: Mapped[int]
    closes_at: Mapped[datetime | None]
    #: The exception holds until then; empty: until it is taken back.
    ends_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))

    quiz: Mapped[Quiz] = relationship()
    enrolment: Mapped[Enrolment] = relationship()
    author: Mapped[Person | None] = relationship(foreign_keys=author_id)
