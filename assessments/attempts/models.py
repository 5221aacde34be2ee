"""Attempts at quizzes, as logs of steps."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Dialect, ForeignKey, Index, SmallInteger, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from assessments.quizzes.models import Quiz
from courses.cohorts.models import Enrolment
from lms.db import Base

#: What runs, or would if its time were not over: nobody has handed it in or taken it out.
_RUNS = text("submitted_at IS NULL AND voided_at IS NULL")


class Attempt(Base):
    """One try of one enrolment at one quiz. The number keeps a last attempt from being started twice; one runs at a time.

    The columns after ``started_at`` are folded from the steps and kept beside them for fast reading.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "quiz_id", "number"),
        Index("uq_attempts_running", "enrolment_id", "quiz_id", unique=True, sqlite_where=_RUNS, postgresql_where=_RUNS),
        Index("ix_attempts_recount", "id", sqlite_where=text("recount"), postgresql_where=text("recount")),
        Index("ix_attempts_unmarked", "id", sqlite_where=text("unmarked > 0"), postgresql_where=text("unmarked > 0")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.activity_id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    started_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    #: Points in hundredths, so that sums are exact.
    score_hundredths: Mapped[int | None]
    score_maximum_hundredths: Mapped[int | None]
    #: Taken out by staff: it counts neither as a try nor as a result. The log says why.
    voided_at: Mapped[datetime | None]
    #: How many steps of the log the statistics hold; empty: none. ``recount`` asks the worker to look again.
    counted_steps: Mapped[int | None] = mapped_column(SmallInteger)
    recount: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: How many answers wait for a mark since the attempt was handed in; until then its points are not final.
    unmarked: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")

    quiz: Mapped[Quiz] = relationship()
    enrolment: Mapped[Enrolment] = relationship()


class _Kind(TypeDecorator[str]):
    """The kind of a step, stored as one letter: a log has it in every row, and its rows are most of a database."""

    impl = String(12)
    cache_ok = True
    _LETTERS: ClassVar[dict[str, str]] = {
        "started": "s", "answered": "a", "flagged": "f", "checked": "c", "submitted": "h", "scored": "p", "marked": "m",
        "voided": "v", "reopened": "r",
    }  # fmt: skip
    _WORDS: ClassVar[dict[str, str]] = {letter: word for word, letter in _LETTERS.items()}

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the letter. Raises KeyError for what is no kind of step."""
        return None if value is None else self._LETTERS[value]

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the word."""
        return None if value is None else self._WORDS[value]


class _Payload(TypeDecorator[dict[str, Any]]):
    """What a step says. Of what says nothing but a response, which are most, the response alone is stored: in a list.

    Written and read whole, never searched: as text it takes a third of what PostgreSQL's JSONB takes.
    """

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> dict[str, Any] | list[Any] | None:
        """Return what is stored."""
        return [value["response"]] if value is not None and value.keys() == {"response"} else value

    def process_result_value(self, value: Any, dialect: Dialect) -> dict[str, Any] | None:
        """Return what was said."""
        return {"response": value[0]} if isinstance(value, list) else value


class AttemptStep(Base):
    """One thing that happened in an attempt. Appended, never changed; the attempt's state is folded from its steps.

    ``kind`` is started (``payload`` holds the draw and the shuffle), answered, checked (the person asked whether it is right),
    flagged, submitted, scored, and by staff marked, voided and reopened. ``slot``
    counts the attempt's questions from 0. ``device`` and ``counter`` are the client's: a step that arrives twice is
    recognised by them, an answer and a flag alike. An empty ``device`` is the one before it in the log (``read_steps``).
    """

    __tablename__ = "attempt_steps"
    __table_args__ = ({"sqlite_with_rowid": False},)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    kind: Mapped[str] = mapped_column(_Kind)
    at: Mapped[datetime]
    slot: Mapped[int | None] = mapped_column(SmallInteger)
    device: Mapped[str | None] = mapped_column(String(22))
    counter: Mapped[int | None]
    payload: Mapped[dict[str, Any] | None] = mapped_column(_Payload)


class AttemptFile(Base):
    """A file that was handed in as an answer. The log says which one stands; a row stays, like every answer."""

    __tablename__ = "attempt_files"
    __table_args__ = (UniqueConstraint("attempt_id", "slot", "sha256", "filename"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    slot: Mapped[int] = mapped_column(SmallInteger)
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"))
    filename: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    uploaded_at: Mapped[datetime]

    attempt: Mapped[Attempt] = relationship()
