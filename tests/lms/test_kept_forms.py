"""A written text outlives an expired sign-in and an expired token."""

from __future__ import annotations

import html
import re
from importlib import import_module
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import current_user
from sqlalchemy import select, update

from lms.clock import now
from lms.db import ENGINE, session, transaction
from lms.kept_forms.models import KeptForm
from lms.people.models import Person
from lms.signin.actions import set_password
from tests.cast import Cast, make_cast, signed_in

#: As a module whose function a test replaces.
routes: Any = import_module("lms.signin.routes")
PASSWORD = "drei-Boote-am-Steg"


def token_of(text: str) -> str:
    """Return the form token of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
    assert found
    return found[1]


def hidden(text: str, name: str) -> str:
    """Return the value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found
    return html.unescape(found[1])


def sign_in_again(client: FlaskClient, page: str, email: str) -> str:
    """Sign in from the page that keeps the text; return where it leads."""
    answer = client.post("/login", data={
        "email": email, "password": PASSWORD, "csrf_token": token_of(page), "kept": hidden(page, "kept"),
        "kept_path": hidden(page, "kept_path"),
    })  # fmt: skip
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_after_signing_in_again_the_form_is_filled(app: Flask, cast: Cast) -> None:
    with transaction():
        set_password(cast.participant, PASSWORD, actor=None, at=now())
    client = app.test_client()
    long_name = "Dr. „Petra“ Łukaszewicz <b>& Co</b> 😀"
    refused = client.post(
        "/account", data={"given_name": "Petra", "family_name": "Łukaszewicz", "printed_name": long_name}
    )
    assert refused.status_code == 401
    assert "Ihr Text ist noch da" in refused.text
    back = sign_in_again(client, refused.text, cast.participant.email)
    assert back.startswith("/account?kept=")
    page = client.get(back)
    assert html.escape(long_name, quote=False) in html.unescape(page.text).replace(
        long_name, html.escape(long_name, quote=False)
    )
    assert "Es ist noch nicht gesendet" in page.text
    saved = client.post("/account", data={
        "given_name": "Petra", "family_name": "Łukaszewicz", "printed_name": long_name, "municipality_ags": "",
        "csrf_token": token_of(page.text),
    })  # fmt: skip
    assert saved.status_code == 302
    assert session.scalars(select(KeptForm)).all() == []


def test_a_million_characters_are_kept(app: Flask, cast: Cast) -> None:
    with transaction():
        set_password(cast.participant, PASSWORD, actor=None, at=now())
    client = app.test_client()
    text = "ä" * 500_000
    refused = client.post("/account", data={"printed_name": text})
    sign_in_again(client, refused.text, cast.participant.email)
    assert session.scalars(select(KeptForm)).one().fields["pairs"] == [["printed_name", text]]


def test_an_expired_token_while_signed_in_keeps_the_text(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.participant)
    answer = client.post("/account", data={"printed_name": "Petra", "csrf_token": "alt"})
    assert answer.status_code == 302
    assert "kept=" in answer.location
    assert 'value="Petra"' in client.get(answer.location).text


def test_it_is_kept_from_a_page_that_only_reads_while_somebody_writes(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_app.app_context():
        cast = make_cast()
        client, page = signed_in(own_app, cast.coordinator), f"/cohorts/{cast.cohort.id}/conferral"
    engine, asked = own_app.extensions[ENGINE], routes.wants_json

    def somebody_writes() -> bool:
        assert current_user.is_authenticated  # what the request reads is as of now
        with engine.begin() as other:
            other.execute(update(Person).where(Person.id == cast.trainer.id).values(theme="dark"))
        return bool(asked())

    monkeypatch.setattr(routes, "wants_json", somebody_writes)
    answer = client.post(f"{page}/preview", data={"place": "Eberswalde", "csrf_token": "alt"})
    assert (answer.status_code, "kept=" in answer.location) == (302, True)
    with own_app.app_context():
        assert session.scalars(select(KeptForm)).one().fields["pairs"] == [["place", "Eberswalde"]]


def test_nobody_sees_what_somebody_else_wrote(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.participant)
    where = client.post("/account", data={"printed_name": "Vertraulich"}).location
    assert "Vertraulich" in client.get(where).text
    assert "Vertraulich" not in signed_in(app, cast.other_participant).get(where).text


def test_passwords_are_never_kept(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    refused = client.post("/account/password", data={"current": "geheim-geheim", "password": "auch-geheim-geheim"})
    assert refused.status_code == 401
    assert "geheim" not in refused.text


def test_a_program_gets_json_instead(app: Flask, cast: Cast) -> None:
    answer = app.test_client().post("/account", data={"a": "b"}, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.get_json()["error"]["code"] == "sign_in"


@pytest.mark.parametrize("path", ["/login", "/password/forgotten"])
def test_what_is_too_large_to_sign_in_with_is_called_that(path: str, app: Flask, database: object) -> None:
    answer = app.test_client().post(path, data={"email": "x" * 27_000_000})
    assert answer.status_code == 413
    assert "größer als 25 MB" in answer.text
