"""Reads about time extensions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from assessments.time_factors.models import TimeFactor
from lms.db import session


def list_time_factors(person_ids: Sequence[int]) -> list[TimeFactor]:
    """Return every decision about these people, the newest first."""
    return list(
        session.scalars(
            select(TimeFactor)
            .options(joinedload(TimeFactor.person), joinedload(TimeFactor.author))
            .where(TimeFactor.person_id.in_(person_ids))
            .order_by(TimeFactor.id.desc())
        )
    )
