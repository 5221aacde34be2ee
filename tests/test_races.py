"""Several people at once: scarce things are given out exactly once, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from assessments.attempts.actions import save_response, start_attempt, submit_attempt
from assessments.attempts.models import Attempt, AttemptStep
from assessments.attempts.rules import StepKind
from assessments.grading.models import GradeEntry
from assessments.quizzes.models import Quiz
from certificates.conferral.actions import confer_cohort
from certificates.conferral.models import Certificate
from courses.archive.actions import import_course
from courses.archive.reading import read_archive
from courses.attendance.actions import mark_everyone
from courses.attendance.queries import list_marks
from courses.attendance.rules import Choice, Status
from courses.cohorts.actions import create_cohort, enrol_person
from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import CourseVersion
from courses.schedule.actions import plan_live_session
from courses.schedule.models import LiveSession
from lms.audit.models import AuditEntry
from lms.db import session, transaction
from lms.people.models import Person
from lms.permissions import Role
from lms.sentences import Refusal
from tests.cast import NOW, make_person, signed_in
from tests.marking import mark_attendance
from tests.together import together

SMALL_COURSE = Path(__file__).parent / "data" / "small-course"


def at_once(app: Flask, times: int, action: Callable[[], object]) -> list[object]:
    """Do something several times at the same moment, each in a transaction of its own; return results and refusals."""

    def one() -> object:
        with app.app_context():
            try:
                with transaction():
                    return action()
            except Refusal as refusal:
                return refusal.reason

    return together([one] * times)


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
        quiz, enrolment = session.scalars(select(Quiz)).one(), session.scalars(select(Enrolment)).one()
        quiz.max_attempts = 3
        for _number in range(2):
            attempt = start_attempt(quiz, enrolment, actor=enrolment.person, at=NOW)
            submit_attempt(attempt, actor=enrolment.person, at=NOW)

    def start() -> int:
        enrolment = session.scalars(select(Enrolment)).one()
        return start_attempt(session.scalars(select(Quiz)).one(), enrolment, actor=enrolment.person, at=NOW).id

    results = at_once(own_app, 20, start)
    assert len(results) == 20
    assert len(set(results)) == 1
    with own_app.app_context():
        assert session.scalars(select(Attempt.number).order_by(Attempt.number)).all() == [1, 2, 3]
        started = select(func.count()).select_from(AttemptStep).where(AttemptStep.kind == StepKind.STARTED.value)
        assert session.scalar(started) == 3


def test_twenty_who_hand_in_the_same_attempt_hand_it_in_once(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        set_stage(1)
        enrolment = session.scalars(select(Enrolment)).one()
        start_attempt(session.scalars(select(Quiz)).one(), enrolment, actor=enrolment.person, at=NOW)

    def hand_in() -> int:
        attempt = session.scalars(select(Attempt)).one()
        return submit_attempt(attempt, actor=attempt.enrolment.person, at=NOW).given

    results = at_once(own_app, 20, hand_in)
    assert len(set(results)) == 1
    with own_app.app_context():
        kinds = session.scalars(select(AttemptStep.kind).order_by(AttemptStep.sequence)).all()
        assert kinds == ["started", "submitted", "scored"]
        assert len(session.scalars(select(GradeEntry)).all()) == 1


def test_answers_from_many_sides_are_all_in_the_log(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        set_stage(1)
        enrolment = session.scalars(select(Enrolment)).one()
        start_attempt(session.scalars(select(Quiz)).one(), enrolment, actor=enrolment.person, at=NOW)
    numbers = iter(range(1, 21))

    def answer() -> int:
        number = next(numbers)
        attempt = session.scalars(select(Attempt)).one()
        save_response(attempt, number % 2, {"choice": number}, at=NOW, device=f"device-{number}", counter=1)
        return number

    assert sorted(map(str, at_once(own_app, 20, answer))) == sorted(map(str, range(1, 21)))
    with own_app.app_context():
        steps = session.scalars(select(AttemptStep).order_by(AttemptStep.sequence)).all()
        assert [step.sequence for step in steps] == list(range(21))
        assert {step.device for step in steps[1:]} == {f"device-{number}" for number in range(1, 21)}


def test_many_look_at_an_attempt_at_once_and_each_look_is_recorded(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        set_stage(1)
        enrolment = session.scalars(select(Enrolment)).one()
        attempt_id = start_attempt(session.scalars(select(Quiz)).one(), enrolment, actor=enrolment.person, at=NOW).id
    with own_app.app_context():
        coordinator = session.scalars(select(Person).where(Person.family_name == "Seefeld")).one()
        browsers = [signed_in(own_app, coordinator) for _number in range(12)]

    def look(browser: FlaskClient) -> int:
        return browser.get(f"/attempts/{attempt_id}/log").status_code

    assert together([partial(look, browser) for browser in browsers]) == [200] * len(browsers)
    with own_app.app_context():
        looks = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "attempt_read")
        assert session.scalar(looks) == len(browsers)


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


def test_of_two_roll_calls_at_once_the_second_is_asked_again(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        cohort = session.get_one(Cohort, set_stage(3))
        live = session.scalars(select(LiveSession).where(LiveSession.cohort_id == cohort.id)).first()
        assert live is not None
        shown, session_id = {mark.enrolment_id: mark.id for mark in list_marks(live).values()}, live.id
    choices = iter([Status.ABSENT, Status.EXCUSED])

    def mark() -> tuple[int, int]:
        chosen = next(choices)
        live = session.get_one(LiveSession, session_id)
        actor = session.scalars(select(Person).where(Person.family_name == "Seefeld")).one()
        made = mark_everyone(
            live,
            {one: Choice(chosen, seen=shown[one.id]) for one in live.cohort.enrolments},
            actor=actor,
            at=NOW.replace(hour=14),
        )
        return made.saved, len(made.refused)

    assert sorted(map(str, at_once(own_app, 2, mark))) == ["(0, 3)", "(3, 0)"]
