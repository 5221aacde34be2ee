"""Where each missing thing is mended: links for those in charge and for the person; no decisions, only addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from certificates.readiness.queries import Line
from certificates.readiness.rules import ACTIVITY_KINDS, Lack, LackKind
from courses.permissions import CoursePermission
from courses.progress.outline import activity_url
from courses.progress.queries import ListedActivity
from courses.progress.rules import ActivityState
from lms.people.models import Person
from lms.sentences import N_, Sentence, sentence

#: So many links stand beside something missing; the page behind the last one shows the rest.
MOST_LINKS = 3


@dataclass(frozen=True)
class Step:
    """Something missing, what to do about it, and where: links of label and address; ``more`` links are not shown."""

    what: Sentence
    text: Sentence
    final: bool
    links: Sequence[tuple[Sentence | str, str]]
    more: int = 0


def office_steps(line: Line, viewer: Person, at: datetime) -> list[Step]:
    """Return what those in charge can do about each thing that a person lacks."""
    return [
        _step(lack, lack.office_step, [] if lack.final else _office_links(lack, line, viewer, at))
        for lack in line.lacks
    ]


def own_steps(line: Line, at: datetime) -> list[Step]:
    """Return what the person can do about each thing that they lack."""
    return [_step(lack, lack.own_step, [] if lack.final else _own_links(lack, line, at)) for lack in line.lacks]


def _step(lack: Lack, text: Sentence, links: list[tuple[Sentence | str, str]]) -> Step:
    return Step(lack.what, text, lack.final, links[:MOST_LINKS], max(0, len(links) - MOST_LINKS))


def _office_links(lack: Lack, line: Line, viewer: Person, at: datetime) -> list[tuple[Sentence | str, str]]:
    cohort_id = line.standing.enrolment.cohort_id
    if lack.kind is LackKind.ATTENDANCE:
        may_mark = viewer.may(CoursePermission.MARK_ATTENDANCE)
        return [
            (
                live.title,
                url_for("attendance.roll_call", session_id=live.id)
                if may_mark and live.starts_at <= at
                else url_for("schedule.show_session", session_id=live.id),
            )
            for live in line.standing.sessions
            if live.cancelled_at is None and live.id not in line.standing.marks
        ]
    if lack.kind is LackKind.QUIZZES:
        return [
            (activity.title, url_for("quizzes.cohort_quiz", cohort_id=cohort_id, activity_id=activity.id))
            for activity in _open_activities(lack, line)
        ]
    if lack.kind in {LackKind.GRADE, LackKind.MARK}:
        return [(sentence(N_("To the works that wait for a grade")), url_for("grading.queue"))]
    if lack.kind in {LackKind.LESSONS, LackKind.ASSIGNMENTS}:
        place = url_for("cohorts.cohort", cohort_id=cohort_id, _anchor=f"person-{line.standing.enrolment.id}")
        return [(sentence(N_("Where they stand, module by module")), place)]
    return []  # the name: the page asks for it by mail


def _own_links(lack: Lack, line: Line, at: datetime) -> list[tuple[Sentence | str, str]]:
    if lack.kind is LackKind.ATTENDANCE:
        return [
            (live.title, url_for("schedule.show_session", session_id=live.id))
            for live in line.standing.sessions
            if live.cancelled_at is None and live.ends_at > at
        ]
    if lack.kind is LackKind.NAME:
        return [(sentence(N_("Check my name")), url_for("people.account"))]
    return [
        (activity.title, activity_url(activity, line.standing.enrolment.id))
        for activity in _open_activities(lack, line)
    ]


def _open_activities(lack: Lack, line: Line) -> list[ListedActivity]:
    kind, standing = ACTIVITY_KINDS[lack.kind], line.standing
    return [
        activity
        for activity in standing.activities
        if activity.kind == kind and activity.required and standing.state(activity) is not ActivityState.DONE
    ]
