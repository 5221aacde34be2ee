"""Taking documents along: one's own credential, and a cohort's archive."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from flask import Blueprint, Response, flash, json, redirect, render_template, stream_with_context, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from certificates.credentials.issuing import JWT_TYPE, PROOF_TYPE, credential_jwt, credential_with_proof
from certificates.permissions import CertificatePermission
from certificates.takeaway import queries
from certificates.takeaway.access import credential_for
from certificates.takeaway.archives import stream_archive
from certificates.takeaway.rules import archive_name
from courses.cohorts.access import cohort_for
from lms.clock import now
from lms.institution.seal import SealError
from lms.permissions import requires

bp = Blueprint("takeaway", __name__, template_folder="templates")


@bp.errorhandler(SealError)
def wait_for_seal(_error: SealError) -> Response:
    """Say that nothing can be signed at the moment, and what can be had all the same."""
    answer = Response(render_template("takeaway/no_seal.html"), 503)
    answer.headers["Retry-After"] = "300"
    return answer


@bp.get("/certificates/<int:certificate_id>/credential.jwt")
@requires(CertificatePermission.DOWNLOAD)
def credential(certificate_id: int) -> Response:
    """The credential as VC-JWT, as it is in the PDF."""
    certificate = credential_for(current_user, certificate_id)
    return _file(credential_jwt(certificate), JWT_TYPE, f"{certificate.serial}.jwt")


@bp.get("/certificates/<int:certificate_id>/credential.json")
@requires(CertificatePermission.DOWNLOAD)
def credential_json(certificate_id: int) -> Response:
    """The credential with a Data Integrity proof, for wallets that want it so."""
    certificate = credential_for(current_user, certificate_id)
    proven = credential_with_proof(certificate)
    return _file(json.dumps(proven, ensure_ascii=False, indent=1), PROOF_TYPE, f"{certificate.serial}.json")


@bp.get("/cohorts/<int:cohort_id>/documents.zip")
@requires(CertificatePermission.READ_CERTIFICATES)
def archive(cohort_id: int) -> BaseResponse:
    """All of a cohort's documents with their credentials, a signed manifest and a page that checks them."""
    cohort = cohort_for(current_user, cohort_id, CertificatePermission.READ_CERTIFICATES)
    certificates, missing = queries.list_documents(cohort)
    if not certificates:
        flash(_("There is no document to take along yet."), "info")
        return redirect(url_for("conferral.cohort", cohort_id=cohort.id))
    pieces = stream_archive(cohort, certificates, missing, at=now())
    # The first piece is signed; what goes wrong there is told while there is still an answer to give.
    pieces = chain([next(pieces)], pieces)
    return _stream(pieces, archive_name(cohort.title))


def _file(content: str, kind: str, name: str) -> Response:
    answer = Response(content, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _stream(pieces: Iterator[bytes], name: str) -> Response:
    answer = Response(stream_with_context(pieces), mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
