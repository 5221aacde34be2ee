"""Reads about the processes in the background."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from lms.db import session
from lms.jobs.models import Heartbeat, JobFault


def find_last_beat(prefix: str) -> datetime | None:
    """Return when a process whose name begins so was last known to live."""
    return session.scalar(select(func.max(Heartbeat.at)).where(Heartbeat.name.startswith(prefix)))


def list_faulty_rows(work: str) -> set[int]:
    """Return the rows that this work failed at and has not done since."""
    return set(session.scalars(select(JobFault.row_id).where(JobFault.work == work)))


def list_faults(since: datetime) -> list[JobFault]:
    """Return what has failed since then and has not been done, what has failed longest first."""
    return list(session.scalars(select(JobFault).where(JobFault.last_at >= since).order_by(JobFault.first_at)))
