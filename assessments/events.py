"""The events of the package ``assessments``."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.grading.models import GradeEntry
from courses.cohorts.models import Enrolment
from courses.content.models import Activity


@dataclass(frozen=True)
class GradeRecorded:
    """A grade was appended to the ledger."""

    entry: GradeEntry
    enrolment: Enrolment
    activity: Activity
