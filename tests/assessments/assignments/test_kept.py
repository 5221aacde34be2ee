"""A text that was kept over a new sign-in, handed in: nothing says any more that it is still to be sent."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from assessments.assignments.models import Assignment
from assessments.quizzes.models import Quiz
from courses.cohorts.models import Enrolment
from lms.db import session, transaction
from lms.kept_forms.actions import keep_form
from lms.kept_forms.models import KeptForm
from tests.cast import NOW, Cast, signed_in

UNSENT = "Es ist noch nicht gesendet"


@pytest.mark.parametrize("do", ["submit", "draft"])
def test_what_was_kept_and_sent_is_forgotten(
    do: str, app: Flask, cast: Cast, quiz: tuple[Quiz, Enrolment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    path = f"/learn/{quiz[1].id}/assignments/{session.scalars(select(Assignment)).one().activity_id}"
    client, person = signed_in(app, cast.participant), cast.participant
    with transaction():
        back = keep_form(person, path, [("text", "Mein Konzept")], at=NOW)
    page = client.get(back).text
    assert UNSENT in page
    assert "Mein Konzept</textarea>" in page
    answer = client.post(back, data={"text": "Mein Konzept", "do": do})
    assert (answer.status_code, answer.location) == (302, path)
    assert session.scalars(select(KeptForm)).all() == []
    for address in (path, back):
        assert UNSENT not in client.get(address).text


def test_a_page_without_the_form_does_not_speak_of_it(
    app: Flask, cast: Cast, quiz: tuple[Quiz, Enrolment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    path = f"/learn/{quiz[1].id}/assignments/{session.scalars(select(Assignment)).one().activity_id}"
    client, person = signed_in(app, cast.participant), cast.participant
    client.post(path, data={"text": "Mein Konzept", "do": "submit"})
    with transaction():  # on another device the sign-in had expired
        back = keep_form(person, path, [("text", "Zu spät")], at=NOW)
    page = client.get(back).text
    assert UNSENT not in page
    assert "<textarea" not in page
