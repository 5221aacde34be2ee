"""The item bank of a course: items, their immutable versions, and which version mends which."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.content.models import Course
from lms.db import Base


class Item(Base):
    """A question of a course's bank; ``key`` is its ``id`` in the course archive."""

    __tablename__ = "items"
    __table_args__ = (UniqueConstraint("course_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    key: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship()
    versions: Mapped[list[ItemVersion]] = relationship(order_by="ItemVersion.number", back_populates="item")


class ItemVersion(Base):
    """One wording and key of an item, never changed; attempts refer to it. ``definition`` is as in the archive format."""

    __tablename__ = "item_versions"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    number: Mapped[int]
    type: Mapped[str] = mapped_column(String(20))
    definition: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))

    item: Mapped[Item] = relationship(back_populates="versions", lazy="joined", innerjoin=True)


class ItemRepair(Base):
    """One version of an item took the place of another, for attempts that were made before as well. Appended.

    A version is repaired at most once (unique); whoever repairs again, repairs its successor. ``outcome`` keeps what the
    dry run promised and what was done. A new wording is one of the kind ``wording``: it is for attempts that begin later,
    and those that were asked an earlier one keep it until a repair follows, which mends them all.
    """

    __tablename__ = "item_repairs"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), unique=True)
    to_version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), unique=True)
    #: key, full_points, drop, take_back, or wording (see assessments/repair/rules.py).
    kind: Mapped[str] = mapped_column(String(12))
    #: Whether nobody's attempt may end with a smaller share of the points than before.
    never_lower: Mapped[bool]
    #: One sentence that the people concerned read.
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    outcome: Mapped[dict[str, Any]]

    from_version: Mapped[ItemVersion] = relationship(foreign_keys=from_version_id)
    to_version: Mapped[ItemVersion] = relationship(foreign_keys=to_version_id)
