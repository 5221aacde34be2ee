"""Cohorts, who teaches them and who is enrolled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.content.models import CourseVersion
from lms.db import Base
from lms.municipalities.models import Municipality
from lms.people.models import Person


class Cohort(Base):
    """People who take one course version together; the cohort owns its dates, seats, trainers and rules."""

    __tablename__ = "cohorts"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    begin_date: Mapped[date]
    end_date: Mapped[date]
    zone: Mapped[str] = mapped_column(String(50))
    seats: Mapped[int]
    #: Completion rules, copied from the version when the cohort is made (see courses/progress/rules.py).
    rules: Mapped[list[Any]]
    created_at: Mapped[datetime]
    #: When the teaching was declared finished; results can be conferred from then on.
    completed_at: Mapped[datetime | None]

    version: Mapped[CourseVersion] = relationship()
    trainers: Mapped[list[CohortTrainer]] = relationship(back_populates="cohort")
    enrolments: Mapped[list[Enrolment]] = relationship(back_populates="cohort")


class CohortTrainer(Base):
    """A trainer of a cohort."""

    __tablename__ = "cohort_trainers"

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True)
    assigned_at: Mapped[datetime]

    cohort: Mapped[Cohort] = relationship(back_populates="trainers")
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Enrolment(Base):
    """A person's place in a cohort, sent by a municipality. A person has one place a cohort (unique)."""

    __tablename__ = "enrolments"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    municipality_ags: Mapped[str | None] = mapped_column(ForeignKey("municipalities.ags"))
    enrolled_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship(back_populates="enrolments")
    person: Mapped[Person] = relationship()
    municipality: Mapped[Municipality | None] = relationship()
