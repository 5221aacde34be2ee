"""Reads about conferrals and certificates."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from certificates.conferral.models import Certificate, Conferral
from courses.cohorts.models import Cohort, Enrolment
from lms.db import session
from lms.people.models import Person


def list_conferrals(cohort: Cohort) -> list[Conferral]:
    """Return a cohort's conferrals with their certificates, in their order."""
    return list(
        session.scalars(
            select(Conferral)
            .where(Conferral.cohort_id == cohort.id)
            .order_by(Conferral.number)
            .options(selectinload(Conferral.certificates))
        )
    )


def list_certified_enrolments(cohort: Cohort) -> set[int]:
    """Return the enrolments of a cohort that a document has been issued for, whatever became of it."""
    return set(
        session.scalars(
            select(Certificate.enrolment_id)
            .join(Certificate.conferral)
            .where(Conferral.cohort_id == cohort.id, Certificate.enrolment_id.is_not(None))
        )
    )


@dataclass(frozen=True)
class Rendering:
    """How many of a cohort's documents are rendered."""

    done: int
    total: int


def count_rendered(cohort: Cohort) -> Rendering:
    """Return how far the workers are with a cohort's documents."""
    done, total = session.execute(
        select(func.count(Certificate.pdf_sha256), func.count(Certificate.id))
        .join(Certificate.conferral)
        .where(Conferral.cohort_id == cohort.id)
    ).one()
    return Rendering(done, total)


def list_own_certificates(person: Person) -> list[Certificate]:
    """Return a person's certificates, the newest first."""
    return list(
        session.scalars(
            select(Certificate)
            .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
            .where(Enrolment.person_id == person.id)
            .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
        )
    )
