"""Layouts, their versions, and which one is chosen for what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.db import Base


class Layout(Base):
    """A layout under its name; what it looks like, its versions say."""

    __tablename__ = "layouts"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    #: It came along with the product; uploaded ones are never trusted and run with limits.
    is_shipped: Mapped[bool]
    #: From then on it is offered no longer; what was issued with it stays as it is.
    withdrawn_at: Mapped[datetime | None]

    versions: Mapped[list[LayoutVersion]] = relationship(order_by="LayoutVersion.number", back_populates="layout")

    @property
    def current(self) -> LayoutVersion | None:
        """The newest good version, which is used for what is issued from now on; None: there is none yet."""
        return next((one for one in reversed(self.versions) if one.is_good), None)

    @property
    def title(self) -> str:
        """What people call it."""
        return (self.current or self.versions[-1]).title


class LayoutVersion(Base):
    """A layout's files as they once were, never changed: what was printed with them is printed the same again."""

    __tablename__ = "layout_versions"
    __table_args__ = (UniqueConstraint("layout_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    layout_id: Mapped[int] = mapped_column(ForeignKey("layouts.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(Text)
    #: The facts that a document needs to be printed with it.
    fields: Mapped[list[str]]
    #: Its files in one ZIP that is the same to the byte for the same files.
    archive_sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"))
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))

    #: When a worker printed samples with it, and what was wrong with them: for each a fault's code, a detail, and which sample
    #: it came out with ("": any; those of earlier releases end before).
    tried_at: Mapped[datetime | None]
    faults: Mapped[list[Any]]

    layout: Mapped[Layout] = relationship(back_populates="versions")

    @property
    def is_good(self) -> bool:
        """Whether documents can be printed with it."""
        return self.tried_at is not None and not self.faults


class LayoutChoice(Base):
    """The layout of a kind of document, for a course or for one cohort of it (one of the two is empty)."""

    __tablename__ = "layout_choices"
    __table_args__ = (UniqueConstraint("course_id", "kind"), UniqueConstraint("cohort_id", "kind"))

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"))
    kind: Mapped[str] = mapped_column(String(20))
    layout_id: Mapped[int] = mapped_column(ForeignKey("layouts.id"))
    chosen_at: Mapped[datetime]
    chosen_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))

    layout: Mapped[Layout] = relationship()
