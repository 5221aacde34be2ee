"""200 participants in one cohort of the real course, each signed in and with a running attempt."""

from __future__ import annotations

import json
import re
import sys
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from assessments.attempts.actions import start_attempt
from assessments.quizzes.models import Quiz
from certificates.conferral.models import Certificate
from certificates.demo.build import COURSE, build_demo
from courses.archive.actions import import_course
from courses.archive.reading import read_archive
from courses.cohorts.actions import create_cohort, enrol_person
from courses.content.models import Activity
from lms.clock import now
from lms.db import session, transaction
from lms.people.actions import create_person
from lms.people.models import Person
from lms.people.queries import find_person
from lms.permissions import Role
from lms.signin.actions import start_sign_in
from wsgi import create_app

PEOPLE = 200


def main() -> None:
    """Seed, and print what the benchmark needs."""
    app = create_app()
    with app.app_context():
        build_demo(lambda _text: None)
        with transaction():
            made = _seed(app)
            trainer = find_person("coordinator@example.org")
            assert trainer is not None
            made["office"] = cookie_of(app, trainer)
            made["verify"] = session.scalars(select(Certificate.token)).first()
    sys.stdout.write(json.dumps(made))


def _seed(app: Flask) -> dict[str, object]:
    at = now()
    coordinator = find_person("coordinator@example.org")
    assert coordinator is not None
    version = import_course(read_archive(COURSE).files, actor=coordinator, at=at).version
    cohort = create_cohort(version, slug="messung", title="Messung", begin_date=(at - timedelta(days=7)).date(),
                           end_date=(at + timedelta(days=80)).date(), seats=PEOPLE, zone="Europe/Berlin", trainers=[],
                           actor=coordinator, at=at)  # fmt: skip
    lesson = session.scalars(
        select(Activity).where(Activity.version_id == version.id, Activity.kind == "lesson")
    ).first()
    quiz, *others = session.scalars(select(Quiz).join(Quiz.activity).where(Activity.version_id == version.id)).all()
    for other in others:
        # What is started, taken and weighed here has ten questions, as is usual elsewhere.
        other.draw, other.max_attempts = 10, None
    assert lesson is not None
    people = []
    for number in range(PEOPLE):
        person = create_person(email=f"messung{number}@example.org", given_name="Mess", family_name=f"Person {number}",
                               roles=(Role.PARTICIPANT,), actor=coordinator, at=at)  # fmt: skip
        enrolment = enrol_person(cohort, person, municipality_ags=None, actor=coordinator, at=at)
        attempt = start_attempt(quiz, enrolment, actor=person, at=at)
        people.append({"enrolment": enrolment.id, "attempt": attempt.id, "cookie": cookie_of(app, person)})
    return {"cohort": cohort.id, "lesson": lesson.slug, "quiz": quiz.activity_id, "people": people,
            "other_quizzes": [other.activity_id for other in others]}  # fmt: skip


def cookie_of(app: Flask, person: Person) -> str:
    """Return a cookie header with a sign-in and the token of its forms, as the login page would make them."""
    token = start_sign_in(person, address="127.0.0.1", browser="benchmark", at=now())
    with app.test_request_context():
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # Flask's cookie sessions have it
        value = serializer.dumps({"_user_id": token, "_fresh": True, "_permanent": True, "csrf_token": "b" * 40})
    return f"wegmarke={value}"


def form_token(page: str) -> str:
    """Return the form token of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


if __name__ == "__main__":
    main()
