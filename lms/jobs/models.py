"""What is known of the work in the background: signs of life, and what fails."""

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


class JobFault(Base):
    """Something that a job could not do and tries again: one of its rows, or all of it (``row_id`` 0). Gone when it is done."""

    __tablename__ = "job_faults"

    work: Mapped[str] = mapped_column(String(120), primary_key=True)
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: The kind of the last error; its words may hold what people wrote, and are in the log only.
    error: Mapped[str] = mapped_column(String(100))
    times: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
