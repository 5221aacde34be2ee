"""Conferring a cohort."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from certificates.conferral import actions, queries
from certificates.conferral.forms import ConferralForm
from certificates.conferral.rules import parse_signatories
from certificates.permissions import CertificatePermission
from certificates.readiness.queries import list_readiness
from courses.cohorts.access import cohort_for
from courses.cohorts.models import Cohort
from courses.progress.rules import Achievement
from lms.clock import now
from lms.permissions import requires
from lms.sentences import Refusal
from lms.settings import current_config

bp = Blueprint("conferral", __name__, template_folder="templates")


@bp.get("/cohorts/<int:cohort_id>/conferral")
@requires(CertificatePermission.READ_CERTIFICATES)
def cohort(cohort_id: int) -> str:
    """Who would get what, what has been issued, and the serious button."""
    found = cohort_for(current_user, cohort_id, CertificatePermission.READ_CERTIFICATES)
    first, second = [*parse_signatories(current_config().signatories), {}, {}][:2]
    form = ConferralForm(
        first_name=first.get("name"),
        first_function=first.get("function"),
        second_name=second.get("name"),
        second_function=second.get("function"),
    )
    return _render(found, form)


@bp.post("/cohorts/<int:cohort_id>/conferral")
@requires(CertificatePermission.CONFER)
def confer(cohort_id: int) -> str | Response | tuple[str, int]:
    """Confer."""
    found = cohort_for(current_user, cohort_id, CertificatePermission.CONFER)
    form = ConferralForm()
    if not form.validate_on_submit():
        return _render(found, form), 422
    try:
        conferral = actions.confer_cohort(
            found, actor=current_user, at=now(), signatories=form.signatories(), place=form.place.data or ""
        )
    except Refusal as refusal:
        return _render(found, form, refusal), 409
    count = len(conferral.certificates)
    flash(
        ngettext("%(num)s document has been issued.", "%(num)s documents have been issued.", count)
        + " "
        + _("They are being rendered and sent now."),
        "success",
    )
    return redirect(url_for(".cohort", cohort_id=found.id))


def _render(found: Cohort, form: ConferralForm, refusal: Refusal | None = None) -> str:
    lines = list_readiness(found)
    issued = queries.list_certified_enrolments(found)
    waiting = [line for line in lines if line.standing.enrolment.id not in issued]
    return render_template(
        "conferral/cohort.html",
        cohort=found,
        form=form,
        refusal=refusal,
        new={kind.value: [line for line in waiting if line.achievement is kind] for kind in Achievement},
        conferrals=queries.list_conferrals(found),
        rendering=queries.count_rendered(found),
        may_confer=current_user.may(CertificatePermission.CONFER),
        reload=request.path,
    )
