"""Append progress facts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, insert, select

from courses.cohorts.models import Enrolment
from courses.content.models import Activity
from courses.content.rules import closed_reason
from courses.events import ProgressRecorded
from courses.progress.models import ProgressFact
from courses.progress.rules import ActivityState, fold_state
from lms.audit.actions import record_audit
from lms.db import session
from lms.events import publish
from lms.people.models import Person
from lms.sentences import Refusal


class Verb(StrEnum):
    """What can be said about a person and an activity (see ProgressFact)."""

    LAUNCHED = "launched"
    ATTEMPTED = "attempted"
    COMPLETED = "completed"
    PASSED = "passed"
    FAILED = "failed"
    REOPENED = "reopened"
    SUBMITTED = "submitted"
    RETURNED = "returned"


# A plain INSERT: a fact is appended with much of what people do, and never looked at again as an object.
_FACT = insert(cast("Table", ProgressFact.__table__))


def record_progress(
    enrolment: Enrolment, activity: Activity, verb: Verb, *, actor: Person | None, at: datetime
) -> None:
    """Append a fact and publish it."""
    session.flush()  # what it refers to may be new
    values = {"enrolment_id": enrolment.id, "activity_id": activity.id, "verb": verb.value, "at": at}
    session.execute(_FACT, values | {"actor_id": actor.id if actor else None})
    publish(ProgressRecorded(enrolment=enrolment, activity=activity, verb=verb.value, at=at))


def complete_lesson(enrolment: Enrolment, lesson: Activity, *, actor: Person, at: datetime) -> bool:
    """Note that a lesson was read, and say whether that was news. Raises Refusal (see content/rules.py)."""
    _demand_lesson(enrolment, lesson, at)
    if _state(enrolment, lesson) is ActivityState.DONE:
        return False
    record_audit("lesson_completed", lesson, actor=actor, at=at, enrolment=enrolment.id)
    record_progress(enrolment, lesson, Verb.COMPLETED, actor=actor, at=at)
    return True


def reopen_lesson(enrolment: Enrolment, lesson: Activity, *, actor: Person, at: datetime) -> bool:
    """Take back that a lesson was read, and say whether there was anything to take back."""
    _demand_lesson(enrolment, lesson, at)
    if _state(enrolment, lesson) is not ActivityState.DONE:
        return False
    record_audit("lesson_reopened", lesson, actor=actor, at=at, enrolment=enrolment.id)
    record_progress(enrolment, lesson, Verb.REOPENED, actor=actor, at=at)
    return True


def _demand_lesson(enrolment: Enrolment, lesson: Activity, at: datetime) -> None:
    cohort = enrolment.cohort
    if lesson.kind != "lesson" or lesson.version_id != cohort.version_id:
        raise ValueError("This is not a lesson of the enrolment's course version.")
    reason = closed_reason(begin_date=cohort.begin_date, today=at.astimezone(ZoneInfo(cohort.zone)).date())
    if reason is not None:
        raise Refusal(reason, begin_date=cohort.begin_date)


def _state(enrolment: Enrolment, activity: Activity) -> ActivityState:
    verbs = (
        select(ProgressFact.verb)
        .where(ProgressFact.enrolment_id == enrolment.id, ProgressFact.activity_id == activity.id)
        .order_by(ProgressFact.id)
    )
    return fold_state(session.scalars(verbs))
