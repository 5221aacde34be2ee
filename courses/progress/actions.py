"""Append progress facts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from courses.cohorts.models import Enrolment
from courses.content.models import Activity
from courses.events import ProgressRecorded
from courses.progress.models import ProgressFact
from lms.db import session
from lms.events import publish
from lms.people.models import Person


class Verb(StrEnum):
    """What can be said about a person and an activity (see ProgressFact)."""

    LAUNCHED = "launched"
    ATTEMPTED = "attempted"
    COMPLETED = "completed"
    PASSED = "passed"
    FAILED = "failed"
    REOPENED = "reopened"


def record_progress(enrolment: Enrolment, activity: Activity, verb: Verb, *, actor: Person | None, at: datetime) -> ProgressFact:
    """Append a fact and publish it."""
    fact = ProgressFact(
        enrolment_id=enrolment.id, activity_id=activity.id, verb=verb.value, at=at, actor_id=actor.id if actor else None
    )
    session.add(fact)
    session.flush()
    publish(ProgressRecorded(enrolment=enrolment, activity=activity, verb=verb.value, at=at))
    return fact
