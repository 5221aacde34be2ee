"""Answers that arrive at the same moment: what is acknowledged is in the log, in one order, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assessments.attempts import actions, log
from assessments.attempts.actions import start_attempt, submit_attempt
from assessments.attempts.models import Attempt, AttemptStep
from assessments.quizzes.models import Quiz
from courses.cohorts.models import Enrolment
from lms.clock import now
from lms.db import ENGINE, begin_writing, session, transaction
from tests.cast import signed_in
from tests.test_races import set_stage
from tests.together import together


@pytest.fixture
def running(own_app: Flask) -> int:
    """The id of an attempt that has just been started."""
    own_app.config["WTF_CSRF_ENABLED"] = False
    with own_app.app_context(), transaction():
        set_stage(1)
        quiz, enrolment = session.scalars(select(Quiz)).one(), session.scalars(select(Enrolment)).one()
        quiz.options = {"shuffle_questions": False, "shuffle_answers": False}
        return start_attempt(quiz, enrolment, actor=enrolment.person, at=now()).id


def browsers(app: Flask, number: int) -> list[FlaskClient]:
    """The devices of the one who takes the quiz."""
    with app.app_context():
        learner = session.scalars(select(Enrolment)).one().person
        return [signed_in(app, learner) for _number in range(number)]


def save(browser: FlaskClient, attempt: int, device: str, answer: str = "0") -> tuple[int, dict[str, Any]]:
    """Send a first answer to the first question, as the page's script does."""
    reply = browser.post(
        f"/attempts/{attempt}/answers/1",
        data={"answer": answer, "device": device, "counter": "1"},
        headers={"Accept": "application/json"},
    )
    return reply.status_code, reply.get_json()


def steps_of(app: Flask) -> list[tuple[int, str, str | None]]:
    """Return place, kind and device of all steps in their order."""
    columns = AttemptStep.sequence, AttemptStep.kind, AttemptStep.device
    with app.app_context():
        return [(place, kind, device) for place, kind, device in session.execute(select(*columns).order_by(columns[0]))]


def test_what_many_devices_send_at_once_is_all_in_the_log(own_app: Flask, running: int) -> None:
    devices = {f"device-{number}": browser for number, browser in enumerate(browsers(own_app, 12))}
    replies = together([partial(save, browser, running, device) for device, browser in devices.items()])
    assert [status for status, _said in replies] == [200] * 12
    steps = steps_of(own_app)
    assert [place for place, _kind, _device in steps] == list(range(13))
    assert {device for _place, _kind, device in steps[1:]} == set(devices)
    assert sorted(said["stamps"]["1"] for _status, said in replies) == list(range(1, 13))


def test_an_answer_beside_the_handing_in_is_in_time_or_refused(own_app: Flask, running: int) -> None:
    devices = [f"device-{number}" for number in range(8)]
    clients = browsers(own_app, 9)
    calls: list[Callable[[], Any]] = [
        partial(save, browser, running, device) for browser, device in zip(clients, devices, strict=False)
    ]
    calls.insert(4, lambda: (clients[-1].post(f"/attempts/{running}/submit").status_code, {}))
    statuses = [status for status, _said in together(calls)]
    handed_in = statuses.pop(4)
    assert handed_in == 302
    assert set(statuses) <= {200, 409}
    steps = steps_of(own_app)
    assert [place for place, _kind, _device in steps] == list(range(len(steps)))
    assert [kind for _place, kind, _device in steps[-2:]] == ["submitted", "scored"]
    taken = {device for status, device in zip(statuses, devices, strict=True) if status == 200}
    assert {device for _place, kind, device in steps if kind == "answered"} == taken


def interfere(monkeypatch: pytest.MonkeyPatch, where: ModuleType, call: Callable[[], Any]) -> list[Any]:
    """Have another request come to its end once, between what a request reads and what it writes; return what came of it.

    Only on SQLite: PostgreSQL holds the row in question from the first reading.
    """
    done: list[Any] = []

    def begin(*, keep: bool = False) -> bool:
        if not done:
            done.append(None)  # the other request comes by here as well
            with ThreadPoolExecutor(1) as pool:
                done[0] = pool.submit(call).result()
        return begin_writing(keep=keep)

    monkeypatch.setattr(where, "begin_writing", begin)
    return done


@pytest.fixture
def on_sqlite(own_app: Flask) -> None:
    """Leave out what cannot happen on PostgreSQL."""
    if own_app.extensions[ENGINE].dialect.name != "sqlite":
        pytest.skip("PostgreSQL holds the row from its first reading.")


@pytest.mark.usefixtures("on_sqlite")
def test_an_answer_between_reading_and_writing_is_heeded(
    own_app: Flask, running: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, laptop = browsers(own_app, 2)
    other = interfere(monkeypatch, log, lambda: save(laptop, running, "laptop", "1"))
    status, said = save(phone, running, "phone", "0")
    assert other[0][0] == status == 200
    assert steps_of(own_app) == [(0, "started", None), (1, "answered", "laptop"), (2, "answered", "phone")]
    assert said["stamps"] == {"1": 2}


@pytest.mark.usefixtures("on_sqlite")
def test_a_handing_in_between_reading_and_writing_is_heeded(
    own_app: Flask, running: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, laptop = browsers(own_app, 2)
    other = interfere(monkeypatch, log, lambda: laptop.post(f"/attempts/{running}/submit").status_code)
    status, said = save(phone, running, "phone", "0")
    assert other == [302]
    assert status == 409
    assert "abgegeben" in said["error"]["message"]
    assert [kind for _place, kind, _device in steps_of(own_app)] == ["started", "submitted", "scored"]


@pytest.mark.usefixtures("on_sqlite")
@pytest.mark.parametrize("ended_by", ["handing in", "time"])
def test_a_start_between_reading_and_writing_is_heeded(
    own_app: Flask, running: int, monkeypatch: pytest.MonkeyPatch, ended_by: str
) -> None:
    with own_app.app_context(), transaction():
        attempt = session.get_one(Attempt, running)
        address = f"/learn/{attempt.enrolment_id}/quizzes/{attempt.quiz_id}/attempts"
        if ended_by == "handing in":
            submit_attempt(attempt, actor=attempt.enrolment.person, at=now())
        else:
            attempt.due_at = now() - timedelta(hours=1)
    phone, laptop = browsers(own_app, 2)
    other = interfere(monkeypatch, actions, lambda: laptop.post(address).location)
    assert phone.post(address).location == other[0]
    with own_app.app_context():
        assert session.scalars(select(Attempt.number).order_by(Attempt.number)).all() == [1, 2]
        kinds = session.scalars(select(AttemptStep.kind).where(AttemptStep.attempt_id == running)).all()
        assert kinds == ["started", "submitted", "scored"]
