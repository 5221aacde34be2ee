"""Time extensions of a cohort's people: who has which, and setting one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from assessments.permissions import AssessmentPermission
from assessments.quizzes.queries import list_enrolments
from assessments.time_factors import actions, queries
from assessments.time_factors.forms import TimeFactorForm
from courses.cohorts.access import cohort_for
from lms.addresses import row_number
from lms.clock import now
from lms.frame.filters import say
from lms.permissions import requires
from lms.sentences import Refusal

bp = Blueprint("time_factors", __name__, template_folder="templates")


@bp.route("/cohorts/<int:cohort_id>/time-factors", methods=["GET", "POST"])
@requires(AssessmentPermission.GRANT_TIME)
def cohort(cohort_id: int) -> str | Response:
    """Everybody's time at quizzes, each decision with its reason, and the form for a new one."""
    cohort = cohort_for(current_user, cohort_id, AssessmentPermission.GRANT_TIME)
    people = {one.person_id: one.person for one in list_enrolments(cohort)}
    form = TimeFactorForm(person=request.args.get("person", type=row_number))
    form.person.choices = [(one.id, f"{one.family_name}, {one.given_name}") for one in people.values()]
    if form.validate_on_submit():
        try:
            actions.set_time_factor(people[form.person.data], form.percent.data or 0,
                                    reason=(form.reason.data or "").strip(), actor=current_user, at=now())  # fmt: skip
        except Refusal as refused:  # refused before anything was written
            form.form_errors.append(say(refused.sentence))
        else:
            flash(_("The time extension is set. The person has been told."), "success")
            return redirect(url_for(".cohort", cohort_id=cohort.id))
    return render_template(
        "time_factors/cohort.html",
        cohort=cohort,
        form=form,
        longer=[one for one in people.values() if one.time_percent != 100],
        decisions=queries.list_time_factors(list(people)),
    )
