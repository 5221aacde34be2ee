"""Taking a quiz in tests, through the product's own actions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from assessments.attempts.actions import save_response, start_attempt, submit_attempt
from assessments.attempts.models import Attempt
from assessments.attempts.queries import get_state
from assessments.items.queries import get_item_versions
from assessments.quizzes.models import Quiz
from certificates.demo.answers import right_response, wrong_response
from courses.cohorts.models import Enrolment
from courses.content.models import Activity
from lms.clock import now
from lms.db import session, transaction
from lms.people.models import Person


def answer_all(attempt: Attempt, *, right: bool) -> None:
    """Answer every question of an attempt."""
    slots = get_state(attempt).slots
    versions = get_item_versions([slot.item_version_id for slot in slots])
    for number, slot in enumerate(slots):
        version = versions[slot.item_version_id]
        made = (right_response if right else wrong_response)(version.type, version.definition)
        save_response(attempt, number, made, at=now())


def take(quiz: Quiz, enrolment: Enrolment, *, right: bool) -> Attempt:
    """Take the quiz from start to end."""
    with transaction():
        attempt = start_attempt(quiz, enrolment, actor=enrolment.person, at=now())
        answer_all(attempt, right=right)
        submit_attempt(attempt, actor=enrolment.person, at=now())
    return attempt


def hand_in(email: str, answers: dict[str, dict[str, Any]]) -> None:
    """Hand in an attempt at the first quiz of a person's newest cohort with these answers, by type; the others stay open."""
    query = select(Enrolment).join(Person).where(Person.email == email).order_by(Enrolment.id.desc())
    enrolment = session.scalars(query).first()
    assert enrolment is not None
    quiz = session.scalars(select(Quiz).join(Activity).where(Activity.version_id == enrolment.cohort.version_id)).first()
    assert quiz is not None
    attempt = start_attempt(quiz, enrolment, actor=enrolment.person, at=now())
    slots = get_state(attempt).slots
    versions = get_item_versions([slot.item_version_id for slot in slots])
    for number, slot in enumerate(slots):
        if (answer := answers.get(versions[slot.item_version_id].type)) is not None:
            save_response(attempt, number, answer, at=now())
    submit_attempt(attempt, actor=enrolment.person, at=now())
