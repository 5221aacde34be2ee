"""Time extensions as a compensation for a disadvantage."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.db import Base
from lms.people.models import Person


class TimeFactor(Base):
    """A decision about a person's time at quizzes, in per cent of the usual time. Appended; the last one holds.

    ``Person.time_percent`` keeps it beside the person for fast reading.
    """

    __tablename__ = "time_factors"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    percent: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    granted_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    author: Mapped[Person | None] = relationship(foreign_keys=author_id)
