"""The start page: a participant's next step, and what waits for those in charge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

from flask import Blueprint, render_template
from flask_login import current_user

from courses.cohorts.access import list_cohorts_for
from courses.cohorts.queries import count_enrolled, list_own_enrolments, unmarked_sessions
from courses.events import Award, AwardsAsked, Task, TasksAsked
from courses.permissions import CoursePermission
from courses.progress.outline import (
    STATE_KINDS,
    STATE_WORDS,
    find_next_session,
    find_next_step,
    list_lines,
    list_modules,
)
from courses.progress.queries import Standing, standings_of
from courses.schedule.queries import sessions_of_cohorts
from lms.clock import now
from lms.events import publish
from lms.health.checks import QUICK, run_checks
from lms.navigation import Place, list_places
from lms.permissions import CorePermission, requires

bp = Blueprint("progress", __name__, template_folder="templates")


@bp.get("/")
@requires(CoursePermission.SEE_START)
def dashboard() -> str:
    """Everybody's start page, by what they are."""
    at = now()
    may_see_system = current_user.may(CorePermission.READ_SYSTEM)
    troubles = [one for one in run_checks(QUICK) if one.wrong] if may_see_system else []
    ways, staffed = [], []
    if current_user.may(CoursePermission.LEARN):
        standings = standings_of(list_own_enrolments(current_user))
        awards = _awards(standings, at)
        for standing in standings:
            award = awards.get(standing.enrolment.id)
            # Once the teaching is finished nothing leads to the certificate any more but what is being decided.
            over = standing.enrolment.cohort.completed_at is not None
            step = None if award or over else find_next_step(standing)
            ways.append(
                {
                    "standing": standing,
                    "enrolment": standing.enrolment,
                    "modules": list_modules(standing),
                    "award": award,
                    "over": over,
                    "step": list_lines(standing, [step], at)[0] if step else None,
                    "live_session": find_next_session(standing.sessions, at),
                }
            )
    tasks: list[Task] = []
    if current_user.may(CoursePermission.READ_COHORT):
        cohorts = list_cohorts_for(current_user, CoursePermission.READ_COHORT)
        ids = [cohort.id for cohort in cohorts]
        enrolled, sessions, unmarked = count_enrolled(ids), sessions_of_cohorts(ids), unmarked_sessions(cohorts, at)
        tasks = list(chain.from_iterable(publish(TasksAsked(person=current_user, cohorts=cohorts, at=at))))
        staffed = [
            {
                "cohort": cohort,
                "enrolled": enrolled[cohort.id],
                "unmarked": unmarked[cohort.id],
                "live_session": find_next_session(sessions[cohort.id], at),
            }
            for cohort in cohorts
        ]
    return render_template(
        "progress/dashboard.html",
        ways=ways,
        staffed=staffed,
        tasks=tasks,
        troubles=troubles,
        may_see_system=may_see_system,
        words=STATE_WORDS,
        kinds=STATE_KINDS,
        may_mark=current_user.may(CoursePermission.MARK_ATTENDANCE),
        may_read=current_user.may(CoursePermission.READ_COHORT),
        may_manage=current_user.may(CoursePermission.MANAGE_COHORT),
        may_learn=current_user.may(CoursePermission.LEARN),
        elsewhere=_elsewhere(),
    )


def _elsewhere() -> list[Place]:
    """Return where else to go for those whose work lies elsewhere: administrators and auditors."""
    if not current_user.may(CorePermission.READ_AUDIT):
        return []
    return [place for place in list_places(current_user) if place.endpoint != "progress.dashboard"]


def _awards(standings: Sequence[Standing], at: datetime) -> dict[int, Award]:
    """Ask what was issued, by enrolment. It stays so when the teaching is opened again for others."""
    ids = [one.enrolment.id for one in standings]
    answers = publish(AwardsAsked(ids, at)) if ids else []
    return {award.enrolment_id: award for award in chain.from_iterable(answers)}
