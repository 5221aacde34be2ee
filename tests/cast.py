"""The fixed cast: the same people in every test, so that a permission test reads as a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from courses.cohorts.models import Cohort, CohortTrainer, Enrolment
from courses.content.models import Activity, Course, CourseVersion, Lesson, Module
from courses.schedule.models import LiveSession
from lms.clock import now
from lms.db import session, transaction
from lms.municipalities.models import District, Municipality
from lms.people.models import Person, RoleGrant
from lms.permissions import Role
from lms.signin.actions import start_sign_in

#: "Now" of the cast: a Tuesday in the middle of its cohort.
NOW = datetime(2026, 9, 8, 8, 0, tzinfo=UTC)

RULES: list[dict[str, Any]] = [
    {"kind": "attendance", "percent": 80},
    {"kind": "lessons"},
    {"kind": "quizzes"},
    {"kind": "assignments"},
]


@dataclass
class Cast:
    """The people, the course and the two cohorts: ``trainer`` teaches ``participant``, ``other_trainer`` the other."""

    coordinator: Person
    trainer: Person
    other_trainer: Person
    participant: Person
    other_participant: Person
    auditor: Person
    admin: Person
    version: CourseVersion
    lessons: list[Activity]
    cohort: Cohort
    other_cohort: Cohort
    enrolment: Enrolment
    other_enrolment: Enrolment
    live_session: LiveSession


def make_person(given_name: str, family_name: str, *roles: Role, email: str | None = None) -> Person:
    """Make a person who can be signed in by ``signed_in``."""
    person = Person(
        email=email or f"{given_name}.{family_name}@example.org".lower(),
        given_name=given_name,
        family_name=family_name,
        created_at=NOW,
        role_grants=[RoleGrant(role=role.value, granted_at=NOW) for role in roles],
    )
    session.add(person)
    return person


def make_course(slug: str = "kleiner-kurs", lessons: int = 2) -> CourseVersion:
    """Make a course of one module with some lessons and a live session of 4 UE."""
    version = CourseVersion(
        course=Course(slug=slug, created_at=NOW),
        number=1,
        archive_sha256=slug,
        imported_at=NOW,
        title="Kleiner Kurs",
        language="de",
        content_date=date(2026, 9, 1),
        summary="Zum Testen.",
        live_ue=4,
        self_study_ue=2,
        project_ue=0,
        outline={"rules": RULES},
    )
    module = Module(
        version=version, position=1, slug="anfang", title="Anfang", summary="Der Anfang.", objectives=["Anfangen"], ue=2
    )
    session.add_all([version, module])
    for number in range(1, lessons + 1):
        activity = Activity(
            version=version,
            module=module,
            position=number,
            kind="lesson",
            slug=f"lektion-{number}",
            title=f"Lektion {number}",
            minutes=15,
        )
        session.add(
            Lesson(activity=activity, objectives=["Verstehen"], sources=[], markdown="Text.", html="<p>Text.</p>")
        )
    session.add(
        Activity(
            version=version,
            module=module,
            position=lessons + 1,
            kind="live_session",
            slug="live-01",
            title="Live 1",
            minutes=180,
            ue=4,
        )
    )
    return version


def make_cohort(version: CourseVersion, slug: str, trainer: Person, *participants: Person) -> Cohort:
    """Make a cohort with its trainer, its participants and the one live session of ``make_course``, yesterday."""
    cohort = Cohort(
        version=version,
        slug=slug,
        title=f"Durchgang {slug}",
        begin_date=date(2026, 9, 1),
        end_date=date(2026, 11, 24),
        zone="Europe/Berlin",
        seats=16,
        rules=version.outline["rules"],
        created_at=NOW,
    )
    session.add(cohort)
    session.add(CohortTrainer(cohort=cohort, person=trainer, assigned_at=NOW))
    for person in participants:
        session.add(Enrolment(cohort=cohort, person=person, enrolled_at=NOW, municipality_ags=person.municipality_ags))
    session.flush()
    live = next(activity for activity in version.activities if activity.kind == "live_session")
    session.add(
        LiveSession(
            cohort=cohort,
            activity=live,
            title=live.title,
            starts_at=NOW - timedelta(days=1),
            ends_at=NOW - timedelta(days=1) + timedelta(hours=3, minutes=15),
            zone="Europe/Berlin",
            ue=4,
            uid=f"{slug}-live-01",
        )
    )
    session.flush()
    return cohort


def make_cast() -> Cast:
    """Make everybody."""
    with transaction():
        session.add(District(key="12060", name="Barnim", kind="Landkreis"))
        session.flush()
        session.add(Municipality(ags="12060005", name="Ahrensfelde", district_key="12060"))
        coordinator = make_person("Karin", "Koordination", Role.COORDINATOR)
        trainer = make_person("Tomasz", "Trainer", Role.TRAINER)
        other_trainer = make_person("Thea", "Trainerin", Role.TRAINER)
        participant = make_person("Petra", "Łukaszewicz", Role.PARTICIPANT)
        other_participant = make_person("Paul", "Anders", Role.PARTICIPANT)
        auditor = make_person("Anna", "Prüfung", Role.AUDITOR)
        admin = make_person("Adam", "Verwaltung", Role.ADMIN)
        version = make_course()
        session.flush()
        cohort = make_cohort(version, "herbst-2026", trainer, participant)
        other_cohort = make_cohort(version, "fruehjahr-2026", other_trainer, other_participant)
        live_session = session.query(LiveSession).filter_by(cohort_id=cohort.id).one()
    return Cast(
        coordinator=coordinator,
        trainer=trainer,
        other_trainer=other_trainer,
        participant=participant,
        other_participant=other_participant,
        auditor=auditor,
        admin=admin,
        version=version,
        lessons=[activity for activity in version.activities if activity.kind == "lesson"],
        cohort=cohort,
        other_cohort=other_cohort,
        enrolment=cohort.enrolments[0],
        other_enrolment=other_cohort.enrolments[0],
        live_session=live_session,
    )


def signed_in(app: Flask, person: Person) -> FlaskClient:
    """Return the browser of this person, signed in."""
    with transaction():
        token = start_sign_in(person, address="127.0.0.1", browser="test", at=now())
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client
