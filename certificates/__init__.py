"""What is conferred: readiness, conferral, documents, credentials, verification."""

from __future__ import annotations

from flask import Flask

from assessments.events import CertificatesAsked, ResultsRepaired
from certificates.conferral import jobs as _conferral_jobs  # noqa: F401 - declares its jobs
from certificates.conferral import routes as conferral
from certificates.conferral.fixed import answer_fixed
from certificates.conferral.repairs import answer_certificates, flag_certificates
from certificates.conferral.serials import SerialFormat, SerialFormatError
from certificates.credentials import jobs as _credential_jobs  # noqa: F401 - declares its jobs
from certificates.credentials import routes as credentials
from certificates.credentials.actions import remember_keys_in_use
from certificates.demo.commands import demo
from certificates.documents import jobs as _document_jobs  # noqa: F401 - declares its jobs
from certificates.documents import routes as documents
from certificates.erasure import routes as erasure
from certificates.events import CertificateErased, CohortConferred
from certificates.layouts import jobs as _layout_jobs  # noqa: F401 - declares its jobs
from certificates.layouts import routes as layouts
from certificates.lifecycle import jobs as _lifecycle_jobs  # noqa: F401 - declares its jobs
from certificates.lifecycle import routes as lifecycle
from certificates.lifecycle.mail import forget_mails_about
from certificates.lifecycle.tasks import answer_tasks
from certificates.permissions import CertificatePermission
from certificates.readiness import routes as readiness
from certificates.readiness.pages import answer_pages
from certificates.takeaway import routes as takeaway
from certificates.takeaway.awards import answer_awards
from certificates.verification import jobs as _verification_jobs  # noqa: F401 - declares its jobs
from certificates.verification import memory
from certificates.verification import routes as verification
from certificates.verification.sessions import CookielessSessions
from config import ConfigError
from courses.events import AwardsAsked, CohortFixedAsked, CohortPagesAsked, TasksAsked
from lms.events import subscribe
from lms.navigation import register_place, register_public_place
from lms.sentences import N_
from lms.settings import CONFIG


def init_app(app: Flask) -> None:
    """Register the package's rooms. Raises ConfigError when the numbers' format cannot be used."""
    try:
        SerialFormat.parse(app.extensions[CONFIG].serial_format)
    except SerialFormatError as error:
        raise ConfigError(str(error)) from error
    for room in (readiness, conferral, documents, layouts, lifecycle, erasure, credentials, verification, takeaway):
        app.register_blueprint(room.bp)
    app.session_interface = CookielessSessions()
    memory.init_app(app)
    app.cli.add_command(demo)
    subscribe(CohortPagesAsked, answer_pages)
    subscribe(AwardsAsked, answer_awards)
    subscribe(CohortFixedAsked, answer_fixed)
    subscribe(TasksAsked, answer_tasks)
    subscribe(CohortConferred, remember_keys_in_use)
    subscribe(CertificateErased, forget_mails_about)
    subscribe(CertificatesAsked, answer_certificates)
    subscribe(ResultsRepaired, flag_certificates)
    register_place("layouts.list_layouts", N_("Layouts"), CertificatePermission.MANAGE_LAYOUTS, 65)
    register_place("documents.certificates", N_("My certificates"), CertificatePermission.KEEP_CERTIFICATE, 40)
    register_place("lifecycle.certificates", N_("Issued documents"), CertificatePermission.READ_CERTIFICATES, 50)
    register_place("erasure.find", N_("Erase data lawfully"), CertificatePermission.FIND_TO_ERASE, 96)
    register_public_place("verification.number", N_("Verify a certificate"))
