"""The events of the package ``courses``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import Activity, CourseVersion
from lms.people.models import Person
from lms.sentences import Sentence


@dataclass(frozen=True)
class ProgressRecorded:
    """A progress fact was appended."""

    enrolment: Enrolment
    activity: Activity
    verb: str
    at: datetime


@dataclass(frozen=True)
class ArchiveAsked:
    """A question to the rooms above: which files of a version's archive say something else by now? Dicts of path to bytes."""

    version: CourseVersion
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class CohortCompleted:
    """The teaching of a cohort was declared finished; its results can be conferred."""

    cohort: Cohort
    actor: Person
    at: datetime


@dataclass(frozen=True)
class Task:
    """Something that waits for somebody in charge of a cohort: what it is and where it is done."""

    cohort_id: int
    text: Sentence
    href: str


@dataclass(frozen=True)
class TasksAsked:
    """A question to the rooms above: what waits for this person in these cohorts? Each answer is a list of Tasks.

    An answer takes a fixed number of queries, whatever the number of cohorts and people.
    """

    person: Person
    cohorts: Sequence[Cohort]
    at: datetime


@dataclass(frozen=True)
class Award:
    """What was issued for an enrolment, or that nothing was, in words; ``links`` are labels marked by N_ with where they lead."""

    enrolment_id: int
    title: Sentence
    text: Sentence
    links: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class AwardsAsked:
    """A question to the rooms above: what was issued for these enrolments? Lists of at most one Award each, in two queries."""

    enrolment_ids: Sequence[int]
    at: datetime


@dataclass(frozen=True)
class CohortFixedAsked:
    """A question to the rooms above: why can a cohort's title and dates not be changed any more? Each answer is a Reason."""

    cohort: Cohort


@dataclass(frozen=True)
class CohortPagesAsked:
    """A question to the rooms above: which pages do you have about this cohort for this person? Lists of CohortPage."""

    person: Person
    cohort: Cohort


@dataclass(frozen=True)
class CohortPage:
    """A page about a cohort: ``label`` is marked by N_."""

    label: str
    href: str
