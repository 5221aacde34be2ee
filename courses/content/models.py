"""What is learnt: a course, its immutable versions, their modules, activities and lessons."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.db import Base


class Course(Base):
    """A course, whatever its version."""

    __tablename__ = "courses"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    created_at: Mapped[datetime]

    versions: Mapped[list[CourseVersion]] = relationship(order_by="CourseVersion.number", back_populates="course")


class CourseVersion(Base):
    """One state of a course's content; never changed after its import, so that a running cohort keeps what it has.

    ``outline`` holds what of ``course.toml`` has no column: objectives, rules, planned live sessions, the short version
    in the other language. ``archive_sha256`` is the hash over all files of the archive: the same archive imported
    again is the same version.
    """

    __tablename__ = "course_versions"
    __table_args__ = (UniqueConstraint("course_id", "number"), UniqueConstraint("course_id", "archive_sha256"))

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    number: Mapped[int]
    archive_sha256: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime]
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5))
    content_date: Mapped[date | None]
    summary: Mapped[str] = mapped_column(Text)
    live_ue: Mapped[int]
    self_study_ue: Mapped[int]
    project_ue: Mapped[int]
    outline: Mapped[dict[str, Any]]

    course: Mapped[Course] = relationship(back_populates="versions")
    modules: Mapped[list[Module]] = relationship(order_by="Module.position", back_populates="version")
    activities: Mapped[list[Activity]] = relationship(order_by="Activity.position", back_populates="version")


class Module(Base):
    """A module of a course version, in its order."""

    __tablename__ = "modules"
    __table_args__ = (UniqueConstraint("version_id", "slug"), UniqueConstraint("version_id", "position"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"))
    position: Mapped[int]
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    objectives: Mapped[list[str]]
    ue: Mapped[int]
    english: Mapped[dict[str, Any] | None]

    version: Mapped[CourseVersion] = relationship(back_populates="modules")
    activities: Mapped[list[Activity]] = relationship(order_by="Activity.position", back_populates="module")


class Activity(Base):
    """Something to do: ``kind`` is ``lesson`` or one of the registered activity kinds (quiz, assignment, live_session).

    ``position`` counts through the whole version. ``module_id`` is empty for what belongs to the course as a whole.
    """

    __tablename__ = "activities"
    __table_args__ = (UniqueConstraint("version_id", "position"), UniqueConstraint("version_id", "kind", "slug"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"))
    module_id: Mapped[int | None] = mapped_column(ForeignKey("modules.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    slug: Mapped[str] = mapped_column(String(160))
    title: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[int | None]
    #: Teaching units of a live session or a project.
    ue: Mapped[int] = mapped_column(default=0)
    required: Mapped[bool] = mapped_column(default=True)

    version: Mapped[CourseVersion] = relationship(back_populates="activities")
    module: Mapped[Module | None] = relationship(back_populates="activities")


class Lesson(Base):
    """The text of an activity of the kind ``lesson``. ``html`` is made of ``markdown`` at import, through nh3."""

    __tablename__ = "lessons"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    objectives: Mapped[list[str]]
    sources: Mapped[list[Any]]
    markdown: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)

    activity: Mapped[Activity] = relationship(lazy="joined", innerjoin=True)


class ArchiveFile(Base):
    """A file of the version's archive as it was imported: media are served from it, an export gives it back."""

    __tablename__ = "archive_files"

    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(300), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"))
