"""Plan, move and cancel live sessions."""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta

from sqlalchemy import select

from courses.attendance.models import AttendanceMark
from courses.cohorts.models import Cohort
from courses.content.models import Activity
from courses.schedule.mail import tell_about_cancellation, tell_about_move
from courses.schedule.models import LiveSession
from courses.schedule.public_holidays import public_holidays
from courses.schedule.queries import sessions_of_cohorts
from courses.schedule.rules import (
    SessionReason,
    local_instant,
    propose_days,
    refuse_change,
    refuse_times,
    usual_minutes,
)
from lms.audit.actions import record_audit
from lms.db import session
from lms.people.models import Person
from lms.sentences import Refusal

USUAL_BEGINNING = time(9, 0)


def plan_live_session(
    cohort: Cohort,
    *,
    activity: Activity | None,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    ue: int,
    actor: Person,
    at: datetime,
    location: str = "",
    link: str = "",
    note: str = "",
) -> LiveSession:
    """Plan a session of ``ue`` units; ``activity`` is what of the course it carries out.

    Raises Refusal (SessionReason).
    """
    if cohort.completed_at is not None:
        raise Refusal(SessionReason.COMPLETED)
    _demand_times(starts_at, ends_at, ue)
    live_session = LiveSession(
        cohort=cohort,
        activity=activity,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        zone=cohort.zone,
        ue=ue,
        location=location,
        link=link,
        note=note,
        uid=f"{secrets.token_hex(16)}@{cohort.slug}",
    )
    session.add(live_session)
    record_audit(
        "live_session_planned", live_session, actor=actor, at=at, cohort=cohort.id, starts_at=starts_at.isoformat()
    )
    return live_session


def plan_proposed_sessions(
    cohort: Cohort, *, actor: Person, at: datetime, begins: time = USUAL_BEGINNING, link: str = ""
) -> list[LiveSession]:
    """Plan every live session of the course that has no date yet: weekly from the first day, never on a holiday."""
    dated = {live.activity_id for live in sessions_of_cohorts([cohort.id])[cohort.id]}
    activities = session.scalars(
        select(Activity)
        .where(Activity.version_id == cohort.version_id, Activity.kind == "live_session")
        .order_by(Activity.position)
    ).all()
    free = public_holidays(cohort.begin_date, cohort.begin_date + timedelta(weeks=2 * len(activities) + 10))
    made = []
    for activity, day in zip(activities, propose_days(cohort.begin_date, len(activities), free), strict=True):
        starts_at = local_instant(day, begins, cohort.zone)
        if activity.id not in dated and starts_at is not None:
            made.append(
                plan_live_session(
                    cohort,
                    activity=activity,
                    title=activity.title,
                    starts_at=starts_at,
                    ue=activity.ue,
                    actor=actor,
                    at=at,
                    ends_at=starts_at + timedelta(minutes=usual_minutes(activity.ue)),
                    link=link,
                )
            )
    return made


def move_live_session(
    live_session: LiveSession,
    *,
    starts_at: datetime,
    ends_at: datetime,
    location: str,
    link: str,
    actor: Person,
    at: datetime,
) -> LiveSession:
    """Give a session another time or place: its uid stays, its sequence grows, those concerned get old and new.

    Nothing happens when nothing changes. Raises Refusal (SessionReason).
    """
    _demand_change(live_session)
    _demand_times(starts_at, ends_at, live_session.ue)
    before = (live_session.starts_at, live_session.ends_at, live_session.location, live_session.link)
    if before == (starts_at, ends_at, location, link):
        return live_session
    live_session.starts_at, live_session.ends_at = starts_at, ends_at
    live_session.location, live_session.link = location, link
    live_session.sequence += 1
    record_audit(
        "live_session_moved",
        live_session,
        actor=actor,
        at=at,
        starts_at=starts_at.isoformat(),
        old_starts_at=before[0].isoformat(),
        sequence=live_session.sequence,
    )
    tell_about_move(
        live_session, old_starts_at=before[0], old_ends_at=before[1], old_location=before[2], actor=actor, at=at
    )
    return live_session


def cancel_live_session(live_session: LiveSession, *, actor: Person, at: datetime) -> LiveSession:
    """Cancel a session; it stays in the calendar as cancelled. Raises Refusal (SessionReason)."""
    _demand_change(live_session)
    live_session.cancelled_at = at
    live_session.sequence += 1
    record_audit("live_session_cancelled", live_session, actor=actor, at=at, sequence=live_session.sequence)
    tell_about_cancellation(live_session, actor=actor, at=at)
    return live_session


def _demand_times(starts_at: datetime, ends_at: datetime, ue: int) -> None:
    reason = refuse_times(starts_at=starts_at, ends_at=ends_at, ue=ue)
    if reason is not None:
        raise Refusal(reason, ue=ue)


def _demand_change(live_session: LiveSession) -> None:
    marked = session.scalar(select(AttendanceMark.id).where(AttendanceMark.live_session_id == live_session.id).limit(1))
    reason = refuse_change(
        cancelled=live_session.cancelled_at is not None,
        marked=marked is not None,
        completed=live_session.cohort.completed_at is not None,
    )
    if reason is not None:
        raise Refusal(reason)
