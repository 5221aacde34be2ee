"""One's own certificates, and their files."""

from __future__ import annotations

import io

from flask import Blueprint, render_template, send_file
from flask_login import current_user
from werkzeug.wrappers import Response

from certificates.conferral.queries import list_own_certificates
from certificates.documents.access import document_for
from certificates.permissions import CertificatePermission
from lms.files.queries import get_content
from lms.permissions import requires

bp = Blueprint("documents", __name__, template_folder="templates")


@bp.get("/certificates")
@requires(CertificatePermission.KEEP_CERTIFICATE)
def certificates() -> str:
    """What has been issued for oneself."""
    return render_template("documents/certificates.html", certificates=list_own_certificates(current_user))


@bp.get("/certificates/<int:certificate_id>.pdf")
@requires(CertificatePermission.DOWNLOAD)
def download(certificate_id: int) -> Response:
    """The sealed PDF."""
    certificate = document_for(current_user, certificate_id)
    return send_file(
        io.BytesIO(get_content(certificate.pdf_sha256 or "")),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"{certificate.serial}.pdf",
    )
