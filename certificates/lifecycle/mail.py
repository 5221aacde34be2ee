"""What is written to people about what happened to their documents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from certificates.conferral.models import Certificate
from certificates.documents.mail import READY_MAIL
from certificates.events import CertificateErased
from certificates.readiness.queries import NAME_MAIL
from courses.cohorts.models import Enrolment
from lms.db import session
from lms.frame.filters import date_text
from lms.mail.actions import forget_mails, forget_unnamed_mails
from lms.mail.letters import Letter, absolute, queue_letter
from lms.people.models import Person

#: Every kind of mail that is about a document.
MAILS = frozenset(
    {READY_MAIL, NAME_MAIL, "certificate_revoked", "correction_accepted", "correction_rejected", "certificate_renewed",
     "certificate_ends"}
)  # fmt: skip

#: Those of them that say the course, and not the document's number.
NAMING_COURSE = frozenset({READY_MAIL, NAME_MAIL})


def queue_revoked_mail(certificate: Certificate, person: Person, *, at: datetime) -> None:
    """Tell a person that their document was revoked; the reason is not in the mail."""
    _queue(
        person,
        certificate,
        "certificate_revoked",
        lambda: (
            _("Document %(serial)s was revoked", serial=certificate.serial),
            [
                _(
                    "Your document %(serial)s is no longer valid. Whoever opens its link sees that, and the date.",
                    serial=certificate.serial,
                ),
                _("If you do not know why or do not agree, please turn to the programme office."),
            ],
        ),
        at,
    )


def queue_corrected_mail(
    certificate: Certificate, successor: Certificate, person: Person, *, reason: str, at: datetime
) -> None:
    """Tell a person that a corrected document replaces their old one."""
    _queue(
        person,
        certificate,
        "correction_accepted",
        lambda: (
            _("Your document was corrected"),
            [
                _("Document %(new)s replaces %(old)s.", new=successor.serial, old=certificate.serial),
                _("Reason: %(reason)s", reason=reason),
                _("The old link says that there is a newer document and leads to it."),
                _("The new PDF is being made; you get a mail when it is there."),
            ],
        ),
        at,
    )


def queue_rejected_mail(certificate: Certificate, person: Person, *, reason: str, at: datetime) -> None:
    """Tell a person that their document stays as it is, and why."""
    _queue(
        person,
        certificate,
        "correction_rejected",
        lambda: (
            _("Your document stays as it is"),
            [
                _("Your request about document %(serial)s was not granted.", serial=certificate.serial),
                _("Reason: %(reason)s", reason=reason),
            ],
        ),
        at,
    )


def queue_renewed_mail(successor: Certificate, person: Person, *, at: datetime) -> None:
    """Tell a person that their document was renewed."""
    until = successor.valid_until_date
    _queue(
        person,
        successor,
        "certificate_renewed",
        lambda: (
            _("Your document was renewed"),
            [
                _(
                    "Document %(new)s is valid until %(date)s and replaces the one before.",
                    new=successor.serial,
                    date=date_text(until) if until else "",
                ),
                _("The new PDF is being made; you get a mail when it is there."),
            ],
        ),
        at,
    )


def queue_reminder_mail(certificate: Certificate, person: Person, *, at: datetime) -> None:
    """Tell a person that their document ends soon."""
    until = certificate.valid_until_date
    _queue(
        person,
        certificate,
        "certificate_ends",
        lambda: (
            _("Your document is valid until %(date)s", date=date_text(until) if until else ""),
            [
                _(
                    "Your document %(serial)s for “%(course)s” ends soon.",
                    serial=certificate.serial,
                    course=certificate.facts["course"],
                ),
                _("If you would like to have it renewed, please tell the programme office before that day."),
            ],
        ),
        at,
    )


def forget_mails_about(erased: CertificateErased) -> None:
    """Let go of every mail about a document whose data are erased, sent or not."""
    certificate = erased.certificate
    forget_mails(certificate)
    enrolment = session.get(Enrolment, certificate.enrolment_id) if certificate.enrolment_id else None
    if enrolment is not None:
        forget_mails(enrolment)  # they asked for the name to be checked
        forget_unnamed_mails(enrolment.person, MAILS - NAMING_COURSE, naming={certificate.serial})
        courses = {enrolment.cohort.version.title, str(certificate.facts.get("course") or certificate.serial)}
        forget_unnamed_mails(enrolment.person, NAMING_COURSE, naming=courses)


def _queue(
    person: Person, about: Certificate, kind: str, write: Callable[[], tuple[str, list[str]]], at: datetime
) -> None:
    def compose() -> Letter:
        subject, paragraphs = write()
        return Letter(
            subject=subject,
            paragraphs=paragraphs,
            link=(_("To your certificates"), absolute(url_for("documents.certificates"))),
            why=_("You get this mail because a document was issued for you."),
        )

    queue_letter(person, kind=kind, compose=compose, about=about, at=at)
