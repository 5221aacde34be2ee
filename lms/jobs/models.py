"""Signs of life of the processes that work in the background."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class Heartbeat(Base):
    """When a process (``scheduler``, ``worker:host:pid``) was last known to live."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    at: Mapped[datetime]
