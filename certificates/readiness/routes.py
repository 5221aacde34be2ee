"""Who is ready for the certificate, and what is missing for whom."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_login import current_user

from certificates.permissions import CertificatePermission
from certificates.readiness.queries import list_readiness
from courses.cohorts.access import cohort_for
from courses.progress.rules import Achievement
from lms.permissions import requires

bp = Blueprint("readiness", __name__, template_folder="templates")


@bp.get("/cohorts/<int:cohort_id>/readiness")
@requires(CertificatePermission.READ_READINESS)
def cohort(cohort_id: int) -> str:
    """If conferred today."""
    found = cohort_for(current_user, cohort_id, CertificatePermission.READ_READINESS)
    lines = list_readiness(found)
    ready = [line for line in lines if line.achievement is Achievement.CERTIFICATE]
    return render_template(
        "readiness/cohort.html",
        cohort=found,
        ready=ready,
        others=[line for line in lines if line.achievement is not Achievement.CERTIFICATE],
        may_confer=current_user.may(CertificatePermission.CONFER),
    )
