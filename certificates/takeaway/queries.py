"""Reads for what is taken along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import defer, joinedload, selectinload

from certificates.conferral.models import Certificate, Conferral
from certificates.takeaway.rules import Missing, why_missing
from courses.cohorts.models import Cohort, Enrolment
from lms.db import session


def list_documents(cohort: Cohort) -> tuple[list[Certificate], list[Missing]]:
    """Return a cohort's certificates that can be taken along, with their events, and the others with the reason, by number."""
    query = (
        select(Certificate)
        .join(Certificate.conferral)
        .where(Conferral.cohort_id == cohort.id)
        .order_by(Certificate.serial)
        .options(selectinload(Certificate.events))
    )
    takable, missing = [], []
    for one in session.scalars(query):
        reason = why_missing((event.kind for event in one.events), one.pdf_sha256)
        if reason is None:
            takable.append(one)
        else:
            missing.append(Missing(one.serial, reason))
    return takable, missing


# Both are asked with every start page of a participant, and so built once.
_ISSUED = (
    select(Certificate)
    .where(Certificate.enrolment_id.in_(bindparam("ids", expanding=True)), Certificate.erased_at.is_(None))
    .options(defer(Certificate.snapshot_json), joinedload(Certificate.events))
    .order_by(Certificate.id)
)
_CONFERRED_AT = func.max(Conferral.conferred_at)
_IS_ERASED = exists().where(Certificate.enrolment_id == Enrolment.id, Certificate.erased_at.is_not(None))
_WITHOUT_DOCUMENT = (
    select(Enrolment.id, _CONFERRED_AT, _IS_ERASED)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .join(Conferral, Conferral.cohort_id == Cohort.id)
    .where(Enrolment.id.in_(bindparam("ids", expanding=True)))
    .group_by(Enrolment.id, Cohort.completed_at)
    .having(Cohort.completed_at <= _CONFERRED_AT)
)


def list_issued(enrolment_ids: Sequence[int]) -> list[Certificate]:
    """Return every document that was issued for these enrolments, without what it says; one query."""
    return list(session.scalars(_ISSUED, {"ids": list(enrolment_ids)}).unique())


def list_without_document(enrolment_ids: Sequence[int]) -> list[tuple[int, datetime, bool]]:
    """Return of these enrolments those whose cohort has been conferred since its teaching was finished; one query.

    Each with the moment, and whether a document was issued whose data were erased.
    """
    rows = session.execute(_WITHOUT_DOCUMENT, {"ids": list(enrolment_ids)})
    return [(enrolment_id, at, gone) for enrolment_id, at, gone in rows]
