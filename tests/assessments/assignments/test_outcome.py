"""What a grade comes to, and why it does not pass: said to who handed in and to who grades."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from assessments.assignments.models import Assignment, Submission
from assessments.assignments.rules import due_date, judge, shortfalls
from assessments.quizzes.models import Quiz
from courses.cohorts.models import CohortTrainer, Enrolment
from lms.db import session, transaction
from lms.frame.filters import say
from tests.cast import NOW, Cast, signed_in

CRITERIA: list[dict[str, Any]] = [{"id": one, "title": one.title(), "levels": list("01234")} for one in ("ziel", "weg")]


@pytest.mark.parametrize(
    ("ziel", "weg", "said"),
    [
        (2, 3, []),
        (1, 2, ["Nötig sind mindestens 5 Punkte; es sind 3."]),
        (4, 0, ["Nötig sind mindestens 5 Punkte; es sind 4.", "Jedes Kriterium braucht mindestens 1 Punkt. Zu wenig bei: Weg."]),
        (0, 0, ["Nötig sind mindestens 5 Punkte; es sind 0.",
                "Jedes Kriterium braucht mindestens 1 Punkt. Zu wenig bei: Ziel, Weg."]),
    ],
)  # fmt: skip
def test_what_does_not_pass_has_its_reason(app: Flask, ziel: int, weg: int, said: list[str]) -> None:
    points = {"ziel": ziel, "weg": weg}
    marks = judge(CRITERIA, points, 5, 1)
    found = shortfalls(CRITERIA, points, 5, 1)
    assert marks is not None
    assert marks.passed is not bool(found)
    with app.test_request_context():
        assert [say(one) for one in found] == said


def test_one_criterion_at_nothing_is_reason_enough(app: Flask) -> None:
    found = shortfalls(CRITERIA, {"ziel": 4, "weg": 0}, 4, 1)
    with app.test_request_context(), force_locale("en"):
        assert [say(one) for one in found] == ["Each criterion needs at least 1 point. Too few for: Weg."]


def test_the_day_is_counted_from_the_cohorts_end() -> None:
    assert due_date(date(2027, 3, 10), {"due_days_before_end": 14}) == date(2027, 2, 24)
    assert due_date(date(2027, 3, 10), {}) is None


def test_both_read_what_it_came_to_and_why(
    app: Flask, cast: Cast, quiz: tuple[Quiz, Enrolment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    enrolment = quiz[1]
    assignment = session.scalars(select(Assignment)).one()
    with transaction():
        assignment.options = {**assignment.options, "due_days_before_end": 14}
        session.add(CohortTrainer(cohort_id=enrolment.cohort_id, person_id=cast.trainer.id, assigned_at=NOW))
        end = enrolment.cohort.end_date
    learner, path = signed_in(app, cast.participant), f"/learn/{enrolment.id}/assignments/{assignment.activity_id}"
    page = learner.get(path).text
    with app.test_request_context():
        assert (
            f"Bitte geben Sie bis zum {app.jinja_env.filters['date_text'](due_date(end, {'due_days_before_end': 14}))} ab."
            in page
        )
    assert 'href="#hand-in"' in page
    assert 'id="hand-in"' in page
    learner.post(path, data={"text": "Mein Konzept", "do": "submit"})
    [submission] = session.scalars(select(Submission)).all()
    assert "abgegeben, wird bewertet" in learner.get(f"/learn/{enrolment.id}").text
    assert f'href="{path}"' not in learner.get("/").text, "what is being graded is no next step"
    trainer = signed_in(app, cast.trainer)
    grading = f"/submissions/{submission.id}"
    saved = trainer.post(grading, data={"criterion_bedarf": "0", "comment": "Fast."}, follow_redirects=True).text
    reasons = (
        "Nötig sind mindestens 2 Punkte; es sind 0.",
        "Jedes Kriterium braucht mindestens 1 Punkt. Zu wenig bei: Bedarf.",
    )
    for text in ("0 von 4 Punkten, noch nicht bestanden.", *reasons):
        assert text in saved
    for text in reasons:
        assert text in trainer.get(grading).text, "in the ledger"
        assert text in learner.get(path).text
    start = learner.get("/").text
    assert "zurück an Sie: bitte überarbeiten" in start
    assert f'href="{path}"' in start, "the next step"
    assert "Die Aufgabe noch einmal lesen" in learner.get(path).text, "what was handed in stands before the long task"
