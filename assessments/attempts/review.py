"""What somebody may see of an attempt at a moment: the only place that asks a quiz's review settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assessments.attempts.models import Attempt
from assessments.attempts.queries import find_last_closing, has_running_attempt
from assessments.quizzes.models import Quiz
from assessments.quizzes.rules import Options, Shown, is_closed, phase, read_options, shown_in
from courses.cohorts.models import Cohort


@dataclass(frozen=True)
class Review:
    """A quiz's review settings in a cohort at a moment."""

    options: Options
    #: Whether nobody of the cohort can answer any more: only then what is for after the closing is shown to anybody.
    closed: bool
    at: datetime

    def shows(self, attempt: Attempt) -> frozenset[Shown]:
        """Return what may be shown of an attempt."""
        return shown_in(self.options, phase(attempt.submitted_at, self.at, closed=self.closed))

    def shows_points(self, attempts: Iterable[Attempt]) -> bool:
        """Say whether the points of all these attempts may be shown, and so the result that is made of them."""
        return all(Shown.POINTS in self.shows(one) for one in attempts if one.submitted_at is not None)


def review_of(quiz: Quiz, cohort: Cohort, at: datetime) -> Review:
    """Return what may be seen of a quiz; one query, and only when the cohort's own closing has passed or it is completed."""
    return Review(read_options(quiz.options), is_closed_for_all(quiz, cohort, at), at)


def review_during(quiz: Quiz, at: datetime) -> Review:
    """Return what may be seen of an attempt that is being answered; whether others are done does not matter then."""
    return Review(read_options(quiz.options), False, at)


def is_closed_for_all(quiz: Quiz, cohort: Cohort, at: datetime) -> bool:
    """Say whether nobody of a cohort can answer a quiz any more.

    Once the cohort is completed nobody can begin, whatever was granted; what runs then may still be answered to its end.
    """
    if cohort.completed_at is not None:
        return not has_running_attempt(quiz, cohort, at)
    return is_closed(find_last_closing(quiz, cohort, at), at)
