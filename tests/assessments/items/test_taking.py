"""Questions into a bank: versions in their order, in a few statements however many they are."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import event, func, select

from assessments.items.actions import take_questions
from assessments.items.models import Item, ItemVersion
from lms.clock import now
from lms.db import ENGINE, session, transaction
from tests.cast import Cast


def question(key: str, prompt: str) -> dict[str, Any]:
    """Return a question."""
    return {"id": key, "type": "true_false", "prompt": prompt, "explanation": "Darum.", "correct": True}


def test_versions_in_the_order_of_the_questions(cast: Cast) -> None:
    course_id = cast.version.course_id

    def take(*questions: dict[str, Any]) -> list[ItemVersion]:
        with transaction():
            return take_questions(course_id, questions, at=now(), actor=cast.coordinator)

    first = take(question("b", "B"), question("a", "A"), question("b", "B"), question("b", "B anders"))
    assert [(one.item.key, one.number, one.definition["prompt"]) for one in first] == [
        ("b", 1, "B"), ("a", 1, "A"), ("b", 1, "B"), ("b", 2, "B anders"),
    ]  # fmt: skip
    assert first[0] is first[2]
    again = take(question("a", "A"), question("c", "C"), question("b", "B"), question("b", "B anders"))
    assert [(one.item.key, one.number) for one in again] == [("a", 1), ("c", 1), ("b", 3), ("b", 4)]
    assert again[0].id == first[1].id
    assert {one.created_by_id for one in again} == {cast.coordinator.id}
    assert take() == []


def test_many_are_as_few_statements_as_one(app: Flask, cast: Cast) -> None:
    counts = []
    engine = app.extensions[ENGINE]
    for many in (1, 300):
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_more: Any, kept: list[str] = statements) -> None:
            kept.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            with transaction():
                take_questions(
                    cast.version.course_id, [question(f"n-{many}-{n}", "x") for n in range(many)], at=now(), actor=None
                )
        finally:
            event.remove(engine, "before_cursor_execute", note)
        counts.append(len(statements))
    assert session.scalar(select(func.count()).select_from(Item)) == 301
    assert counts[1] <= counts[0] + 2
