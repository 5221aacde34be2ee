"""Attendance in tests: one mark at a time."""

from __future__ import annotations

from datetime import datetime

from courses.attendance.actions import mark_everyone
from courses.attendance.queries import list_marks
from courses.attendance.rules import Choice, Status
from courses.cohorts.models import Enrolment
from courses.schedule.models import LiveSession
from lms.people.models import Person


def mark_attendance(
    live_session: LiveSession,
    enrolment: Enrolment,
    status: Status,
    *,
    actor: Person,
    at: datetime,
    ue: int | None = None,
) -> None:
    """Mark one person, as somebody who sees what holds. Raises the Refusal."""
    holding = list_marks(live_session).get(enrolment.id)
    choice = Choice(status, ue, seen=holding.id if holding else None)
    marked = mark_everyone(live_session, {enrolment: choice}, actor=actor, at=at)
    for refusal in marked.refused.values():
        raise refusal
