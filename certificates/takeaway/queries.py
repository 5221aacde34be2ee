"""Reads for archives."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from certificates.conferral.models import Certificate, Conferral
from courses.cohorts.models import Cohort
from lms.db import session


def list_takable(cohort: Cohort) -> list[Certificate]:
    """Return a cohort's certificates that have a PDF and have not been erased, with their events, by number."""
    query = (
        select(Certificate)
        .join(Certificate.conferral)
        .where(Conferral.cohort_id == cohort.id, Certificate.pdf_sha256.is_not(None))
        .order_by(Certificate.serial)
        .options(selectinload(Certificate.events))
    )
    return [one for one in session.scalars(query) if not any(event.kind == "erased" for event in one.events)]
