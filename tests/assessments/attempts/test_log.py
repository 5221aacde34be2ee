"""What is written into the log, and comes back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from assessments.attempts.actions import start_attempt
from assessments.attempts.log import append
from assessments.attempts.queries import get_state, list_steps, list_steps_by_attempt
from assessments.attempts.rules import State, Step
from assessments.quizzes.models import Quiz
from courses.cohorts.models import Enrolment
from lms.clock import now
from lms.db import session
from tests.cast import Cast


@pytest.mark.parametrize(
    ("response", "written"),
    [
        ({"text": "Straße, ćčěł"}, '[{"text":"Straße, ćčěł"}]'),
        ({"pairs": [[1, 0], [0, 2]]}, '[{"pairs":[[1,0],[0,2]]}]'),
        ({"text": 'Zeile\n"und" \\ \0'}, '[{"text":"Zeile\\n\\"und\\" \\\\ \\u0000"}]'),
        ({"text": "halb \ud800"}, '[{"text":"halb \\ud800"}]'),
    ],
)
def test_an_answer_is_written_without_spaces_and_read_again(
    cast: Cast, quiz: tuple[Quiz, Enrolment], response: dict[str, Any], written: str
) -> None:
    attempt = start_attempt(*quiz, actor=cast.participant, at=now())
    append(attempt.id, get_state(attempt), Step("answered", now(), 0, payload={"response": response}))
    query = text("SELECT CAST(payload AS TEXT) FROM attempt_steps WHERE attempt_id = :id AND sequence = 1")
    assert session.scalar(query, {"id": attempt.id}) == written
    assert list_steps(attempt)[1].payload == {"response": response}


@pytest.mark.parametrize(
    "payload", [{"response": None}, {"edit": [0, 1, "x"]}, {"response": {"choice": 1}, "age": 7}, {"response": [1]}]
)
def test_whatever_an_answer_says_is_read_as_it_was_written(
    cast: Cast, quiz: tuple[Quiz, Enrolment], payload: dict[str, Any]
) -> None:
    attempt = start_attempt(*quiz, actor=cast.participant, at=now())
    append(attempt.id, State(length=1), Step("answered", now(), 0, payload=payload))
    assert list_steps(attempt)[1].payload == payload


def test_a_device_is_written_once_and_read_with_every_answer(cast: Cast, quiz: tuple[Quiz, Enrolment]) -> None:
    attempt = start_attempt(*quiz, actor=cast.participant, at=now())
    devices = ["here", "here", None, "here", "there", "there", "here"]
    for number, device in enumerate(devices):
        counter = None if device is None else number
        step = Step("answered", now(), number % 2, device, counter, {"response": {"choice": number % 2}})
        append(attempt.id, get_state(attempt), step)
    append(attempt.id, get_state(attempt), Step("flagged", now(), 0, payload={"flag": True}))
    query = text("SELECT device FROM attempt_steps WHERE attempt_id = :id AND kind = 'a' ORDER BY sequence")
    assert list(session.scalars(query, {"id": attempt.id})) == ["here", "", None, "", "there", "", "here"]
    log = list_steps(attempt)
    assert [step.device for step in log[1:-1]] == devices
    assert list_steps_by_attempt([attempt.id])[attempt.id] == log
