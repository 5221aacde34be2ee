"""Read progress: what people have done, and how the rules stand for them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager, joinedload

from courses.attendance.models import AttendanceMark
from courses.attendance.queries import marks_of
from courses.attendance.rules import PlannedUnits, sum_attendance
from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import Activity, Module
from courses.progress.models import ProgressFact
from courses.progress.rules import (
    Achievement,
    ActivityState,
    Attendance,
    Record,
    RuleResult,
    Tally,
    achievement,
    confirmation_percent,
    evaluate,
    fold_state,
)
from courses.schedule.models import LiveSession
from courses.schedule.queries import sessions_of_cohorts
from lms.db import session
from lms.people.models import Person

States = Mapping[int, ActivityState]


class ListedModule(NamedTuple):
    """What lists of activities show of a module."""

    position: int
    slug: str
    title: str
    ue: int


class ListedActivity(NamedTuple):
    """What lists show of an activity: every page of a participant has some fifty of them, and changes none."""

    id: int
    kind: str
    slug: str
    title: str
    minutes: int | None
    ue: int
    required: bool
    module: ListedModule | None


@dataclass(frozen=True)
class Standing:
    """Where one enrolment stands: the state of each activity, the attendance and each rule."""

    enrolment: Enrolment
    activities: Sequence[ListedActivity]
    sessions: Sequence[LiveSession]
    marks: Mapping[int, AttendanceMark]
    states: States
    attendance: Attendance
    results: list[RuleResult]

    @property
    def achievement(self) -> Achievement:
        """What the person would get if it were decided now."""
        return achievement(self.results, self.attendance, confirmation_percent(self.enrolment.cohort.rules))

    def state(self, activity: ListedActivity) -> ActivityState:
        """Return the state of an activity."""
        return self.states.get(activity.id, ActivityState.OPEN)


# These are asked with every page of a participant, and so built once.
_FACTS = (
    select(ProgressFact.enrolment_id, ProgressFact.activity_id, ProgressFact.verb)
    .where(ProgressFact.enrolment_id.in_(bindparam("ids", expanding=True)))
    .order_by(ProgressFact.id)
)
_ACTIVITY, _MODULE = Activity.__table__, Module.__table__
_ACTIVITIES = (
    select(
        _ACTIVITY.c.version_id,
        *(_ACTIVITY.c[name] for name in ListedActivity._fields[:-1]),
        *(_MODULE.c[name] for name in ListedModule._fields),
    )
    .outerjoin_from(_ACTIVITY, _MODULE, _MODULE.c.id == _ACTIVITY.c.module_id)
    .where(_ACTIVITY.c.version_id.in_(bindparam("ids", expanding=True)))
    .order_by(_ACTIVITY.c.position)
)
_MODULE_AT = 1 + len(ListedActivity._fields[:-1])


def states_of(enrolment_ids: Iterable[int]) -> dict[int, dict[int, ActivityState]]:
    """Return the state of each activity that something is known about, by enrolment; one query."""
    ids = list(enrolment_ids)
    verbs: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for enrolment_id, activity_id, verb in session.execute(_FACTS, {"ids": ids}):
        verbs[enrolment_id, activity_id].append(verb)
    made: dict[int, dict[int, ActivityState]] = {enrolment_id: {} for enrolment_id in ids}
    for (enrolment_id, activity_id), said in verbs.items():
        made[enrolment_id][activity_id] = fold_state(said)
    return made


def standings_of(enrolments: Sequence[Enrolment]) -> list[Standing]:
    """Return where these enrolments stand, in their order; four queries for any number.

    Their cohorts are loaded.
    """
    if not enrolments:
        return []
    ids = [enrolment.id for enrolment in enrolments]
    activities = list_activities({enrolment.cohort.version_id for enrolment in enrolments})
    sessions = sessions_of_cohorts({enrolment.cohort_id for enrolment in enrolments})
    states = states_of(ids)
    marks = marks_of(ids)
    return [
        _standing(
            enrolment,
            activities[enrolment.cohort.version_id],
            sessions[enrolment.cohort_id],
            states[enrolment.id],
            marks.get(enrolment.id, {}),
        )
        for enrolment in enrolments
    ]


def _standing(
    enrolment: Enrolment,
    activities: Sequence[ListedActivity],
    sessions: Sequence[LiveSession],
    states: States,
    marks: Mapping[int, AttendanceMark],
) -> Standing:
    attendance = sum_attendance(
        [PlannedUnits(live.id, live.activity_id, live.ue, live.cancelled_at is not None) for live in sessions],
        {activity.id: activity.ue for activity in activities if activity.kind == "live_session"},
        {session_id: mark.ue for session_id, mark in marks.items()},
    )
    results = evaluate(enrolment.cohort.rules, Record(attendance, tally(activities, states)))
    return Standing(enrolment, activities, sessions, marks, states, attendance, results)


def standings_of_cohort(cohort: Cohort) -> list[Standing]:
    """Return where everybody stands who has not left the cohort, by name; five queries, however many they are."""
    query = (
        select(Enrolment)
        .join(Enrolment.person)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.withdrawn_at.is_(None))
        # People without their roles, which nobody asks for here: they come in batches, the more people the more of them.
        .options(
            contains_eager(Enrolment.person).lazyload(Person.role_grants),
            joinedload(Enrolment.municipality),
            joinedload(Enrolment.cohort),
        )
        .order_by(Person.sort_name, Enrolment.id)
    )
    return standings_of(list(session.scalars(query)))


def list_activities(version_ids: Iterable[int]) -> dict[int, list[ListedActivity]]:
    """Return the activities of these versions in their order, with their modules' titles, by version; one query."""
    ids = set(version_ids)
    made: dict[int, list[ListedActivity]] = {version_id: [] for version_id in ids}
    for row in session.execute(_ACTIVITIES, {"ids": list(ids)}):
        module = ListedModule._make(row[_MODULE_AT:]) if row[_MODULE_AT] is not None else None
        made[row[0]].append(ListedActivity._make((*row[1:_MODULE_AT], module)))
    return made


def tally(activities: Iterable[ListedActivity], states: States) -> dict[str, Tally]:
    """Count the required activities of each kind by their state."""
    total: Counter[str] = Counter()
    done: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for activity in activities:
        if activity.required:
            state = states.get(activity.id, ActivityState.OPEN)
            total[activity.kind] += 1
            done[activity.kind] += state is ActivityState.DONE
            failed[activity.kind] += state is ActivityState.FAILED
    return {kind: Tally(total[kind], done[kind], failed[kind]) for kind in total}
