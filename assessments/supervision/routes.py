"""Other people's attempts: look at one step by step, take one out, open one again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from assessments.attempts.queries import list_steps
from assessments.attempts.rules import fold, is_running
from assessments.items.queries import get_item_versions
from assessments.permissions import AssessmentPermission
from assessments.supervision import access, actions, queries
from assessments.supervision.forms import ReopenForm, VoidForm
from assessments.supervision.views import log_lines
from lms.audit.actions import record_audit
from lms.clock import now
from lms.db import writes
from lms.frame.filters import say
from lms.permissions import requires
from lms.sentences import Refusal

bp = Blueprint("supervision", __name__, template_folder="templates")


@bp.get("/attempts/<int:attempt_id>/log")
@requires(AssessmentPermission.READ_ATTEMPT)
@writes
def log(attempt_id: int) -> str:
    """An attempt step by step. That somebody looked is written into the audit log."""
    attempt = access.attempt_in_charge(current_user, attempt_id, AssessmentPermission.READ_ATTEMPT)
    record_audit("attempt_read", attempt, actor=current_user, at=now(), enrolment=attempt.enrolment_id)
    steps = list_steps(attempt)
    first = fold(steps[:1])
    state = fold(steps)
    drawn = {slot.item_version_id for slot in (*first.slots, *state.slots)}
    versions = get_item_versions(drawn)
    return render_template(
        "supervision/log.html",
        attempt=attempt,
        state=state,
        lines=log_lines(steps, versions, queries.name_actors(steps), attempt.enrolment.cohort.zone),
        questions=[versions[slot.item_version_id] for slot in state.slots],
        running=is_running(attempt, now()),
        may_manage=current_user.may(AssessmentPermission.MANAGE_ATTEMPT),
    )


@bp.route("/attempts/<int:attempt_id>/void", methods=["GET", "POST"])
@requires(AssessmentPermission.MANAGE_ATTEMPT)
def void(attempt_id: int) -> str | Response:
    """Take an attempt out, with a reason."""
    attempt = access.attempt_in_charge(current_user, attempt_id, AssessmentPermission.MANAGE_ATTEMPT)
    form = VoidForm()
    if form.validate_on_submit():
        try:
            actions.void_attempt(attempt, reason=(form.reason.data or "").strip(), actor=current_user, at=now())
        except Refusal as refused:  # refused before anything was written
            form.form_errors.append(say(refused.sentence))
        else:
            flash(_("The attempt does not count any more. The person has been told."), "success")
            return redirect(url_for(".log", attempt_id=attempt.id))
    return render_template("supervision/void.html", attempt=attempt, form=form)


@bp.route("/attempts/<int:attempt_id>/reopen", methods=["GET", "POST"])
@requires(AssessmentPermission.MANAGE_ATTEMPT)
def reopen(attempt_id: int) -> str | Response:
    """Let the person go on with an attempt that was handed in, with a reason."""
    attempt = access.attempt_in_charge(current_user, attempt_id, AssessmentPermission.MANAGE_ATTEMPT)
    form = ReopenForm()
    if form.validate_on_submit():
        try:
            actions.reopen_attempt(attempt, minutes=form.minutes.data, reason=(form.reason.data or "").strip(),
                                   actor=current_user, at=now())  # fmt: skip
        except Refusal as refused:  # refused before anything was written
            form.form_errors.append(say(refused.sentence))
        else:
            flash(_("The attempt is open again. The person has been told."), "success")
            return redirect(url_for(".log", attempt_id=attempt.id))
    return render_template("supervision/reopen.html", attempt=attempt, form=form)
