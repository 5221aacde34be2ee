"""The events of the package ``assessments``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assessments.grading.models import GradeEntry
from courses.cohorts.models import Enrolment
from courses.content.models import Activity
from lms.people.models import Person


@dataclass(frozen=True)
class GradeRecorded:
    """A grade was appended to the ledger."""

    entry: GradeEntry
    enrolment: Enrolment
    activity: Activity


@dataclass(frozen=True)
class ResultsRepaired:
    """A question was mended and these enrolments' results changed; issued certificates are flagged, never changed."""

    enrolments: Sequence[Enrolment]
    reason: str
    actor: Person
    at: datetime


@dataclass(frozen=True)
class CertificatesAsked:
    """A question to the rooms above: which certificates do these enrolments have? Dicts of enrolment id to serials."""

    enrolment_ids: Sequence[int]
