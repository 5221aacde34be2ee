"""Assignments and what is handed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.cohorts.models import Enrolment
from courses.content.models import Activity
from lms.db import Base


class Assignment(Base):
    """How an activity of the kind ``assignment`` is done and marked: criteria with levels, as in the course archive."""

    __tablename__ = "assignments"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    instructions_markdown: Mapped[str] = mapped_column(Text)
    instructions_html: Mapped[str] = mapped_column(Text)
    accepts: Mapped[list[str]]
    criteria: Mapped[list[Any]]
    pass_points: Mapped[int]
    minimum_per_criterion: Mapped[int]
    resubmissions: Mapped[int]
    options: Mapped[dict[str, Any]]

    activity: Mapped[Activity] = relationship(lazy="joined", innerjoin=True)


class Draft(Base):
    """What a participant has written for an assignment and not yet handed in; overwritten as they write."""

    __tablename__ = "drafts"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.activity_id"), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    #: Uploaded already: ``{filename, media_type, sha256, size}`` each; the bytes lie in ``stored_files``.
    files: Mapped[list[Any]]
    saved_at: Mapped[datetime]


class Submission(Base):
    """One round of handing in; never changed. The unique round keeps a double click from handing in twice."""

    __tablename__ = "submissions"
    __table_args__ = (UniqueConstraint("assignment_id", "enrolment_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.activity_id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    round: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    submitted_at: Mapped[datetime]

    assignment: Mapped[Assignment] = relationship()
    enrolment: Mapped[Enrolment] = relationship()
    files: Mapped[list[SubmissionFile]] = relationship(order_by="SubmissionFile.id", back_populates="submission")


class SubmissionFile(Base):
    """A file of a submission, under the name its author gave it."""

    __tablename__ = "submission_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    filename: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"))
    size: Mapped[int]

    submission: Mapped[Submission] = relationship(back_populates="files")
