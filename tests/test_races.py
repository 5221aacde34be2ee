"""Several people at once: scarce things are given out exactly once, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from flask import Flask
from sqlalchemy import select

from assessments.attempts.actions import start_attempt
from assessments.attempts.models import Attempt
from assessments.quizzes.models import Quiz
from certificates.conferral.actions import confer_cohort
from certificates.conferral.models import Certificate
from courses.archive.actions import import_course
from courses.archive.reading import read_archive
from courses.attendance.actions import mark_attendance
from courses.attendance.rules import Status
from courses.cohorts.actions import create_cohort, enrol_person
from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import CourseVersion
from courses.schedule.actions import plan_live_session
from lms.db import session, transaction
from lms.people.models import Person
from lms.permissions import Role
from lms.sentences import Refusal
from tests.cast import NOW, make_person

SMALL_COURSE = Path(__file__).parent / "data" / "small-course"


def at_once(app: Flask, times: int, action: Callable[[], object]) -> list[object]:
    """Do something several times at the same moment, each in a transaction of its own; return results and refusals."""
    barrier = Barrier(times)

    def one(_number: int) -> object:
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    return action()
            except Refusal as refusal:
                return refusal.reason

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def set_stage(learners: int) -> int:
    """Make a cohort of the small course with attendance for everybody; return its id."""
    coordinator = make_person("Karin", "Seefeld", Role.COORDINATOR)
    session.flush()
    version = import_course(read_archive(SMALL_COURSE).files, actor=coordinator, at=NOW).version
    cohort = create_cohort(version, slug="rennen", title="Rennen", begin_date=NOW.date(), end_date=NOW.date(), seats=50,
                           zone="Europe/Berlin", trainers=[], actor=coordinator, at=NOW)  # fmt: skip
    enrolments = []
    for number in range(learners):
        person = make_person("Lena", f"Läuferin {number:02}", Role.PARTICIPANT, email=f"l{number}@example.org")
        session.flush()
        enrolments.append(enrol_person(cohort, person, municipality_ags=None, actor=coordinator, at=NOW))
    for activity in version.activities:
        if activity.kind == "live_session":
            live = plan_live_session(cohort, activity=activity, title=activity.title, starts_at=NOW, ends_at=NOW.replace(hour=12),
                                     ue=activity.ue, actor=coordinator, at=NOW)  # fmt: skip
            for enrolment in enrolments:
                mark_attendance(live, enrolment, Status.PRESENT, actor=coordinator, at=NOW.replace(hour=13))
    cohort.completed_at = None
    return cohort.id


def test_twenty_starts_of_the_last_attempt_give_one(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        set_stage(1)
        session.scalars(select(Quiz)).one().max_attempts = 1

    def start() -> int:
        enrolment = session.scalars(select(Enrolment)).one()
        return start_attempt(session.scalars(select(Quiz)).one(), enrolment, actor=enrolment.person, at=NOW).id

    results = at_once(own_app, 20, start)
    assert len(set(results)) == 1
    with own_app.app_context():
        assert len(session.scalars(select(Attempt)).all()) == 1


def test_two_conferrals_at_once_issue_everything_once_and_without_gaps(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        cohort_id = set_stage(12)
        session.get_one(Cohort, cohort_id).completed_at = NOW

    def confer() -> int:
        cohort = session.get_one(Cohort, cohort_id)
        coordinator = session.scalars(select(Person).where(Person.family_name == "Seefeld")).one()
        made = confer_cohort(
            cohort, actor=coordinator, at=NOW, signatories=[{"name": "A", "function": ""}], place="Potsdam"
        )
        return len(made.certificates)

    results = at_once(own_app, 4, confer)
    assert sorted(map(str, results)) == ["12", "nobody", "nobody", "nobody"]
    with own_app.app_context():
        serials = session.scalars(select(Certificate.serial).order_by(Certificate.serial)).all()
        assert list(serials) == [f"SCM-2026-{number:05}" for number in range(1, 13)]


def test_the_same_course_imported_twice_at_once_is_one_version(own_app: Flask) -> None:
    def take() -> object:
        return import_course(read_archive(SMALL_COURSE).files, actor=None, at=NOW).version.id

    with own_app.app_context(), transaction():
        take()
    results = at_once(own_app, 2, take)
    assert len(set(results)) == 1
    with own_app.app_context():
        assert len(session.scalars(select(CourseVersion)).all()) == 1
