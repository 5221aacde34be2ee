"""Set the stage for a journey: a small cohort whose mornings are over, made through the product's own actions."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from certificates.demo.play import make_account
from courses.archive.actions import import_course
from courses.archive.reading import read_archive
from courses.cohorts.actions import create_cohort, enrol_person
from courses.schedule.actions import plan_live_session
from lms.clock import now
from lms.people.queries import find_person
from lms.permissions import Role

COURSE = Path(__file__).parents[1] / "data" / "small-course"


def make_stage(slug: str) -> dict[str, Any]:
    """Make the cohort and return what the test needs to know."""
    at = now()
    coordinator, trainer = find_person("coordinator@example.org"), find_person("trainer@example.org")
    assert coordinator is not None
    assert trainer is not None
    version = import_course(read_archive(COURSE).files, actor=coordinator, at=at).version
    begin = at - timedelta(days=30)
    learner = make_account("Lena", "Łęcka", f"{slug}@example.org", Role.PARTICIPANT, actor=coordinator, at=begin)
    cohort = create_cohort(
        version, slug=slug, title=f"Reise {slug}", begin_date=begin.date(), end_date=(at + timedelta(days=30)).date(),
        seats=5, zone="Europe/Berlin", trainers=[trainer], actor=coordinator, at=begin,
    )  # fmt: skip
    enrolment = enrol_person(cohort, learner, municipality_ags="12060005", actor=coordinator, at=begin)
    sessions = []
    for number, activity in enumerate(one for one in version.activities if one.kind == "live_session"):
        starts_at = begin + timedelta(days=7 * (number + 1))
        live = plan_live_session(
            cohort, activity=activity, title=activity.title, starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=3, minutes=15), ue=activity.ue, actor=trainer, at=begin,
        )  # fmt: skip
        sessions.append(live.id)
    return {"email": learner.email, "cohort": cohort.id, "enrolment": enrolment.id, "sessions": sessions}
