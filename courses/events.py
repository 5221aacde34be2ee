"""The events of the package ``courses``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import Activity
from lms.people.models import Person


@dataclass(frozen=True)
class ProgressRecorded:
    """A progress fact was appended."""

    enrolment: Enrolment
    activity: Activity
    verb: str
    at: datetime


@dataclass(frozen=True)
class CohortCompleted:
    """The teaching of a cohort was declared finished; its results can be conferred."""

    cohort: Cohort
    actor: Person
    at: datetime
