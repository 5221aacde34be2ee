"""Who is ready for the certificate, and what is missing for whom."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from certificates.conferral.queries import list_settled_enrolments
from certificates.conferral.rules import parse_signatories
from certificates.permissions import CertificatePermission
from certificates.readiness.actions import ask_for_names
from certificates.readiness.queries import list_doubts, list_readiness
from certificates.readiness.rules import IN_SHORT, LackKind
from certificates.readiness.steps import office_steps
from courses.cohorts.access import cohort_for
from courses.cohorts.queries import unmarked_sessions
from courses.permissions import CoursePermission
from courses.progress.rules import Achievement
from lms.clock import now
from lms.permissions import requires
from lms.settings import current_config

bp = Blueprint("readiness", __name__, template_folder="templates")


@bp.get("/cohorts/<int:cohort_id>/readiness")
@requires(CertificatePermission.READ_READINESS)
def cohort(cohort_id: int) -> str:
    """If conferred today."""
    at = now()
    found = cohort_for(current_user, cohort_id, CertificatePermission.READ_READINESS)
    everybody = list_readiness(found)
    settled = list_settled_enrolments(found, everybody)
    lines = [line for line in everybody if line.standing.enrolment.id not in settled]
    return render_template(
        "readiness/cohort.html",
        cohort=found,
        issued=len(everybody) - len(lines),
        ready=[line for line in lines if line.achievement is Achievement.CERTIFICATE],
        others=[line for line in lines if line.achievement is not Achievement.CERTIFICATE],
        steps={line.standing.enrolment.id: office_steps(line, current_user, at) for line in lines},
        in_short=IN_SHORT,
        unnamed=sum(any(lack.kind is LackKind.NAME for lack in line.lacks) for line in lines),
        doubts=list_doubts(found, lines, at=at),
        unmarked=unmarked_sessions([found], at)[found.id],
        signatories=parse_signatories(current_config().signatories),
        may_mark=current_user.may(CoursePermission.MARK_ATTENDANCE),
        may_confer=current_user.may(CertificatePermission.CONFER),
    )


@bp.post("/cohorts/<int:cohort_id>/readiness/names")
@requires(CertificatePermission.CONFER)
def ask_names(cohort_id: int) -> Response:
    """Ask by mail for the names that nobody has confirmed."""
    found = cohort_for(current_user, cohort_id, CertificatePermission.CONFER)
    count = ask_for_names(found, actor=current_user, at=now())
    if count:
        flash(
            ngettext("%(num)s person has been asked by mail.", "%(num)s people have been asked by mail.", count),
            "success",
        )
    else:
        flash(_("Everybody concerned has been asked within the last day."), "info")
    return redirect(url_for(".cohort", cohort_id=found.id))
