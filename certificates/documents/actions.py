"""Make the documents of issued certificates."""

from __future__ import annotations

from datetime import datetime

from certificates.conferral.models import Certificate, CertificateEvent
from certificates.documents.attachments import list_attachments
from certificates.documents.mail import queue_certificate_mail
from certificates.documents.rendering import render_pdf
from courses.cohorts.models import Enrolment
from lms.db import session
from lms.files.actions import store_file
from lms.institution.seal import sign_pdf


def render_certificate(certificate: Certificate, *, at: datetime) -> None:
    """Render and seal a certificate's PDF, keep it with its hash, and tell its owner; once it is there, nothing happens.

    Raises PrintingImpossibleError or SealError; the certificate then waits, as valid as before.
    """
    if certificate.pdf_sha256 is not None:
        return
    facts = certificate.facts
    pdf = render_pdf(facts, issued_at=certificate.issued_at, attached=list_attachments(certificate))
    sealed = sign_pdf(pdf, at=at, reason=facts["serial"], location=facts["place"])
    certificate.pdf_sha256 = store_file(sealed, at=at).sha256
    certificate.events.append(CertificateEvent(kind="rendered", at=at))
    enrolment = session.get(Enrolment, certificate.enrolment_id) if certificate.enrolment_id else None
    if enrolment is not None:
        queue_certificate_mail(certificate, enrolment.person, at=at)
        certificate.events.append(CertificateEvent(kind="mailed", at=at))
    session.flush()
