"""How many guesses somebody has left."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class GuessCount(Base):
    """An asker's guesses for the whole installation; the row is locked while one is made (see actions.py)."""

    __tablename__ = "guess_counts"

    #: A fingerprint of the address under the installation's secret: nobody can read from here who has asked.
    asker: Mapped[str] = mapped_column(String(64), primary_key=True)
    remaining: Mapped[float]
    at: Mapped[datetime] = mapped_column(index=True)
