"""A text that was kept over a new sign-in, handed in: nothing says any more that it is still to be sent."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from assessments.assignments.models import Assignment
from assessments.quizzes.models import Quiz
from courses.cohorts.models import Enrolment
from lms.clock import now
from lms.db import session, transaction
from lms.kept_forms.actions import keep_form
from lms.kept_forms.models import KeptForm
from lms.signin.actions import set_password
from tests.cast import NOW, Cast, signed_in
from tests.lms.test_kept_forms import PASSWORD, sign_in_again

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


@pytest.mark.parametrize("text", ["Mein Konzept", ""])
def test_the_notice_leads_to_the_form_and_says_that_files_are_chosen_again(
    text: str, app: Flask, cast: Cast, quiz: tuple[Quiz, Enrolment]
) -> None:
    path = f"/learn/{quiz[1].id}/assignments/{session.scalars(select(Assignment)).one().activity_id}"
    with transaction():
        set_password(cast.participant, PASSWORD, actor=None, at=now())
    client = app.test_client()
    refused = client.post(path, data={"text": text, "files": (BytesIO(b"%PDF"), "konzept.pdf"), "do": "submit"})
    page = client.get(sign_in_again(client, refused.text, cast.participant.email)).text
    for said in (refused.text, page):
        assert "Dateien wählen Sie bitte noch einmal aus" in said
        assert ("hr Text ist noch da" in said) == bool(text)
    assert '<a class="kern-link" href="#text">Zum Formular</a>' in page
    assert re.search(r'<textarea[^>]* id="text"', page)


def test_where_no_file_was_chosen_nothing_is_said_of_files(
    app: Flask, cast: Cast, quiz: tuple[Quiz, Enrolment]
) -> None:
    path = f"/learn/{quiz[1].id}/assignments/{session.scalars(select(Assignment)).one().activity_id}"
    sent = {"text": "Mein Konzept", "files": (BytesIO(), ""), "do": "submit", "csrf_token": "alt"}
    client = signed_in(app, cast.participant)
    page = client.get(client.post(path, data=sent).location).text
    assert UNSENT in page
    assert "noch einmal aus" not in page
