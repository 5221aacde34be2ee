"""Note signs of life, and what fails."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete

from lms.db import session
from lms.jobs.models import Heartbeat, JobFault


def beat(name: str, *, at: datetime) -> None:
    """Note that this process lives; those that have been silent for a day are forgotten."""
    session.merge(Heartbeat(name=name, at=at))
    session.execute(delete(Heartbeat).where(Heartbeat.at < at - timedelta(days=1)))
    session.flush()


def note_fault(work: str, row_id: int, error: Exception, *, at: datetime) -> None:
    """Note that a job could not do a row (0: anything), for ``lms check``.

    Raises IntegrityError when another worker notes the same first.
    """
    fault = session.get(JobFault, (work, row_id))
    if fault is None:
        fault = JobFault(work=work, row_id=row_id, times=0, first_at=at)
        session.add(fault)
    fault.error, fault.times, fault.last_at = type(error).__name__[:100], fault.times + 1, at
    session.flush()


def forget_faults(work: str, row_ids: Collection[int]) -> None:
    """Forget what has been done since, or is not to be done any more."""
    if row_ids:
        session.execute(delete(JobFault).where(JobFault.work == work, JobFault.row_id.in_(row_ids)))
