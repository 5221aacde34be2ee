"""Reads about the processes in the background."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from lms.db import session
from lms.jobs.models import Heartbeat


def find_last_beat(prefix: str) -> datetime | None:
    """Return when a process whose name begins so was last known to live."""
    return session.scalar(select(func.max(Heartbeat.at)).where(Heartbeat.name.startswith(prefix)))
