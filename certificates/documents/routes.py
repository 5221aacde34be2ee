"""One's own certificates, and their files."""

from __future__ import annotations

import io

from flask import Blueprint, abort, render_template, send_file
from flask_login import current_user
from werkzeug.wrappers import Response

from certificates.conferral.queries import list_own_certificates
from certificates.documents.access import document_for
from certificates.lifecycle.actions import today_of
from certificates.lifecycle.queries import lives_of
from certificates.permissions import CertificatePermission
from certificates.readiness.queries import list_own_readiness
from certificates.readiness.steps import own_steps
from lms.clock import now
from lms.files.queries import find_content
from lms.permissions import requires

bp = Blueprint("documents", __name__, template_folder="templates")


@bp.get("/certificates")
@requires(CertificatePermission.KEEP_CERTIFICATE)
def certificates() -> str:
    """What has been issued for oneself, and what is missing where nothing has been yet."""
    found, at = list_own_certificates(current_user), now()
    have = {one.enrolment_id for one in found}
    return render_template(
        "documents/certificates.html",
        certificates=found,
        lives=lives_of(found, today_of(at)),
        own_lines=[
            (line, own_steps(line, at))
            for line in list_own_readiness(current_user)
            if line.standing.enrolment.id not in have
        ],
    )


@bp.get("/certificates/<int:certificate_id>.pdf")
@requires(CertificatePermission.DOWNLOAD)
def download(certificate_id: int) -> Response:
    """The sealed PDF."""
    certificate = document_for(current_user, certificate_id)
    content = find_content(certificate.pdf_sha256)
    if content is None:  # erased a moment ago
        abort(404)
    return send_file(
        io.BytesIO(content),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"{certificate.serial}.pdf",
    )
