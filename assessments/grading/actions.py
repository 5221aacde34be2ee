"""Append to the grade ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from assessments.events import GradeRecorded
from assessments.grading.models import GradeEntry
from courses.cohorts.models import Enrolment
from courses.content.models import Activity
from lms.db import session
from lms.events import publish
from lms.people.models import Person


def record_grade(
    enrolment: Enrolment,
    activity: Activity,
    *,
    source: str,
    given: int,
    maximum: int,
    passed: bool,
    grader: Person | None,
    at: datetime,
    criteria: dict[str, Any] | None = None,
    comment: str = "",
    reason: str = "",
) -> GradeEntry:
    """Append a grade, in hundredths of a point, and publish it. ``grader`` is empty for what the product marks itself."""
    entry = GradeEntry(
        enrolment_id=enrolment.id,
        activity_id=activity.id,
        source=source,
        score_given_hundredths=given,
        score_maximum_hundredths=maximum,
        passed=passed,
        criteria=criteria,
        comment=comment,
        reason=reason,
        graded_at=at,
        graded_by_id=grader.id if grader else None,
    )
    session.add(entry)
    session.flush()
    publish(GradeRecorded(entry=entry, enrolment=enrolment, activity=activity))
    return entry
