"""What is written to people before they are conferred."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from certificates.readiness.queries import NAME_MAIL
from courses.cohorts.models import Enrolment
from lms.mail.letters import Letter, absolute, queue_letter


def queue_name_mail(enrolment: Enrolment, *, at: datetime) -> None:
    """Ask a participant to check the name that will be printed."""
    person, cohort = enrolment.person, enrolment.cohort

    def compose() -> Letter:
        return Letter(
            subject=_("Please check your name for the certificate"),
            paragraphs=[
                _("Your certificate for “%(course)s” is being prepared.", course=cohort.version.title),
                _(
                    "This name will be printed: %(name)s. Please check it, correct it if needed, and save.",
                    name=person.full_name,
                ),
            ],
            link=(_("Check my name"), absolute(url_for("people.account"))),
            why=_("You get this mail because you take part in a course that ends with a certificate."),
        )

    queue_letter(person, kind=NAME_MAIL, compose=compose, about=enrolment, at=at)
