"""The door to what people take along: one's own credentials, and all of them for those who may read certificates."""

from __future__ import annotations

from sqlalchemy import select
from werkzeug.exceptions import NotFound

from certificates.conferral.models import Certificate
from certificates.permissions import CertificatePermission
from courses.cohorts.models import Enrolment
from lms.db import session
from lms.people.models import Person


def credential_for(person: Person, certificate_id: int) -> Certificate:
    """Return a certificate whose credential this person may take along. Raises NotFound otherwise, and when it is erased."""
    query = select(Certificate).where(Certificate.id == certificate_id)
    if not person.may(CertificatePermission.READ_CERTIFICATES):
        query = query.join(Enrolment, Enrolment.id == Certificate.enrolment_id).where(Enrolment.person_id == person.id)
    found = session.scalar(query)
    if found is None or any(event.kind == "erased" for event in found.events):
        raise NotFound
    return found
