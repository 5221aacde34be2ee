"""What is written into the log, and comes back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from assessments.attempts.actions import start_attempt
from assessments.attempts.log import append
from assessments.attempts.queries import get_state, list_steps
from assessments.attempts.rules import Step
from assessments.quizzes.models import Quiz
from courses.cohorts.models import Enrolment
from lms.clock import now
from lms.db import session
from tests.cast import Cast


@pytest.mark.parametrize(
    ("response", "written"),
    [
        ({"text": "Straße, ćčěł"}, '{"response":{"text":"Straße, ćčěł"}}'),
        ({"pairs": [[1, 0], [0, 2]]}, '{"response":{"pairs":[[1,0],[0,2]]}}'),
        ({"text": 'Zeile\n"und" \\ \0'}, '{"response":{"text":"Zeile\\n\\"und\\" \\\\ \\u0000"}}'),
        ({"text": "halb \ud800"}, '{"response":{"text":"halb \\ud800"}}'),
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
