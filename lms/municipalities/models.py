"""Districts and municipalities."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.db import Base


class District(Base):
    """A Landkreis or an independent city; ``key`` is the first five digits of the AGS."""

    __tablename__ = "districts"

    key: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(40))


class Municipality(Base):
    """A municipality by its AGS, the official key of eight digits, kept as text."""

    __tablename__ = "municipalities"

    ags: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), index=True)
    district_key: Mapped[str] = mapped_column(ForeignKey("districts.key"), index=True)

    district: Mapped[District] = relationship(lazy="joined", innerjoin=True)
