"""What is conferred: readiness, conferral, documents, credentials, verification."""

from __future__ import annotations

from flask import Flask

from assessments.events import CertificatesAsked, ResultsRepaired
from certificates.conferral import routes as conferral
from certificates.conferral.repairs import answer_certificates, flag_certificates
from certificates.credentials import jobs as _credential_jobs  # noqa: F401 - declares its jobs
from certificates.credentials import routes as credentials
from certificates.credentials.actions import remember_keys_in_use
from certificates.demo.commands import demo
from certificates.documents import jobs as _document_jobs  # noqa: F401 - declares its jobs
from certificates.documents import routes as documents
from certificates.events import CohortConferred
from certificates.layouts import jobs as _layout_jobs  # noqa: F401 - declares its jobs
from certificates.layouts import routes as layouts
from certificates.permissions import CertificatePermission
from certificates.readiness import routes as readiness
from certificates.readiness.pages import answer_pages
from certificates.takeaway import routes as takeaway
from certificates.verification import memory
from certificates.verification import routes as verification
from certificates.verification.sessions import CookielessSessions
from courses.events import CohortPagesAsked
from lms.events import subscribe
from lms.navigation import register_place
from lms.sentences import N_


def init_app(app: Flask) -> None:
    """Register the package's rooms."""
    for room in (readiness, conferral, documents, layouts, credentials, verification, takeaway):
        app.register_blueprint(room.bp)
    app.session_interface = CookielessSessions()
    memory.init_app(app)
    app.cli.add_command(demo)
    subscribe(CohortPagesAsked, answer_pages)
    subscribe(CohortConferred, remember_keys_in_use)
    subscribe(CertificatesAsked, answer_certificates)
    subscribe(ResultsRepaired, flag_certificates)
    register_place("layouts.list_layouts", N_("Layouts"), CertificatePermission.MANAGE_LAYOUTS, 60)
    register_place("documents.certificates", N_("My certificates"), CertificatePermission.KEEP_CERTIFICATE, 40)
