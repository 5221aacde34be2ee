"""Playing a cohort: lessons, quizzes, mornings, projects and grades, day by day through the product's own actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from assessments.assignments.actions import grade_submission, save_draft, submit_assignment
from assessments.assignments.models import Assignment
from assessments.attempts.actions import save_response, start_attempt, submit_attempt
from assessments.attempts.queries import get_state
from assessments.items.queries import get_item_versions
from assessments.quizzes.models import Quiz
from certificates.demo.answers import right_response, wrong_response
from certificates.demo.people import PASSWORD, Learner
from certificates.demo.projects import PROJECTS
from courses.attendance.actions import mark_everyone
from courses.attendance.rules import Choice, Status
from courses.cohorts.actions import create_cohort, enrol_person
from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import Activity, CourseVersion
from courses.progress.actions import complete_lesson
from courses.schedule.actions import plan_proposed_sessions
from courses.schedule.models import LiveSession
from lms.db import session
from lms.people.actions import change_own_details, create_person
from lms.people.models import Person
from lms.people.queries import find_person
from lms.permissions import Role
from lms.signin.actions import set_password

ZONE = ZoneInfo("Europe/Berlin")


def make_account(
    given_name: str, family_name: str, email: str, role: Role, *, actor: Person | None, at: datetime
) -> Person:
    """Return the person with this address, made with the demonstration's password when there is none yet."""
    found = find_person(email)
    if found is not None:
        return found
    person = create_person(
        email=email, given_name=given_name, family_name=family_name, roles=(role,), actor=actor, at=at
    )
    set_password(person, PASSWORD, actor=actor, at=at)
    return person


def open_cohort(
    version: CourseVersion,
    *,
    slug: str,
    title: str,
    begin: date,
    learners: Sequence[Learner],
    trainers: list[Person],
    coordinator: Person,
) -> tuple[Cohort, list[tuple[Enrolment, Learner]]]:
    """Make a cohort with its ten mornings and its participants, two weeks before it begins."""
    at = instant(begin - timedelta(days=14), 10)
    cohort = create_cohort(
        version,
        slug=slug,
        title=title,
        begin_date=begin,
        end_date=begin + timedelta(weeks=12),
        seats=16,
        zone="Europe/Berlin",
        trainers=trainers,
        actor=coordinator,
        at=at,
    )
    plan_proposed_sessions(cohort, actor=coordinator, at=at, link="https://konferenz.example.org/smart-city-manager")
    enrolled = []
    for learner in learners:
        person = make_account(
            learner.given_name, learner.family_name, learner.email, Role.PARTICIPANT, actor=coordinator, at=at
        )
        change_own_details(
            person,
            given_name=learner.given_name,
            family_name=learner.family_name,
            printed_name=learner.printed_name,
            municipality_ags=learner.ags,
            at=at,
        )
        enrolled.append((enrol_person(cohort, person, municipality_ags=learner.ags, actor=coordinator, at=at), learner))
    return cohort, enrolled


def hold_mornings(
    cohort: Cohort, enrolled: list[tuple[Enrolment, Learner]], trainer: Person, *, until: datetime
) -> None:
    """Mark the attendance of every morning that has been held."""
    held = session.scalars(
        select(LiveSession)
        .where(LiveSession.cohort_id == cohort.id, LiveSession.ends_at < until)
        .order_by(LiveSession.starts_at)
    ).all()
    for number, morning in enumerate(held):
        choices = {enrolment: Choice(*_attendance(learner.course, number)) for enrolment, learner in enrolled}
        mark_everyone(morning, choices, actor=trainer, at=morning.ends_at + timedelta(minutes=10))


def _attendance(course: str, morning: int) -> tuple[Status, int | None]:
    if course == "absent":
        return Status.ABSENT, None
    if course == "mornings_missed" and morning in {1, 4, 6, 8}:
        return (Status.ABSENT, None) if morning != 4 else (Status.EXCUSED, None)
    if course == "one_morning_missed" and morning == 3:
        return Status.EXCUSED, None
    if course == "behind" and morning == 2:
        return Status.PARTLY, 2
    return Status.PRESENT, None


def learn(enrolment: Enrolment, learner: Learner, activities: Sequence[Activity], *, at: datetime) -> None:
    """Read lessons and take quizzes, one activity after the other, some minutes apart."""
    moment = at
    for activity in activities:
        if activity.kind == "lesson":
            moment += timedelta(minutes=activity.minutes or 20)
            complete_lesson(enrolment, activity, actor=enrolment.person, at=moment)
        elif activity.kind == "quiz":
            if learner.course == "second_try":
                moment = take_quiz(enrolment, activity, wrong_every=2, at=moment)
            moment = take_quiz(enrolment, activity, wrong_every=4 if learner.course == "behind" else 7, at=moment)


def take_quiz(enrolment: Enrolment, activity: Activity, *, wrong_every: int, at: datetime) -> datetime:
    """Take a quiz with every n-th answer wrong; return when it was handed in."""
    quiz = session.get_one(Quiz, activity.id)
    attempt = start_attempt(quiz, enrolment, actor=enrolment.person, at=at)
    slots = get_state(attempt).slots
    versions = get_item_versions([slot.item_version_id for slot in slots])
    moment = at
    for number, slot in enumerate(slots):
        version = versions[slot.item_version_id]
        answer = wrong_response if number % wrong_every == wrong_every - 1 else right_response
        moment += timedelta(seconds=50)
        save_response(attempt, number, answer(version.type, version.definition), at=moment)
    submit_attempt(attempt, actor=enrolment.person, at=moment)
    return moment


def do_projects(cohort: Cohort, enrolled: list[tuple[Enrolment, Learner]], trainer: Person, *, at: datetime) -> None:
    """Hand in the transfer projects and grade them; one is handed in twice, one does not pass."""
    assignments = session.scalars(
        select(Assignment).join(Assignment.activity).where(Activity.version_id == cohort.version_id)
    ).all()
    for assignment in assignments:
        for number, (enrolment, learner) in enumerate(enrolled):
            project = PROJECTS[number % len(PROJECTS)]
            _hand_in_and_grade(
                assignment,
                enrolment,
                learner,
                project.format(place=_place(enrolment)),
                trainer,
                at=at + timedelta(minutes=25 * number),
            )


def _hand_in_and_grade(
    assignment: Assignment, enrolment: Enrolment, learner: Learner, text: str, trainer: Person, *, at: datetime
) -> None:
    rounds = {"resubmission": ("short", "good"), "project_failed": ("short", "short")}.get(learner.course, ("good",))
    for number, quality in enumerate(rounds):
        moment = at + timedelta(days=4 * number)
        words = text if quality == "good" else text.split("\n\n")[0]
        save_draft(assignment, enrolment, text=words, at=moment)
        submission = submit_assignment(assignment, enrolment, actor=enrolment.person, at=moment)
        levels = {criterion["id"]: len(criterion["levels"]) - 1 for criterion in assignment.criteria}
        if quality == "good":
            points = {key: max(most - (place % 2), 1) for place, (key, most) in enumerate(levels.items())}
            comment = (
                "Der Bedarf ist mit Zahlen aus Ihrer Kommune belegt, und die Schritte sind machbar. Klären Sie vor dem "
                "Beschluss noch, wer die Maßnahme nach der Anlaufzeit betreut."
            )
        else:
            points = {key: 1 if place < 3 else 0 for place, key in enumerate(levels)}
            comment = (
                "Die Idee ist gut. Es fehlen noch: Beteiligte, Kosten und woran Sie die Wirkung erkennen. Bitte "
                "ergänzen Sie die Abschnitte 3 bis 5 der Vorlage."
            )
        grade_submission(submission, points, comment=comment, grader=trainer, at=moment + timedelta(days=2))


def instant(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a moment of a day in Brandenburg."""
    return datetime.combine(day, time(hour, minute), ZONE)


def _place(enrolment: Enrolment) -> str:
    return enrolment.municipality.name if enrolment.municipality else "unserer Kommune"
