"""A result that waits for a mark is said to wait, wherever somebody looks for it."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from assessments.bank.queries import count_asked
from assessments.items.models import Item
from assessments.statistics.jobs import count_statistics
from lms.db import session, transaction
from tests.assessments.marking.conftest import Stage
from tests.assessments.marking.test_marking import mark, take
from tests.cast import Cast, signed_in

WAITS = "wartet auf Bewertung"


def test_every_page_says_what_waits(app: Flask, cast: Cast, stage: Stage) -> None:
    quiz, enrolment = stage
    learner, trainer, office = (signed_in(app, one) for one in (cast.participant, cast.trainer, cast.coordinator))
    own, book = f"/learn/{enrolment.id}/quizzes/{quiz.activity_id}", f"/cohorts/{enrolment.cohort_id}/grades"
    readiness = f"/cohorts/{enrolment.cohort_id}/readiness"
    before = learner.get(own).text
    assert "Einige Antworten bewerten Ihre Trainerinnen und Trainer" in before, "it is said before one starts"
    assert WAITS not in trainer.get(book).text
    with transaction():
        quiz.max_attempts = None
    attempt = take(stage)
    assert WAITS in learner.get(own).text
    assert WAITS in trainer.get(book).text
    assert WAITS in trainer.get(f"/cohorts/{enrolment.cohort_id}/quizzes/{quiz.activity_id}").text
    waiting = office.get(readiness).text
    assert "Ein Quiz wartet auf Bewertung" in waiting
    assert "/grading" in waiting
    assert "Sie warten auf Bewertung durch Ihre Trainerinnen und Trainer" in learner.get("/certificates").text
    mark(attempt, cast, 100)
    for page in (learner.get(own), trainer.get(book), office.get(readiness), learner.get("/certificates")):
        assert WAITS not in page.text
    take(stage)
    assert WAITS in trainer.get(book).text, "beside the grade that stands"


def test_a_first_attempt_that_waits_for_a_mark_has_not_asked_anything_yet(cast: Cast, stage: Stage) -> None:
    quiz, _enrolment = stage
    attempt = take(stage)
    item_id = session.scalars(select(Item.id).order_by(Item.id)).first() or 0
    count_statistics()
    session.expire_all()
    assert count_asked([quiz.activity_id], item_id) == {quiz.activity_id: 0}
    mark(attempt, cast, 100)
    count_statistics()
    session.expire_all()
    assert count_asked([quiz.activity_id], item_id) == {quiz.activity_id: 1}
