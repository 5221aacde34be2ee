"""The door to documents: one's own, and all of them for those who may read certificates."""

from __future__ import annotations

from sqlalchemy import select
from werkzeug.exceptions import NotFound

from certificates.conferral.models import Certificate
from certificates.permissions import CertificatePermission
from courses.cohorts.models import Enrolment
from lms.db import session
from lms.people.models import Person


def document_for(person: Person, certificate_id: int) -> Certificate:
    """Return a certificate that this person may download. Raises NotFound otherwise."""
    query = select(Certificate).where(Certificate.id == certificate_id, Certificate.pdf_sha256.is_not(None))
    if not person.may(CertificatePermission.READ_CERTIFICATES):
        query = query.join(Enrolment, Enrolment.id == Certificate.enrolment_id).where(Enrolment.person_id == person.id)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found
