"""People and their roles."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

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

    @property
    def sort_key(self) -> tuple[str, str]:
        """What lists are sorted by: family and given name with accents beside their letters, as in a phone book."""
        return _fold(self.family_name), _fold(self.given_name)

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


def _fold(name: str) -> str:
    plain = name.casefold().replace("ł", "l").replace("ø", "o").replace("đ", "d")
    return "".join(letter for letter in unicodedata.normalize("NFD", plain) if not unicodedata.combining(letter))
