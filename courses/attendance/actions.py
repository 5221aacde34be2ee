"""Mark attendance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from courses.attendance.models import AttendanceMark
from courses.attendance.queries import list_all_marks, list_marks
from courses.attendance.rules import Choice, MarkReason, Status, attended_ue, mark_sentence, refuse_mark
from courses.cohorts.models import Enrolment
from courses.cohorts.queries import names_of
from courses.schedule.models import LiveSession
from lms.audit.actions import record_audit
from lms.db import lock, session
from lms.people.models import Person
from lms.sentences import Refusal


@dataclass(frozen=True)
class Marked:
    """What became of a roll call: how many marks were appended, and whose choice was not taken, by enrolment's id."""

    saved: int
    refused: dict[int, Refusal]


def mark_everyone(
    live_session: LiveSession, choices: Mapping[Enrolment, Choice], *, actor: Person, at: datetime
) -> Marked:
    """Append the marks that differ from those that hold; a choice that cannot be taken keeps no other one from it.

    Of two roll calls at once the second waits for the first. What its page showed is then no longer what holds: a line
    that was left as it was shown changes nothing, and one that was changed is refused once as overtaken.
    Raises Refusal when nobody at all can be marked.
    """
    lock(live_session)
    if live_session.cancelled_at is not None:
        raise Refusal(MarkReason.CANCELLED)
    holding = list_marks(live_session)
    ever = list_all_marks(live_session)
    saved, refused = 0, {}
    for enrolment, choice in choices.items():
        held = holding.get(enrolment.id)
        try:
            if held is not None and held.id != choice.seen:
                _demand_unchanged(choice, held, ever.get(choice.seen or 0))
                continue
            mark = _append(live_session, enrolment, choice.status, choice.ue, held, actor, at)
        except Refusal as refusal:
            refused[enrolment.id] = refusal
        else:
            saved += mark is not None
    session.flush()
    return Marked(saved, refused)


def _demand_unchanged(choice: Choice, held: AttendanceMark, shown: AttendanceMark | None) -> None:
    if choice.is_mark(held.status, held.ue) or (shown is not None and choice.is_mark(shown.status, shown.ue)):
        return
    name = None if held.marked_by_id is None else names_of([held.marked_by_id]).get(held.marked_by_id)
    raise Refusal(MarkReason.OVERTAKEN, name=name or "–", mark=mark_sentence(held.status, held.ue))


def _append(
    live_session: LiveSession,
    enrolment: Enrolment,
    status: Status,
    ue: int | None,
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
    if holding is not None and (holding.status, holding.ue) == (status.value, worth):
        return None
    mark = AttendanceMark(
        live_session_id=live_session.id,
        enrolment_id=enrolment.id,
        status=status.value,
        ue=worth,
        marked_at=at,
        marked_by_id=actor.id,
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
