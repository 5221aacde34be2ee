"""Two devices on one attempt, as the page's script talks to the server: who was overtaken is told so."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

import assessments
from assessments.attempts.actions import check_answer, start_attempt, submit_attempt
from assessments.attempts.models import Attempt, AttemptStep
from assessments.attempts.queries import get_state, list_steps
from assessments.attempts.rules import AttemptReason, Step, fold, next_flag
from assessments.quizzes.models import Quiz
from courses.cohorts.models import Enrolment
from lms.clock import now
from lms.db import session, transaction
from tests.cast import Cast, signed_in


class Line:
    """The participant's devices, and the question that takes one of several answers."""

    def __init__(self, client: Any, attempt: Attempt) -> None:
        self.client, self.attempt = client, attempt

    def send(self, device: str, counter: int, answer: str, **more: str) -> dict[str, Any]:
        """Send an answer and return the reply."""
        reply = self.client.post(
            f"/attempts/{self.attempt.id}/answers/1",
            data={"answer": answer, "device": device, "counter": str(counter), **more},
            headers={"Accept": "application/json"},
        )
        assert reply.status_code == 200
        found: dict[str, Any] = reply.get_json()
        assert found["saved"] is True
        return found

    def stands(self) -> dict[str, Any] | None:
        """Return the answer that stands."""
        session.expire_all()
        return get_state(self.attempt).responses[0]


@pytest.fixture
def line(app: Flask, cast: Cast, quiz: tuple[Quiz, Enrolment], monkeypatch: pytest.MonkeyPatch) -> Line:
    """A running attempt."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    with transaction():
        quiz[0].options = {"shuffle_questions": False, "shuffle_answers": False}
        attempt = start_attempt(*quiz, actor=cast.participant, at=now())
    return Line(signed_in(app, cast.participant), attempt)


def test_a_repeated_answer_that_was_overtaken_is_stale(line: Line) -> None:
    assert "stale" not in line.send("phone", 5, "0")
    first = line.stands()
    newer = line.send("desk", 1, "1")
    assert "stale" not in newer
    assert line.stands() != first
    again = line.send("phone", 5, "0")  # the reply had got lost
    assert again["stale"] is True
    assert again["stamps"] == newer["stamps"], "the page learns which answer stands, and fetches it"
    assert line.stands() != first


def test_an_old_answer_that_arrives_late_is_stale_and_changes_nothing(line: Line) -> None:
    line.send("phone", 5, "0")
    standing, length = line.stands(), get_state(line.attempt).length
    assert line.send("phone", 4, "1")["stale"] is True, "its own newer answer stands"
    line.send("desk", 9, "1")
    for counter in (3, 4, 5):
        assert line.send("phone", counter, "0")["stale"] is True
    assert line.stands() != standing
    assert get_state(line.attempt).length == length + 1, "nothing of it is in the log"
    assert "stale" not in line.send("phone", 6, "0"), "a new answer is not"
    assert line.stands() == standing
    assert line.send("desk", 9, "1")["stale"] is True


def test_what_waited_on_a_device_does_not_take_the_place_of_a_later_answer(cast: Cast, line: Line) -> None:
    with transaction():
        session.execute(update(AttemptStep).values(at=now() - timedelta(minutes=20)))
    newer = line.send("desk", 1, "1")
    standing = line.stands()
    lost = line.send("phone", 1, "0", age="300", upon="0")
    assert lost["stale"] is True
    assert lost["stamps"] == newer["stamps"], "the page learns which answer stands, and fetches it"
    assert line.stands() == standing
    staff = signed_in(line.client.application, cast.coordinator)
    log = staff.get(f"/attempts/{line.attempt.id}/log")
    assert "ohne Verbindung beantwortet" in log.text
    assert log.text.count("vor der geltenden Antwort") == 1
    saw = line.send("phone", 2, "0", age="300", upon=str(newer["stamps"]["1"]))
    assert "stale" not in saw, "who saw the other answer wrote after it"
    assert line.stands() != standing
    for age in ("-1", "x", "9" * 30, "2147483647", ""):
        line.send("phone", 3, "1", age=age, upon=age)


def test_an_age_opens_nothing_that_is_closed(line: Line) -> None:
    with transaction():
        line.attempt.due_at = now() - timedelta(seconds=21)
    refused = line.client.post(
        f"/attempts/{line.attempt.id}/answers/1",
        data={"answer": "0", "device": "phone", "counter": "1", "age": "3600"},
        headers={"Accept": "application/json"},
    )
    assert refused.status_code == 409
    assert refused.get_json()["error"]["code"] == "time_over"


def test_what_the_buttons_of_a_question_ask_for_is_done_beside_the_answers(line: Line) -> None:
    def press(status: int, **posted: str) -> Any:
        reply = line.client.post(f"/attempts/{line.attempt.id}/pressed", data=posted, headers={"Accept": "application/json"})
        assert reply.status_code == status
        session.expire_all()
        return reply.get_json()

    line.send("phone", 1, "1")
    standing = line.stands()
    for button, expected in (("flag", {0}), ("flag", {0}), ("unflag", set()), ("unflag", set())):
        assert press(200, **{button: "1"}).items() >= {"number": 1, "answered": [1]}.items()
        assert get_state(line.attempt).flagged == expected
    assert press(200, check="1")["number"] == 1
    assert get_state(line.attempt).checked == {0}
    assert line.stands() == standing
    for posted in ({"flag": "99"}, {"flag": "x"}, {"answer": "0"}, {}):
        press(404, **posted)
    with transaction():
        submit_attempt(line.attempt, actor=line.attempt.enrolment.person, at=now())
    assert press(409, flag="1")["error"]["code"] == "submitted"


def test_a_devices_flags_count_in_its_order_however_they_arrive(line: Line) -> None:
    def flag(name: str, counter: int, device: str = "phone") -> set[int]:
        posted = {name: "1", "device": device, "counter": str(counter)}
        assert line.client.post(f"/attempts/{line.attempt.id}/pressed", data=posted).status_code == 200
        session.expire_all()
        return get_state(line.attempt).flagged

    assert flag("flag", 3) == flag("flag", 3) == {0}
    assert flag("unflag", 5) == set()
    assert flag("flag", 4) == flag("flag", 3) == set(), "what comes late stays behind"
    assert flag("unflag", 7) == flag("flag", 6) == set(), "also behind one that had nothing to take away"
    assert flag("flag", 1, device="desk") == {0}
    length = get_state(line.attempt).length
    assert flag("flag", 1, device="desk") == {0}
    assert get_state(line.attempt).length == length
    line.send("phone", 2, "1")
    assert get_state(line.attempt).responses[0] is not None, "answers have an order of their own"


def test_of_two_devices_the_later_flag_stands_not_the_later_arrival(line: Line) -> None:
    def flag(name: str, device: str, counter: int, **more: str) -> set[int]:
        posted = {name: "1", "device": device, "counter": str(counter), **more}
        reply = line.client.post(f"/attempts/{line.attempt.id}/pressed", data=posted)
        assert reply.status_code == 200
        assert reply.get_json()["number"] == 1, "answered as saved, whatever became of it"
        session.expire_all()
        return get_state(line.attempt).flagged

    with transaction():
        session.execute(update(AttemptStep).values(at=now() - timedelta(minutes=20)))
    assert flag("flag", "desk", 1, age="60") == {0}
    length = get_state(line.attempt).length
    assert flag("unflag", "phone", 1, age="300") == flag("unflag", "phone", 1, age="301") == {0}, "set before the desk's"
    assert get_state(line.attempt).length == length, "what lost is no step"
    assert flag("unflag", "phone", 2, age="30") == set(), "set after the desk's, though it waited as well"
    assert flag("flag", "desk", 2, age="45") == set()
    assert flag("flag", "phone", 3, age="300") == {0}, "of one device its own order counts, whatever its clock says"
    assert flag("unflag", "desk", 3, age="9999") == {0}, "nothing is older than the attempt"
    assert flag("unflag", "desk", 4) == set()
    log = list_steps(line.attempt)
    assert [step.payload for step in log[1:]] == [
        {"flag": True, "age": 60}, {"flag": False, "age": 30}, {"flag": True, "age": 300}, {"flag": False}
    ]  # fmt: skip
    assert fold(log).flagged == set()


def test_steps_of_flags_from_before_they_had_an_age_end_as_they_did(line: Line) -> None:
    kept = [Step("flagged", now(), 0, device, 1, {"flag": flag}) for device, flag in (("desk", True), ("phone", False))]
    assert fold([*list_steps(line.attempt), *kept]).flagged == set()
    assert next_flag(fold([*list_steps(line.attempt), *kept]), 0, "desk", 2, now(), flag=True) is not None


def test_its_own_answer_repeated_is_not_stale(line: Line) -> None:
    line.send("phone", 5, "0")
    assert "stale" not in line.send("phone", 5, "0")


def test_a_stale_answer_is_taken_from_the_queue_also_after_the_closing(line: Line) -> None:
    line.send("phone", 5, "0")
    line.send("desk", 1, "1")
    with transaction():
        submit_attempt(line.attempt, actor=line.attempt.enrolment.person, at=now())
    assert line.send("phone", 5, "0")["stale"] is True, "it had arrived in time: nothing of it is lost"
    refused = line.client.post(
        f"/attempts/{line.attempt.id}/answers/1",
        data={"answer": "0", "device": "phone", "counter": "6"},
        headers={"Accept": "application/json"},
    )
    assert refused.status_code == 409
    assert refused.get_json()["error"]["code"] == "submitted"


def test_the_script_tells_a_closed_attempt_from_an_answer_that_was_refused(cast: Cast, line: Line) -> None:
    """It keeps an answer only when the attempt may be opened again: by the codes of what is refused."""
    script = (Path(assessments.__file__).parent / "attempts/assets/attempt/sending.js").read_text("utf-8")
    closed = json.loads((re.search(r"const CLOSED = (\[.*?\]);", script) or pytest.fail("no CLOSED"))[1])
    assert closed == [AttemptReason.SUBMITTED, AttemptReason.TIME_OVER, AttemptReason.VOIDED]

    def code(counter: int) -> str:
        reply = line.client.post(
            f"/attempts/{line.attempt.id}/answers/1",
            data={"answer": "1", "device": "x", "counter": str(counter)},
            headers={"Accept": "application/json"},
        )
        assert reply.status_code == 409
        return str(reply.get_json()["error"]["code"])

    line.send("x", 1, "0")
    with transaction():
        check_answer(line.attempt, 0, at=now())
    assert code(2) not in closed
    with transaction():
        submit_attempt(line.attempt, actor=cast.participant, at=now())
    assert code(3) in closed
