"""One-time links: asked for, sent once, used once."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from lms.clock import now
from lms.db import session, transaction
from lms.mail.models import OutboxMail
from lms.signin.actions import make_link, set_password
from lms.signin.jobs import answer_link_requests, forget_sign_in_traces
from lms.signin.mail import queue_invitation_mail
from lms.signin.models import LinkRequest, OneTimeLink
from lms.signin.queries import find_link
from lms.signin.rules import ASKS_ACCOUNT, ASKS_ADDRESS, LINK_STAYS, WINDOW
from tests.cast import Cast, signed_in
from tests.conftest import RecordingQueue
from tests.lms.test_signin import try_password


@pytest.fixture(autouse=True)
def without_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests ask about links; the tokens of forms have tests of their own."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


def test_opening_a_link_does_nothing_and_its_button_works_once(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with transaction():
        token = make_link(cast.participant, "reset", at=now())
    path = f"/password/reset/{token}"
    for _scanner in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert session.scalars(select(OneTimeLink.used_at)).all() == [None]
    assert client.post(path, data={"password": "zu kurz"}).status_code == 422
    assert client.post(path, data={"password": "vier-Pferde-am-Fluss"}).status_code == 302
    assert app.test_client().get(path).status_code == 410
    assert app.test_client().post(path, data={"password": "noch-ein-Passwort-hier"}).status_code == 410


def test_the_invitation_says_of_nobody_that_they_take_a_course(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), transaction():
        queue_invitation_mail(cast.trainer, make_link(cast.trainer, "invitation", at=now()), cast.admin, at=now())
    text = session.scalars(select(OutboxMail.text_body)).one()
    assert "weil für diese Adresse ein Konto angelegt wurde" in " ".join(text.split())


def test_an_expired_link_and_one_for_another_purpose_are_gone(cast: Cast, client: FlaskClient) -> None:
    with transaction():
        old = make_link(cast.participant, "reset", at=now() - timedelta(hours=3))
        invitation = make_link(cast.participant, "invitation", at=now())
    assert client.get(f"/password/reset/{old}").status_code == 410
    assert client.get(f"/password/reset/{invitation}").status_code == 410
    assert client.get(f"/password/anderes/{invitation}").status_code == 404


def test_who_comes_second_with_a_link_changes_nothing(
    app: Flask, cast: Cast, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        token = make_link(cast.participant, "reset", at=now())
    found = find_link(token, "reset", now())
    # The second click found the link still open, and comes to use it when the first one is through.
    monkeypatch.setattr(import_module("lms.signin.routes"), "find_link", lambda *_values: found)
    path = f"/password/reset/{token}"
    assert client.post(path, data={"password": "vier-Pferde-am-Fluss"}).status_code == 302
    elsewhere = signed_in(app, cast.participant)
    second = app.test_client().post(path, data={"password": "noch-ein-Passwort-hier"})
    assert (second.status_code, "ist verbraucht oder abgelaufen" in second.text) == (410, True)
    assert elsewhere.get("/account").status_code == 200
    assert try_password(app.test_client(), cast.participant.email, "vier-Pferde-am-Fluss")[0] == 302
    assert try_password(app.test_client(), cast.participant.email, "noch-ein-Passwort-hier")[0] == 422


def test_a_new_password_ends_every_open_link(cast: Cast, client: FlaskClient) -> None:
    with transaction():
        tokens = {purpose: make_link(cast.participant, purpose, at=now()) for purpose in ("reset", "invitation")}
        others = make_link(cast.trainer, "reset", at=now())
    assert client.get(f"/password/invitation/{tokens['invitation']}").status_code == 200
    with transaction():
        set_password(cast.participant, "vier-Pferde-am-Fluss", actor=None, at=now())
    for purpose, token in tokens.items():
        assert client.get(f"/password/{purpose}/{token}").status_code == 410
    assert client.get(f"/password/reset/{others}").status_code == 200


def test_a_closed_account_has_no_links(cast: Cast, client: FlaskClient) -> None:
    with transaction():
        token = make_link(cast.participant, "reset", at=now())
        cast.participant.deactivated_at = now()
    assert client.post(f"/password/reset/{token}", data={"password": "vier-Pferde-am-Fluss"}).status_code == 410


def test_asking_for_a_link_says_the_same_for_everybody(cast: Cast, client: FlaskClient, queue: RecordingQueue) -> None:
    known = client.post("/password/forgotten", data={"email": cast.participant.email})
    unknown = client.post("/password/forgotten", data={"email": "niemand@example.org"})
    assert known.status_code == unknown.status_code == 200
    assert "Bitte sehen Sie in Ihr Postfach" in known.text
    assert "Bitte sehen Sie in Ihr Postfach" in unknown.text
    assert queue.names == ["answer_link_requests"] * 2
    assert session.scalars(select(OutboxMail)).all() == []
    answer_link_requests()
    assert session.scalars(select(OutboxMail.recipient)).all() == [cast.participant.email]
    # An address that nobody has is not kept.
    assert session.scalars(select(LinkRequest.email)).all() == ["", ""]


def test_asking_costs_the_same_whether_the_account_exists_or_not(
    cast: Cast, client: FlaskClient, count_queries: Any
) -> None:
    with transaction():
        cast.trainer.deactivated_at = now()
    seen = []
    for email in (cast.participant.email, cast.trainer.email, "niemand@example.org"):
        with count_queries() as queries:
            client.post("/password/forgotten", data={"email": email})
        seen.append(list(queries))
    assert seen[0] == seen[1] == seen[2]


def test_asking_again_and_again_sends_one_mail_whose_link_stays_good(
    cast: Cast, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    answers = {client.post("/password/forgotten", data={"email": cast.participant.email}).status_code}
    answer_link_requests()
    [mail] = session.scalars(select(OutboxMail)).all()
    [path] = re.findall(r"/password/reset/[\w-]+", mail.text_body)
    for _number in range(12):
        answers.add(client.post("/password/forgotten", data={"email": cast.participant.email.upper()}).status_code)
        answer_link_requests()
    assert answers == {200}
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 1
    assert session.scalar(select(func.count()).select_from(LinkRequest)) == ASKS_ACCOUNT
    assert client.get(path).status_code == 200
    assert [record.message for record in caplog.records].count("A link was asked for too often") == 13 - ASKS_ACCOUNT
    assert cast.participant.email not in str([vars(record) for record in caplog.records])
    # Later a new one is sent, and ends the one before.
    with transaction():
        session.execute(update(LinkRequest).values(at=now() - WINDOW))
        session.execute(update(OneTimeLink).values(created_at=now() - LINK_STAYS))
    client.post("/password/forgotten", data={"email": cast.participant.email})
    answer_link_requests()
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 2
    assert client.get(path).status_code == 410


def test_a_used_link_is_not_waited_for(cast: Cast, client: FlaskClient) -> None:
    with transaction():
        make_link(cast.participant, "reset", at=now())
        set_password(cast.participant, "vier-Pferde-am-Fluss", actor=None, at=now())
    client.post("/password/forgotten", data={"email": cast.participant.email})
    answer_link_requests()
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 1


def test_one_address_asks_for_some_accounts_only(cast: Cast, client: FlaskClient) -> None:
    for number in range(ASKS_ADDRESS + 5):
        assert client.post("/password/forgotten", data={"email": f"a{number}@example.org"}).status_code == 200
    assert session.scalar(select(func.count()).select_from(LinkRequest)) == ASKS_ADDRESS
    with transaction():
        session.execute(update(LinkRequest).values(at=now() - timedelta(hours=25)))
    forget_sign_in_traces()
    assert session.scalars(select(LinkRequest)).all() == []
