"""The door to issued documents and requests: one's own, and all of them for those with the permission."""

from __future__ import annotations

from sqlalchemy import select
from werkzeug.exceptions import NotFound

from certificates.conferral.models import Certificate
from certificates.lifecycle.models import CorrectionRequest
from courses.cohorts.models import Enrolment
from lms.db import session
from lms.people.models import Person
from lms.permissions import Permission


def certificate_for(person: Person, certificate_id: int, permission: Permission) -> Certificate:
    """Return a certificate to somebody of the institution with this permission. Raises NotFound otherwise."""
    found = session.get(Certificate, certificate_id)
    if found is None or not person.may(permission):
        raise NotFound
    return found


def own_certificate(person: Person, certificate_id: int) -> Certificate:
    """Return the person's own certificate whose data have not been erased. Raises NotFound otherwise."""
    found = session.scalar(
        select(Certificate)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(Certificate.id == certificate_id, Enrolment.person_id == person.id, Certificate.erased_at.is_(None))
    )
    if found is None:
        raise NotFound
    return found


def request_for(person: Person, request_id: int, permission: Permission) -> CorrectionRequest:
    """Return a request to somebody of the institution with this permission. Raises NotFound otherwise."""
    found = session.get(CorrectionRequest, request_id)
    if found is None or not person.may(permission):
        raise NotFound
    return found
