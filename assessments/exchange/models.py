"""Files that came for an item bank, and the pictures of questions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.content.models import Course
from lms.db import Base
from lms.people.models import Person


class ItemImport(Base):
    """A file with questions: kept between the dry run and the taking, so that nothing is sent twice.

    ``applied_at`` is set once, by whoever takes it first; ``outcome`` says then what became of each question.
    """

    __tablename__ = "item_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    #: The format that was chosen; empty: told by the content.
    format: Mapped[str] = mapped_column(String(12))
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    applied_at: Mapped[datetime | None]
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    outcome: Mapped[dict[str, Any] | None]

    course: Mapped[Course] = relationship()
    created_by: Mapped[Person | None] = relationship(foreign_keys=created_by_id)
    applied_by: Mapped[Person | None] = relationship(foreign_keys=applied_by_id)


class QuestionPicture(Base):
    """A picture that some question shows, under its SHA-256; whoever knows that has seen the question."""

    __tablename__ = "question_pictures"

    sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"), primary_key=True)
    ending: Mapped[str] = mapped_column(String(4))
    added_at: Mapped[datetime]
