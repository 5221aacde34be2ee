"""Reads for what is taken along."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload, selectinload

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


def list_issued(enrolment_ids: Sequence[int]) -> list[Certificate]:
    """Return every document that was issued for these enrolments, without what it says; one query."""
    query = (
        select(Certificate)
        .where(Certificate.enrolment_id.in_(enrolment_ids), Certificate.erased_at.is_(None))
        .options(defer(Certificate.snapshot_json), joinedload(Certificate.events))
        .order_by(Certificate.id)
    )
    return list(session.scalars(query).unique())
