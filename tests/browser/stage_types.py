"""Set the stage for the question types: a cohort whose quiz asks one question of each type."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from assessments.exchange.queries import newest_versions
from assessments.quizzes.models import Quiz
from certificates.demo.play import make_account
from courses.archive.actions import import_course
from courses.cohorts.actions import create_cohort, enrol_person
from courses.content.models import Activity
from lms.clock import now
from lms.db import session
from lms.people.queries import find_person
from lms.permissions import Role
from tests.assessments.twelve import twelve_types


def make_stage(slug: str, language: str, settings: str) -> dict[str, str]:
    """Make the cohort and return what the test needs to know; ``settings`` join the quiz's table in TOML."""
    at = now()
    coordinator, trainer = find_person("coordinator@example.org"), find_person("trainer@example.org")
    assert coordinator is not None
    assert trainer is not None
    version = import_course(twelve_types(settings), actor=coordinator, at=at).version
    learner = make_account("Lena", "Łęcka", f"{slug}@example.org", Role.PARTICIPANT, actor=coordinator, at=at)
    learner.language = language
    cohort = create_cohort(
        version, slug=slug, title=f"Arten {slug}", begin_date=at.date() - timedelta(days=3),
        end_date=at.date() + timedelta(days=30), seats=5, zone="Europe/Berlin", trainers=[trainer], actor=coordinator, at=at,
    )  # fmt: skip
    enrolment = enrol_person(cohort, learner, municipality_ags=None, actor=coordinator, at=at)
    learner.time_percent = 150
    quiz = session.scalars(select(Quiz.activity_id).join(Activity).where(Activity.version_id == version.id)).one()
    repairs = {
        f"repair_{one.type}": f"/questions/{one.id}/repair" for one in newest_versions(version.course_id).values()
    }
    return {"email": learner.email, "quiz": f"/learn/{enrolment.id}/quizzes/{quiz}"} | repairs
