"""Signs of life."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete

from lms.db import session
from lms.jobs.models import Heartbeat


def beat(name: str, *, at: datetime) -> None:
    """Note that this process lives; those that have been silent for a day are forgotten."""
    session.merge(Heartbeat(name=name, at=at))
    session.execute(delete(Heartbeat).where(Heartbeat.at < at - timedelta(days=1)))
    session.flush()
