"""A standing as people read it: module by module, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for

from courses.activity_kinds import Openable, get_activity_kind
from courses.content.rules import closed_reason
from courses.progress.queries import ListedActivity, Standing
from courses.progress.rules import ActivityState
from courses.schedule.models import LiveSession
from courses.schedule.rules import SessionState, session_state
from lms.sentences import N_, Sentence, sentence

STATE_WORDS = {
    ActivityState.OPEN: N_("open"),
    ActivityState.BEGUN: N_("begun"),
    ActivityState.HANDED_IN: N_("handed in, being graded"),
    ActivityState.RETURNED: N_("back to you: please revise"),
    ActivityState.DONE: N_("done"),
    ActivityState.FAILED: N_("not passed"),
}
#: How a state looks (see ui.badge).
STATE_KINDS = {
    ActivityState.OPEN: "info",
    ActivityState.BEGUN: "warning",
    ActivityState.HANDED_IN: "info",
    ActivityState.RETURNED: "warning",
    ActivityState.DONE: "success",
    ActivityState.FAILED: "danger",
}


@dataclass(frozen=True)
class ModuleLine:
    """A module as one line: ``state`` is done when all that is required is. ``position`` 0 is the whole course's."""

    position: int
    title: str
    state: ActivityState
    done: int
    total: int
    minutes: int
    activities: Sequence[ListedActivity]


@dataclass(frozen=True)
class ActivityLine:
    """An activity as one line of a task list; ``href`` is empty while it is closed, and ``hint`` says why."""

    activity: ListedActivity
    title: str
    href: str | None
    hint: Sentence | None
    state: ActivityState
    live_session: LiveSession | None


def list_modules(standing: Standing) -> list[ModuleLine]:
    """Return the modules in their order; what belongs to the course as a whole comes last, under no number."""
    groups: dict[int, list[ListedActivity]] = {}
    for activity in standing.activities:
        groups.setdefault(activity.module.position if activity.module else 0, []).append(activity)
    return [
        _module_line(position, groups[position], standing) for position in sorted(groups, key=lambda at: at or 10_000)
    ]


def _module_line(position: int, activities: list[ListedActivity], standing: Standing) -> ModuleLine:
    counted = [activity for activity in activities if activity.required and activity.kind != "live_session"]
    states = [standing.state(activity) for activity in counted]
    done = states.count(ActivityState.DONE)
    state = ActivityState.DONE if done == len(states) else _open_state(states)
    module = activities[0].module
    return ModuleLine(
        position,
        module.title if module else "",
        state,
        done,
        len(counted),
        sum(activity.minutes or 0 for activity in counted),
        activities,
    )


def _open_state(states: Sequence[ActivityState]) -> ActivityState:
    """Return the state of a module in which something is left to do: what needs the person stands for all of it."""
    for telling in (ActivityState.FAILED, ActivityState.RETURNED):
        if telling in states:
            return telling
    if all(one in {ActivityState.DONE, ActivityState.HANDED_IN} for one in states):
        return ActivityState.HANDED_IN
    return ActivityState.OPEN if set(states) == {ActivityState.OPEN} else ActivityState.BEGUN


def list_lines(standing: Standing, activities: Sequence[ListedActivity], now: datetime) -> list[ActivityLine]:
    """Return the activities as lines, each with its address, or with the reason why it is closed."""
    cohort = standing.enrolment.cohort
    today = now.astimezone(ZoneInfo(cohort.zone)).date()
    closed = closed_reason(begin_date=cohort.begin_date, today=today)
    sessions = {live.activity_id: live for live in standing.sessions if live.cancelled_at is None}
    made = []
    for activity in activities:
        live = sessions.get(activity.id) if activity.kind == "live_session" else None
        href: str | None = activity_url(activity, standing.enrolment.id)
        hint: Sentence | None = None
        if activity.kind == "live_session":
            href = url_for("schedule.show_session", session_id=live.id) if live else None
            hint = None if live else sentence(N_("The date is not fixed yet."))
        elif closed is not None:
            href, hint = None, Sentence(closed.text, {"begin_date": cohort.begin_date})
        made.append(ActivityLine(activity, activity.title, href, hint, _line_state(activity, live, standing), live))
    return made


def _line_state(activity: ListedActivity, live: LiveSession | None, standing: Standing) -> ActivityState:
    if activity.kind != "live_session":
        return standing.state(activity)
    mark = standing.marks.get(live.id) if live else None
    if mark is None:
        return ActivityState.OPEN
    return ActivityState.DONE if mark.ue else ActivityState.FAILED


def activity_url(activity: Openable, enrolment_id: int) -> str:
    """Return where the person of this enrolment opens an activity."""
    if activity.kind == "lesson":
        return url_for("content.lesson", enrolment_id=enrolment_id, slug=activity.slug)
    return get_activity_kind(activity.kind).url(activity, enrolment_id)


def find_next_step(standing: Standing) -> ListedActivity | None:
    """Return what the person can do next by themselves: what came back to them, or else the first thing that is left."""
    own = [one for one in standing.activities if one.required and one.kind != "live_session"]
    returned = (one for one in own if standing.state(one) is ActivityState.RETURNED)
    left = (one for one in own if standing.state(one) in {ActivityState.OPEN, ActivityState.BEGUN})
    return next(returned, None) or next(left, None)


def find_neighbours(
    standing_activities: Sequence[ListedActivity], activity_id: int
) -> tuple[ListedActivity | None, ListedActivity | None]:
    """Return what comes before and after an activity among the things that one does by oneself."""
    own = [activity for activity in standing_activities if activity.kind != "live_session"]
    at = next(index for index, activity in enumerate(own) if activity.id == activity_id)
    return (own[at - 1] if at else None), (own[at + 1] if at + 1 < len(own) else None)


def find_next_session(sessions: Sequence[LiveSession], now: datetime) -> LiveSession | None:
    """Return the session that is running or comes next."""
    for live in sessions:
        state = session_state(starts_at=live.starts_at, ends_at=live.ends_at, cancelled_at=live.cancelled_at, now=now)
        if state in {SessionState.PLANNED, SessionState.RUNNING}:
            return live
    return None
