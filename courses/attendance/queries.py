"""Read attendance: the last mark of each person and session, and the sums over them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Select, bindparam, func, select

from courses.attendance.models import AttendanceMark
from courses.schedule.models import LiveSession
from lms.db import session


def _latest() -> Select[int]:
    return select(func.max(AttendanceMark.id)).group_by(AttendanceMark.enrolment_id, AttendanceMark.live_session_id)


def list_marks(live_session: LiveSession) -> dict[int, AttendanceMark]:
    """Return the mark that holds for each enrolment of a session."""
    newest = _latest().where(AttendanceMark.live_session_id == live_session.id)
    query = select(AttendanceMark).where(AttendanceMark.id.in_(newest))
    return {mark.enrolment_id: mark for mark in session.scalars(query)}


def list_all_marks(live_session: LiveSession) -> dict[int, AttendanceMark]:
    """Return every mark of a session by id, also those that hold no longer."""
    return {
        mark.id: mark
        for mark in session.scalars(select(AttendanceMark).where(AttendanceMark.live_session_id == live_session.id))
    }


# Asked with every page of a participant, and so built once.
_MARKS = select(AttendanceMark).where(
    AttendanceMark.id.in_(_latest().where(AttendanceMark.enrolment_id.in_(bindparam("ids", expanding=True))))
)


def marks_of(enrolment_ids: Iterable[int]) -> dict[int, dict[int, AttendanceMark]]:
    """Return the marks that hold, by enrolment and session; one query."""
    made: defaultdict[int, dict[int, AttendanceMark]] = defaultdict(dict)
    for mark in session.scalars(_MARKS, {"ids": list(enrolment_ids)}):
        made[mark.enrolment_id][mark.live_session_id] = mark
    return made
