"""People and their roles."""

from __future__ import annotations

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from lms.collation import collation_key
from lms.db import Base
from lms.permissions import Permission, Role


class Person(UserMixin, Base):
    """Somebody with an account. ``email`` is kept in lower case."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    #: What lists are sorted by and people are found by: both names' collation keys. Kept whenever a name is set.
    sort_name: Mapped[str] = mapped_column(
        Text().with_variant(Text(collation="C"), "postgresql"), index=True, server_default=""
    )
    #: The name as it is to be printed, with titles; empty: given and family name.
    printed_name: Mapped[str] = mapped_column(String(200), default="")
    name_confirmed_at: Mapped[datetime | None]
    municipality_ags: Mapped[str | None] = mapped_column(ForeignKey("municipalities.ags"), index=True)
    language: Mapped[str | None] = mapped_column(String(5))
    theme: Mapped[str | None] = mapped_column(String(10))
    #: Longer time limits as a compensation for a disadvantage, in per cent of the usual time (100 = as usual).
    time_percent: Mapped[int] = mapped_column(default=100)
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]

    role_grants: Mapped[list[RoleGrant]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", foreign_keys="RoleGrant.person_id", back_populates="person"
    )

    @property
    def full_name(self) -> str:
        """The name as it is shown and printed."""
        return self.printed_name or f"{self.given_name} {self.family_name}".strip()

    @validates("family_name", "given_name")
    def _keep_sort_name(self, field: str, value: str) -> str:
        names = {"family_name": self.family_name or "", "given_name": self.given_name or "", field: value}
        self.sort_name = "\t".join(map(collation_key, (names["family_name"], names["given_name"])))
        return value

    @property
    def roles(self) -> frozenset[Role]:
        """What the person is to the institution."""
        return frozenset(Role(grant.role) for grant in self.role_grants)

    @property
    def is_active(self) -> bool:
        """Whether the person may sign in (Flask-Login's name for it)."""
        return self.deactivated_at is None

    def may(self, permission: Permission) -> bool:
        """Say whether one of the person's roles has this permission; the row decides besides."""
        return self.is_active and bool(permission.roles & self.roles)


class RoleGrant(Base):
    """A role that a person has."""

    __tablename__ = "role_grants"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id], back_populates="role_grants")
