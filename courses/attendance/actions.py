"""Mark attendance."""

from __future__ import annotations

from datetime import datetime

from courses.attendance.models import AttendanceMark
from courses.attendance.queries import list_marks
from courses.attendance.rules import Status, attended_ue, refuse_mark
from courses.cohorts.models import Enrolment
from courses.schedule.models import LiveSession
from lms.audit.actions import record_audit
from lms.db import session
from lms.people.models import Person
from lms.sentences import Refusal


def mark_attendance(
    live_session: LiveSession,
    enrolment: Enrolment,
    status: Status,
    *,
    actor: Person,
    at: datetime,
    ue: int | None = None,
    note: str = "",
) -> AttendanceMark | None:
    """Append a mark, or return None when the same mark holds already. ``ue`` is needed for ``partly`` only.

    Raises Refusal with a MarkReason.
    """
    holding = list_marks(live_session).get(enrolment.id)
    return _append(live_session, enrolment, status, ue, note, holding, actor, at)


def mark_everyone(
    live_session: LiveSession, marks: dict[Enrolment, tuple[Status, int | None]], *, actor: Person, at: datetime
) -> int:
    """Append the marks that differ from those that hold, and return how many. Raises Refusal; then none is appended."""
    holding = list_marks(live_session)
    made = [
        _append(live_session, enrolment, status, ue, "", holding.get(enrolment.id), actor, at)
        for enrolment, (status, ue) in marks.items()
    ]
    return sum(mark is not None for mark in made)


def _append(
    live_session: LiveSession,
    enrolment: Enrolment,
    status: Status,
    ue: int | None,
    note: str,
    holding: AttendanceMark | None,
    actor: Person,
    at: datetime,
) -> AttendanceMark | None:
    reason = refuse_mark(
        status=status,
        planned_ue=live_session.ue,
        partly_ue=ue,
        cancelled=live_session.cancelled_at is not None,
        same_cohort=enrolment.cohort_id == live_session.cohort_id,
        withdrawn=enrolment.withdrawn_at is not None,
    )
    if reason is not None:
        raise Refusal(reason, most=live_session.ue - 1)
    worth = attended_ue(status, live_session.ue, ue)
    if holding is not None and (holding.status, holding.ue, holding.note) == (
        status.value,
        worth,
        note or holding.note,
    ):
        return None
    mark = AttendanceMark(
        live_session_id=live_session.id,
        enrolment_id=enrolment.id,
        status=status.value,
        ue=worth,
        marked_at=at,
        marked_by_id=actor.id,
        note=note,
    )
    session.add(mark)
    record_audit(
        "attendance_marked",
        mark,
        actor=actor,
        at=at,
        live_session=live_session.id,
        enrolment=enrolment.id,
        status=status.value,
        ue=worth,
    )
    return mark
