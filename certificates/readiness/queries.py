"""Who would get what if it were decided now."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.grading.queries import list_enrolments_with_ungraded_work
from certificates.readiness.rules import Lack, list_lacks
from courses.cohorts.models import Cohort
from courses.progress.queries import Standing, standings_of_cohort
from courses.progress.rules import Achievement, achievement


@dataclass(frozen=True)
class Line:
    """One person: where they stand, what they would get, what is missing."""

    standing: Standing
    achievement: Achievement
    lacks: list[Lack]


def list_readiness(cohort: Cohort) -> list[Line]:
    """Return everybody's line, by name, in a constant number of queries."""
    ungraded = list_enrolments_with_ungraded_work(cohort.id)
    return [
        Line(
            standing,
            achievement(standing.results, standing.attendance),
            list_lacks(
                standing.results,
                name_confirmed=standing.enrolment.person.name_confirmed_at is not None,
                ungraded=standing.enrolment.id in ungraded,
            ),
        )
        for standing in standings_of_cohort(cohort)
    ]
