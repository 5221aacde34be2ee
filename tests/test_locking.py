"""Locking a row that was loaded with its relatives works on both databases."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from courses.cohorts.models import Enrolment
from lms.db import lock, session, transaction
from tests.cast import Cast


def test_a_row_loaded_with_its_relatives_can_be_locked(cast: Cast) -> None:
    session.expunge_all()
    query = select(Enrolment).options(joinedload(Enrolment.person), joinedload(Enrolment.municipality))
    enrolment = session.scalars(query.where(Enrolment.id == cast.enrolment.id)).one()
    with transaction():
        enrolment.municipality_ags = "12060005"
        lock(enrolment)
        assert enrolment.municipality_ags == "12060005"
