"""Who would get what if it were decided now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from assessments.grading.queries import list_waiting_answers, list_waiting_works
from certificates.readiness.rules import Lack, Teaching, last_day, list_lacks, list_warnings
from courses.cohorts.models import Cohort, Enrolment
from courses.cohorts.queries import list_own_enrolments, unmarked_sessions
from courses.progress.queries import Standing, standings_of, standings_of_cohort
from courses.progress.rules import Achievement, ActivityState
from lms.db import session
from lms.mail.models import OutboxMail
from lms.people.models import Person
from lms.sentences import Sentence

NAME_MAIL = "name_confirmation"


@dataclass(frozen=True)
class Line:
    """One person: where they stand, what they would get, what is missing."""

    standing: Standing
    achievement: Achievement
    lacks: list[Lack]


def list_readiness(cohort: Cohort) -> list[Line]:
    """Return everybody's line, by name, in a constant number of queries."""
    waiting = _list_waiting(cohort.id)
    return [_line(standing, waiting) for standing in standings_of_cohort(cohort)]


def list_own_readiness(person: Person) -> list[Line]:
    """Return a person's own lines, the newest cohort first; two queries a cohort for what waits for a grade."""
    return [
        _line(standing, _list_waiting(standing.enrolment.cohort_id))
        for standing in standings_of(list_own_enrolments(person))
    ]


def find_readiness(enrolment_id: int | None) -> Line | None:
    """Return the line of one enrolment as it stands now; None: its account has been erased."""
    enrolment = session.get(Enrolment, enrolment_id) if enrolment_id else None
    if enrolment is None:
        return None
    return _line(standings_of([enrolment])[0], _list_waiting(enrolment.cohort_id))


def last_day_of(cohort: Cohort) -> date:
    """Return the last day of a cohort as its documents state it."""
    return last_day(cohort.end_date, _completed_date(cohort))


def list_doubts(cohort: Cohort, lines: Sequence[Line], *, at: datetime) -> list[Sentence]:
    """Return what those in charge should know of a cohort before they confer on these lines; one query."""
    if not lines:
        return []
    one = lines[0].standing  # the plan is the same for everybody
    dated = {live.activity_id for live in one.sessions}
    return list_warnings(
        Teaching(
            today=at.astimezone(ZoneInfo(cohort.zone)).date(),
            end_date=cohort.end_date,
            completed_date=_completed_date(cohort),
            course_ue=cohort.version.live_ue,
            planned_ue=one.attendance.planned_ue,
            cancelled=sum(live.cancelled_at is not None for live in one.sessions),
            undated_ue=sum(
                activity.ue
                for activity in one.activities
                if activity.kind == "live_session" and activity.id not in dated
            ),
            unmarked=len(unmarked_sessions([cohort], at)[cohort.id]),
        )
    )


def _completed_date(cohort: Cohort) -> date | None:
    return cohort.completed_at.astimezone(ZoneInfo(cohort.zone)).date() if cohort.completed_at else None


def list_asked_for_name(people: Sequence[Person], since: datetime) -> set[int]:
    """Return who has been asked by mail after ``since`` to confirm their name."""
    query = select(OutboxMail.person_id).where(
        OutboxMail.kind == NAME_MAIL,
        OutboxMail.created_at > since,
        OutboxMail.person_id.in_([person.id for person in people]),
    )
    return {person_id for person_id in session.scalars(query) if person_id is not None}


def _list_waiting(cohort_id: int) -> set[tuple[int, int]]:
    return list_waiting_works(cohort_id) | list_waiting_answers(cohort_id)


def _line(standing: Standing, waiting: set[tuple[int, int]]) -> Line:
    own = {activity_id for enrolment_id, activity_id in waiting if enrolment_id == standing.enrolment.id}
    undone = [one for one in standing.activities if one.required and standing.state(one) is not ActivityState.DONE]
    quizzes = [one.id for one in undone if one.kind == "quiz"]
    lacks = list_lacks(
        standing.results,
        name_confirmed=standing.enrolment.person.name_confirmed_at is not None,
        ungraded=any(one.id in own for one in undone if one.kind == "assignment"),
        unmarked=bool(quizzes) and own.issuperset(quizzes),
        completed=standing.enrolment.cohort.completed_at is not None,
    )
    return Line(standing, standing.achievement, lacks)
