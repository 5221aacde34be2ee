"""What is written to people about their certificates."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from certificates.conferral.models import Certificate
from lms.mail.letters import Letter, absolute, queue_letter
from lms.people.models import Person

READY_MAIL = "certificate_ready"


def queue_certificate_mail(certificate: Certificate, person: Person, *, at: datetime) -> None:
    """Tell a person that their document is there."""
    course = certificate.facts["course"]

    def compose() -> Letter:
        if certificate.kind == "certificate":
            subject, first = (
                _("Your certificate is there"),
                _("Congratulations: you have completed “%(course)s”.", course=course),
            )
        else:
            subject = _("Your confirmation of attendance is there")
            first = _("Thank you for taking part in “%(course)s”.", course=course)
        return Letter(
            subject=subject,
            paragraphs=[
                first,
                _("You can download your document now, and share its link with whoever wants to verify it."),
            ],
            link=(_("To your certificates"), absolute(url_for("documents.certificates"))),
            why=_("You get this mail because a document was issued for you."),
        )

    queue_letter(person, kind=READY_MAIL, compose=compose, about=certificate, at=at)
