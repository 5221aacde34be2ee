"""Reads about what can be erased."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from certificates.conferral.models import Certificate
from certificates.conferral.queries import list_frozen_names
from courses.cohorts.models import Enrolment
from lms.db import session
from lms.people.queries import find_person


def list_results_without_document(email: str) -> Sequence[Enrolment]:
    """Return the places of the person with this address who stands in a protocol without having got a document."""
    person = find_person(email)
    if person is None:
        return []
    documented = select(Certificate.id).where(Certificate.enrolment_id == Enrolment.id)
    places = session.scalars(
        select(Enrolment)
        .where(Enrolment.person_id == person.id, ~documented.exists())
        .options(joinedload(Enrolment.cohort))
        .order_by(Enrolment.id)
    ).all()
    named = list_frozen_names(places)
    return [one for one in places if one.id in named]
