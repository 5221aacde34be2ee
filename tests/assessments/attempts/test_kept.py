"""An answer that was sent with an expired sign-in, without JavaScript: it comes back, says that it is not saved, and is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assessments.attempts.actions import save_response, start_attempt, submit_attempt
from assessments.attempts.models import Attempt
from assessments.attempts.queries import get_state
from assessments.items.models import ItemVersion
from assessments.quizzes.models import Quiz
from courses.archive.actions import import_course
from courses.cohorts.actions import create_cohort, enrol_person
from lms.clock import now
from lms.db import session, transaction
from lms.kept_forms.actions import keep_form
from lms.kept_forms.models import KeptForm
from tests.assessments.twelve import twelve_types
from tests.cast import NOW, Cast, signed_in

NOT_SAVED = "Sie ist wieder eingetragen, aber noch nicht gespeichert."
#: What a page without JavaScript sends, and what stands when it arrives.
SENT: dict[str, tuple[dict[str, str], Any]] = {
    "single_choice": ({"{}": "1"}, {"choice": 1}),
    "multiple_choice": ({"{}": "1"}, {"choices": [1]}),
    "short_text": ({"{}": "Zweckverband"}, {"text": "Zweckverband"}),
    "essay": ({"{}": "Mein langer Text"}, {"text": "Mein langer Text"}),
    "matching": ({"{}-0": "1", "{}-1": "0"}, None),
    "ordering": ({"{}-0": "1", "{}-1": "0"}, None),
    "categorising": ({"{}-0": "1"}, None),
    "gaps": ({"{}-a": "Amt"}, None),
}


def begin(cast: Cast, settings: str = "") -> Attempt:
    """Let the participant begin a quiz of all types."""
    with transaction():
        version = import_course(twelve_types(settings), actor=cast.coordinator, at=now()).version
        cohort = create_cohort(version, slug="arten", title="Arten", begin_date=NOW.date(),
                               end_date=now().date() + timedelta(30), seats=9, zone="Europe/Berlin", trainers=[],
                               actor=cast.coordinator, at=now())  # fmt: skip
        enrolment = enrol_person(cohort, cast.participant, municipality_ags=None, actor=cast.coordinator, at=now())
        return start_attempt(session.scalars(select(Quiz)).one(), enrolment, actor=cast.participant, at=now())


def number_of(attempt: Attempt, name: str) -> int:
    """Return which question, from 1, is of this type."""
    slots = get_state(attempt).slots
    types = [session.get_one(ItemVersion, slot.item_version_id).type for slot in slots]
    return types.index(name) + 1


def kept(cast: Cast, path: str, fields: dict[str, str]) -> str:
    """Keep what was sent with an expired sign-in, and return where it comes back."""
    with transaction():
        return keep_form(cast.participant, path, [*fields.items(), ("go", "next")], at=now())


@pytest.fixture
def learner(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The participant's browser."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return signed_in(app, cast.participant)


def test_an_answer_of_any_type_comes_back_and_is_saved(cast: Cast, learner: FlaskClient) -> None:
    attempt = begin(cast)
    for name, (fields, expected) in SENT.items():
        number = number_of(attempt, name)
        path = f"/attempts/{attempt.id}/questions/{number}"
        assert NOT_SAVED not in learner.get(path).text
        sent = {key.format("answer"): value for key, value in fields.items()}
        back = kept(cast, path, sent)
        page = learner.get(back).text
        assert NOT_SAVED in page, name
        assert "Noch nicht gespeichert" in page
        assert get_state(attempt).responses.get(number - 1) is None, "looking saves nothing"
        learner.post(path, data=sent | {"go": "next"})
        session.expire_all()
        standing = get_state(attempt).responses[number - 1]
        assert standing == expected or expected is None
        assert session.scalars(select(KeptForm)).all() == []
        assert NOT_SAVED not in learner.get(back).text


def test_on_one_page_each_question_gets_its_own(cast: Cast, learner: FlaskClient) -> None:
    attempt = begin(cast, 'layout = "one_page"')
    single, text = number_of(attempt, "single_choice"), number_of(attempt, "short_text")
    with transaction():
        save_response(attempt, single - 1, {"choice": 1}, at=now())
    path = f"/attempts/{attempt.id}/questions"
    page = learner.get(kept(cast, path, {f"q{single}": "1", f"q{text}": "Wabe <1>"})).text
    assert page.count(NOT_SAVED) == 1, "what stands already is saved"
    assert 'value="Wabe &lt;1&gt;"' in page


def test_the_script_saves_it_once(cast: Cast, learner: FlaskClient) -> None:
    attempt = begin(cast)
    number = number_of(attempt, "short_text")
    back = kept(cast, f"/attempts/{attempt.id}/questions/{number}", {"answer": "Erst"})
    assert " data-unsaved" in learner.get(back).text
    sent = {"answer": "Erst", "restored": "1", "device": "d", "counter": "1"}
    assert learner.post(f"/attempts/{attempt.id}/answers/{number}", data=sent).status_code == 200
    learner.post(f"/attempts/{attempt.id}/answers/{number}", data={"answer": "Dann", "device": "d", "counter": "2"})
    page = learner.get(back).text
    assert 'value="Dann"' in page
    assert " data-unsaved" not in page


def test_what_comes_too_late_is_said(cast: Cast, learner: FlaskClient) -> None:
    attempt = begin(cast)
    back = kept(cast, f"/attempts/{attempt.id}/questions/1", {"answer": "1"})
    with transaction():
        submit_attempt(attempt, actor=None, at=now())
    page = learner.get(back, follow_redirects=True).text
    assert "Was Sie zuletzt gesendet hatten, konnte nicht mehr gespeichert werden." in page
