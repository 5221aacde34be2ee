"""The schedule: to look at, to take into one's calendar, and to change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as WerkzeugResponse

from courses.cohorts.access import cohort_for
from courses.cohorts.forms import given
from courses.permissions import CoursePermission
from courses.schedule.access import is_in_charge, session_for, session_in_charge, sessions_for
from courses.schedule.actions import cancel_live_session, move_live_session, plan_live_session, plan_proposed_sessions
from courses.schedule.calendar_files import Event, write_calendar
from courses.schedule.forms import SessionForm, TimesForm
from courses.schedule.models import LiveSession
from courses.schedule.queries import list_own_sessions
from courses.schedule.rules import SessionState, session_state
from lms.clock import now
from lms.frame.filters import say
from lms.permissions import requires
from lms.sentences import Refusal

bp = Blueprint("schedule", __name__, template_folder="templates")


@bp.get("/schedule")
@requires(CoursePermission.READ_SCHEDULE)
def list_sessions() -> str:
    """The own live sessions, those to come first."""
    at = now()
    sessions = sessions_for(current_user)
    past = [live for live in sessions if _state(live, at) is SessionState.HELD or live.ends_at < at]
    coming = [live for live in sessions if live not in past]
    return render_template("schedule/list_sessions.html", coming=coming, past=list(reversed(past)))


@bp.get("/schedule.ics")
@requires(CoursePermission.READ_SCHEDULE)
def own_calendar() -> Response:
    """The own live sessions as a calendar file."""
    sessions = list_own_sessions(current_user) or sessions_for(current_user)
    return _calendar(sessions, "wegmarke.ics", _("Live sessions"))


@bp.get("/schedule/<int:session_id>")
@requires(CoursePermission.READ_SCHEDULE)
def show_session(session_id: int) -> str:
    """One live session."""
    live = session_for(current_user, session_id)
    return render_template(
        "schedule/show_session.html",
        live_session=live,
        state=_state(live, now()),
        may_plan=is_in_charge(current_user, live.cohort, CoursePermission.PLAN_SESSIONS),
        may_read=is_in_charge(current_user, live.cohort, CoursePermission.READ_COHORT),
    )


@bp.get("/schedule/<int:session_id>.ics")
@requires(CoursePermission.READ_SCHEDULE)
def session_calendar(session_id: int) -> Response:
    """One live session as a calendar file."""
    live = session_for(current_user, session_id)
    return _calendar([live], f"termin-{live.id}.ics", live.title)


@bp.route("/cohorts/<int:cohort_id>/sessions/new", methods=["GET", "POST"])
@requires(CoursePermission.PLAN_SESSIONS)
def create_session(cohort_id: int) -> str | WerkzeugResponse:
    """Plan a session."""
    cohort = cohort_for(current_user, cohort_id, CoursePermission.PLAN_SESSIONS)
    live_activities = {one.id: one for one in cohort.version.activities if one.kind == "live_session"}
    form = SessionForm(ue=4)
    form.activity.choices = [
        (0, _("An additional meeting")),
        *((one.id, one.title) for one in live_activities.values()),
    ]
    if form.validate_on_submit():
        try:
            begin, end = form.instants(cohort.zone)
            live = plan_live_session(
                cohort,
                activity=live_activities.get(form.activity.data),
                title=given(form.title.data),
                starts_at=begin,
                ends_at=end,
                ue=given(form.ue.data),
                location=form.location.data or "",
                link=form.link.data or "",
                note=form.note.data or "",
                actor=current_user,
                at=now(),
            )
        except Refusal as refused:  # refused before anything was written
            form.form_errors.append(say(refused.sentence))
        else:
            return redirect(url_for(".show_session", session_id=live.id))
    return render_template("schedule/create_session.html", cohort=cohort, form=form)


@bp.post("/cohorts/<int:cohort_id>/sessions/propose")
@requires(CoursePermission.PLAN_SESSIONS)
def propose_sessions(cohort_id: int) -> WerkzeugResponse:
    """Give every live session of the course that has none a date, a week apart, never on a public holiday."""
    cohort = cohort_for(current_user, cohort_id, CoursePermission.PLAN_SESSIONS)
    made = plan_proposed_sessions(cohort, actor=current_user, at=now())
    flash(
        ngettext(
            "One session was planned. Please look at its time.",
            "%(num)s sessions were planned. Please look through their times.",
            len(made),
        )
    )
    return redirect(url_for("cohorts.cohort", cohort_id=cohort.id))


@bp.route("/schedule/<int:session_id>/move", methods=["GET", "POST"])
@requires(CoursePermission.PLAN_SESSIONS)
def move_session(session_id: int) -> str | WerkzeugResponse:
    """Give a session another time or place."""
    live = session_in_charge(current_user, session_id, CoursePermission.PLAN_SESSIONS)
    begin, end = live.starts_at.astimezone(ZoneInfo(live.zone)), live.ends_at.astimezone(ZoneInfo(live.zone))
    form = TimesForm(day=begin.date(), begins=begin.time(), ends=end.time(), location=live.location, link=live.link)
    if form.validate_on_submit():
        try:
            begin, end = form.instants(live.zone)
            move_live_session(
                live,
                starts_at=begin,
                ends_at=end,
                location=form.location.data or "",
                link=form.link.data or "",
                actor=current_user,
                at=now(),
            )
        except Refusal as refused:  # refused before anything was written
            form.form_errors.append(say(refused.sentence))
        else:
            return redirect(url_for(".show_session", session_id=live.id))
    return render_template("schedule/move_session.html", live_session=live, form=form)


@bp.post("/schedule/<int:session_id>/cancel")
@requires(CoursePermission.PLAN_SESSIONS)
def cancel_session(session_id: int) -> WerkzeugResponse:
    """Cancel a session."""
    live = session_in_charge(current_user, session_id, CoursePermission.PLAN_SESSIONS)
    cancel_live_session(live, actor=current_user, at=now())
    return redirect(url_for(".show_session", session_id=live.id))


def _state(live: LiveSession, at: datetime) -> SessionState:
    return session_state(starts_at=live.starts_at, ends_at=live.ends_at, cancelled_at=live.cancelled_at, now=at)


def _calendar(sessions: Sequence[LiveSession], filename: str, name: str) -> Response:
    events = [
        Event(
            uid=live.uid,
            sequence=live.sequence,
            summary=live.title,
            starts_at=live.starts_at,
            ends_at=live.ends_at,
            zone=live.zone,
            cancelled=live.cancelled_at is not None,
            location=live.location or live.link,
            description=live.note or live.cohort.title,
            url=url_for(".show_session", session_id=live.id, _external=True),
        )
        for live in sessions
    ]
    response = Response(write_calendar(events, name=name, at=now()), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
