"""The item bank's pages: found, tried, followed through versions and quizzes, taken out of use and brought back."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from assessments.bank.queries import list_uses
from assessments.bank.rules import Filter, changed_keys, matches
from assessments.items.actions import take_questions
from assessments.items.models import Item
from assessments.quizzes.models import Quiz
from assessments.statistics.jobs import count_statistics
from courses.cohorts.models import CohortTrainer, Enrolment
from lms.audit.models import AuditEntry
from lms.clock import now
from lms.db import ENGINE, session, transaction
from tests.assessments.taking import take
from tests.cast import Cast, signed_in

Stage = tuple[Quiz, Enrolment]


@pytest.fixture
def coordinator(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The coordinator's browser."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return signed_in(app, cast.coordinator)


def item(key: str) -> Item:
    """Return an item by its key."""
    return session.scalars(select(Item).where(Item.key == key)).one()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), True),
        (Filter(search="weg BEGINNT"), True),
        (Filter(search="an-01"), True),
        (Filter(search="weg fehlt"), False),
        (Filter(tag="anfang"), True),
        (Filter(tag="ende"), False),
        (Filter(type="single_choice"), True),
        (Filter(type="gaps"), False),
        (Filter(difficulty=1), True),
        (Filter(difficulty=3), False),
        (Filter(state="retired"), False),
        (Filter(state="all"), True),
        (Filter(state="unexplained"), False),
    ],
)
def test_what_a_filter_finds(wanted: Filter, found: bool) -> None:
    definition: dict[str, Any] = {
        "prompt": "Womit beginnt ein Weg?", "explanation": "Mit dem Schritt.", "tags": ["anfang"], "difficulty": 1,
    }  # fmt: skip
    assert matches(wanted, "an-01", "single_choice", definition, retired=False) is found


def test_what_has_changed() -> None:
    assert changed_keys({"prompt": "a", "tags": ["x"]}, {"prompt": "b", "points": 2}) == ["prompt", "points", "tags"]


def test_the_list_is_searched_and_a_question_tried(cast: Cast, quiz: Stage, coordinator: FlaskClient) -> None:
    slug = quiz[0].activity.version.course.slug
    page = coordinator.get(f"/bank/{slug}?q=beginnt").text
    assert "Womit beginnt ein Weg?" in page
    assert "Ein Amt verwaltet" not in page
    assert "Nichts gefunden" in coordinator.get(f"/bank/{slug}?q=gibtesnicht").text
    path = f"/bank/items/{item('an-01').id}"
    assert "von 1 Punkt" not in coordinator.get(path).text
    right = coordinator.post(path, data={"answer": "0"}).text
    assert "1 von 1 Punkt" in right
    assert "Mit dem ersten Schritt." in right
    wrong = coordinator.post(path, data={"answer": "1"}).text
    assert "0 von 1 Punkt" in wrong
    assert "Das ist das Ende." in wrong


def test_history_and_use(cast: Cast, quiz: Stage, coordinator: FlaskClient) -> None:
    take(*quiz, right=True)
    count_statistics()
    found = item("an-02")
    changed = {"id": "an-02", "type": "true_false", "prompt": "Ganz anders?", "explanation": "Ja.", "correct": True}
    with transaction():
        take_questions(found.course_id, [changed], at=now(), actor=cast.coordinator)
    page = coordinator.get(f"/bank/items/{found.id}").text
    assert "Ganz anders?" in page
    assert "Geändert:" in page
    assert quiz[0].activity.title in page
    assert [use.asked for use in list_uses(found)] == [1]
    old = coordinator.get(f"/bank/items/{found.id}?version=1").text
    assert "Ein Amt verwaltet mehrere Gemeinden." in old
    assert "nicht die neueste" in old
    assert coordinator.get(f"/bank/items/{found.id}?version=7").status_code == 404


def test_retired_and_back(cast: Cast, quiz: Stage, coordinator: FlaskClient) -> None:
    found = item("an-01")
    slug = found.course.slug
    for _twice in range(2):
        coordinator.post(f"/bank/items/{found.id}/retire")
    assert "Womit beginnt" not in coordinator.get(f"/bank/{slug}").text
    assert "Womit beginnt" in coordinator.get(f"/bank/{slug}?state=retired").text
    assert take(*quiz, right=True).score_hundredths == 200, "quizzes that have it go on"
    for _twice in range(2):
        coordinator.post(f"/bank/items/{found.id}/restore")
    assert "Womit beginnt" in coordinator.get(f"/bank/{slug}").text
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_type == "items")).all()
    assert sorted(actions) == ["item_restored", "item_retired"]


def test_a_trainer_sees_the_banks_of_their_cohorts_only(
    app: Flask, cast: Cast, quiz: Stage, coordinator: FlaskClient
) -> None:
    found, cohort = item("an-01"), quiz[1].cohort
    trainer = signed_in(app, cast.trainer)
    assert trainer.get(f"/bank/{found.course.slug}").status_code == 404
    assert trainer.get(f"/bank/items/{found.id}").status_code == 404
    with transaction():
        session.add(CohortTrainer(cohort=cohort, person=cast.trainer, assigned_at=now()))
    assert trainer.get(f"/bank/{found.course.slug}").status_code == 200
    assert "Frage stilllegen" not in trainer.get(f"/bank/items/{found.id}").text
    assert trainer.post(f"/bank/items/{found.id}/retire").status_code == 403
    assert signed_in(app, cast.participant).get(f"/bank/items/{found.id}").status_code == 403


def test_the_number_of_queries_does_not_grow(
    cast: Cast, quiz: Stage, coordinator: FlaskClient, count_queries: Any
) -> None:
    course = quiz[0].activity.version.course
    with count_queries() as few:
        coordinator.get(f"/bank/{course.slug}")
    more = [
        {"id": f"m-{number}", "type": "true_false", "prompt": "x", "explanation": "y", "correct": True}
        for number in range(40)
    ]
    with transaction():
        take_questions(course.id, more, at=now(), actor=None)
    with count_queries() as many:
        coordinator.get(f"/bank/{course.slug}")
    assert len(many) <= len(few)


def test_where_it_is_used_takes_no_look_at_the_attempts(app: Flask, cast: Cast, quiz: Stage) -> None:
    """Three queries, and none of them reads logs."""
    take(*quiz, right=True)
    found = item("an-01")
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    engine = app.extensions[ENGINE]
    event.listen(engine, "before_cursor_execute", note)
    try:
        list_uses(found)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(statements) == 3
    assert not [one for one in statements if "attempt_steps" in one or "FROM attempts" in one]
