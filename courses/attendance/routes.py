"""The roll call."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from courses.attendance.actions import mark_everyone
from courses.attendance.forms import RollCallForm
from courses.attendance.queries import list_marks
from courses.attendance.rules import STATUS_WORDS, Status, offered_statuses
from courses.attendance.views import list_lines
from courses.cohorts.queries import list_enrolments, names_of
from courses.permissions import CoursePermission
from courses.schedule.access import session_in_charge
from lms.clock import now
from lms.kept_forms.actions import find_kept_fields
from lms.permissions import requires
from lms.sentences import Refusal

bp = Blueprint("attendance", __name__, template_folder="templates")


@bp.route("/schedule/<int:session_id>/attendance", methods=["GET", "POST"])
@requires(CoursePermission.MARK_ATTENDANCE)
def roll_call(session_id: int) -> str | Response | tuple[str, int]:
    """Mark who was there: everybody at once, then the exceptions."""
    live = session_in_charge(current_user, session_id, CoursePermission.MARK_ATTENDANCE)
    enrolments = list_enrolments(live.cohort)
    form = RollCallForm()
    refused: dict[int, Refusal] = {}
    if form.validate_on_submit():
        marked = mark_everyone(live, form.choices(request.form, enrolments), actor=current_user, at=now())
        if marked.saved or not marked.refused:
            flash(_said(marked.saved, missing=len({one.id for one in enrolments} - list_marks(live).keys())))
        if not marked.refused:
            return redirect(url_for(".roll_call", session_id=live.id))
        refused = marked.refused
    marks = list_marks(live)
    # Without JavaScript "everyone present" is a link to this page with the choice made; nothing is saved by it.
    everyone = Status.PRESENT if request.args.get("everyone") == "present" else None
    page = render_template(
        "attendance/roll_call.html",
        live_session=live,
        # What was chosen before the sign-in expired, or just now and could not be taken, is still chosen.
        lines=list_lines(
            enrolments,
            marks,
            everyone=everyone,
            kept=find_kept_fields(current_user),
            typed=request.form,
            refused=refused,
        ),
        everyone=everyone,
        form=form,
        words={status: STATUS_WORDS[status] for status in offered_statuses(live.ue)},
        begun=live.starts_at <= now(),
        names=names_of({mark.marked_by_id for mark in marks.values() if mark.marked_by_id is not None}),
    )
    return (page, 422) if refused else page


def _said(saved: int, *, missing: int) -> str:
    said: str = ngettext("%(num)s mark was saved.", "%(num)s marks were saved.", saved) if saved else _("Nothing had changed.")
    if not missing:
        return said
    lacks = ngettext("A mark is still missing for %(num)s person.", "A mark is still missing for %(num)s people.", missing)
    return f"{said} {lacks}"
