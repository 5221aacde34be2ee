"""The roll call."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from courses.attendance.actions import mark_everyone
from courses.attendance.forms import RollCallForm
from courses.attendance.queries import list_marks
from courses.attendance.rules import Status
from courses.cohorts.queries import list_enrolments, names_of
from courses.permissions import CoursePermission
from courses.schedule.access import session_in_charge
from lms.clock import now
from lms.kept_forms.actions import find_kept_fields
from lms.permissions import requires
from lms.sentences import N_

bp = Blueprint("attendance", __name__, template_folder="templates")

STATUS_WORDS = {
    Status.PRESENT: N_("present"),
    Status.PARTLY: N_("partly"),
    Status.EXCUSED: N_("excused"),
    Status.ABSENT: N_("absent"),
}


@bp.route("/schedule/<int:session_id>/attendance", methods=["GET", "POST"])
@requires(CoursePermission.MARK_ATTENDANCE)
def roll_call(session_id: int) -> str | Response:
    """Mark who was there: everybody at once, then the exceptions."""
    live = session_in_charge(current_user, session_id, CoursePermission.MARK_ATTENDANCE)
    enrolments = list_enrolments(live.cohort)
    form = RollCallForm()
    if form.validate_on_submit():
        count = mark_everyone(live, form.marks(request.form, enrolments), actor=current_user, at=now())
        flash(_("%(count)s marks were saved.", count=count) if count else _("Nothing had changed."))
        return redirect(url_for(".roll_call", session_id=live.id))
    marks = list_marks(live)
    # Without JavaScript "everyone present" is a link to this page with the choice made; nothing is saved by it.
    everyone = Status.PRESENT.value if request.args.get("everyone") == "present" else None
    return render_template(
        "attendance/roll_call.html",
        live_session=live,
        enrolments=enrolments,
        marks=marks,
        everyone=everyone,
        # What was chosen before the sign-in expired.
        kept=find_kept_fields(current_user) or {},
        form=form,
        words=STATUS_WORDS,
        begun=live.starts_at <= now(),
        names=names_of({mark.marked_by_id for mark in marks.values() if mark.marked_by_id is not None}),
    )
