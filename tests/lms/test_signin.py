"""Signing in: the same answer for everybody, slower with every mistake, and over when it should be."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from lms.audit.models import AuditEntry
from lms.audit.rules import ROUTINE
from lms.clock import now
from lms.db import ENGINE, session, transaction
from lms.permissions import Role
from lms.sentences import Refusal
from lms.signin.actions import set_password
from lms.signin.jobs import forget_sign_in_traces
from lms.signin.models import SignIn
from lms.signin.passwords import common_passwords
from lms.signin.rules import (
    FREE_TRIES_ACCOUNT,
    LONGEST_WAIT,
    SignInReason,
    password_problem,
    wait_until,
)
from lms.signin.tokens import hash_token
from tests.cast import Cast, make_person, signed_in
from tests.conftest import test_config
from tests.lms.test_kept_forms import token_of
from wsgi import create_app

PASSWORD = "drei-Boote-am-Steg"
START = datetime(2026, 9, 8, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def without_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests ask about passwords; the tokens of forms have tests of their own."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.fixture
def petra(cast: Cast) -> Cast:
    """The cast, with a password for the participant."""
    with transaction():
        set_password(cast.participant, PASSWORD, actor=None, at=now())
    return cast


def try_password(client: FlaskClient, email: str, password: str) -> tuple[int, str]:
    """Try to sign in; return the status and what is said."""
    answer = client.post("/login", data={"email": email, "password": password})
    return answer.status_code, answer.text


def test_the_right_password_lets_in_and_renews_the_cookie(app: Flask, petra: Cast) -> None:
    client = app.test_client()
    client.get("/login")
    before = client.get_cookie("wegmarke", domain="127.0.0.1")
    answer = client.post(
        "/login", data={"email": petra.participant.email.upper(), "password": PASSWORD, "next": "/account"}
    )
    assert (answer.status_code, answer.location) == (302, "/account")
    after = client.get_cookie("wegmarke", domain="127.0.0.1")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert after.http_only
    assert client.get("/account").status_code == 200


def test_an_unknown_account_is_answered_like_a_wrong_password(client: FlaskClient, petra: Cast) -> None:
    wrong = try_password(client, petra.participant.email, "falsch-falsch-falsch")
    unknown = try_password(client, "niemand@example.org", "falsch-falsch-falsch")
    assert wrong[0] == unknown[0] == 422
    assert "E-Mail-Adresse oder Passwort stimmen nicht" in wrong[1]
    assert "E-Mail-Adresse oder Passwort stimmen nicht" in unknown[1]


def test_wrong_passwords_make_the_account_wait(client: FlaskClient, petra: Cast) -> None:
    for _number in range(5):
        assert try_password(client, petra.participant.email, "falsch-falsch-falsch")[0] == 422
    status, text = try_password(client, petra.participant.email, PASSWORD)
    assert status == 429
    assert "zu viele falsche Passwörter" in text
    again = client.post("/login", data={"email": petra.participant.email, "password": PASSWORD})
    assert (again.status_code, again.headers["Retry-After"]) == (429, "60")
    assert try_password(client, petra.trainer.email, "falsch-falsch-falsch")[0] == 422


@pytest.mark.parametrize(
    ("failures", "wait"),
    [
        (0, None),
        (4, None),
        (5, timedelta(seconds=15)),
        (6, timedelta(seconds=30)),
        (9, timedelta(minutes=4)),
        (40, LONGEST_WAIT),
    ],
)
def test_the_wait_grows(failures: int, wait: timedelta | None) -> None:
    times = [START + timedelta(seconds=number) for number in range(failures)]
    assert wait_until(times, 5) == (times[-1] + wait if wait else None)


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("kurz", SignInReason.TOO_SHORT),
        ("x" * 201, SignInReason.TOO_LONG),
        ("passwort1234", SignInReason.COMMON),
        ("Passwort2026!", SignInReason.COMMON),
        ("aaaaaaaaaaaaaa", SignInReason.COMMON),
        ("abcabcabcabcabc", SignInReason.COMMON),
        ("123456789012", SignInReason.COMMON),
        ("qwertzuiopü1", None),
        ("petra.lukasz12", SignInReason.PERSONAL),
        (PASSWORD, None),
        ("ein Satz mit Wörtern", None),
    ],
)
def test_which_passwords_will_do(password: str, problem: SignInReason | None) -> None:
    personal = ["Petra", "Łukasz", "petra", "lukasz", "example", "org"]
    assert password_problem(password, personal, common_passwords()) == problem


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("paul.neumann@example.org", SignInReason.PERSONAL),
        ("Paul.Neumann@Example.org", SignInReason.PERSONAL),
        ("paul_neumann_at_example.org", SignInReason.PERSONAL),
        ("Neumann - Paul - 1984", SignInReason.PERSONAL),
        ("paul.neumann@example.org!1", SignInReason.PERSONAL),
        ("Paul geht gern im Wald baden", None),
        ("._-+:; ,@.._-+", None),
    ],
)
def test_nobody_takes_the_own_address_as_a_password(password: str, problem: SignInReason | None, cast: Cast) -> None:
    paul = make_person("Paul", "Neumann")
    session.flush()
    with nullcontext() if problem is None else pytest.raises(Refusal) as refused:
        set_password(paul, password, actor=None, at=now())
    assert (refused.value.reason if refused else None) == problem


@pytest.mark.parametrize("password", ["uwe.li@kn-ost.de", "uweli@kn-ost.de"])
def test_an_address_of_short_parts_is_no_password_either(password: str) -> None:
    personal = ["uwe.li@kn-ost.de", "uwe.li", "kn-ost.de", "uwe", "li", "kn-ost", "de", "Uwe", "Li"]
    assert password_problem(password, personal, common_passwords()) == SignInReason.PERSONAL


def test_signing_out_ends_the_sign_in_on_the_server(app: Flask, petra: Cast) -> None:
    client = app.test_client()
    try_password(client, petra.participant.email, PASSWORD)
    stolen = client.get_cookie("wegmarke", domain="127.0.0.1")
    assert stolen is not None
    client.post("/logout")
    other = app.test_client()
    other.set_cookie("wegmarke", stolen.value, domain="127.0.0.1")
    assert other.get("/account").status_code == 302


def test_a_new_password_ends_every_other_sign_in(app: Flask, petra: Cast) -> None:
    here, elsewhere = signed_in(app, petra.participant), signed_in(app, petra.participant)
    answer = here.post("/account/password", data={"current": PASSWORD, "password": "vier-Pferde-am-Fluss"})
    assert answer.status_code == 302
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_a_very_old_sign_in_is_over(app: Flask, petra: Cast) -> None:
    client = signed_in(app, petra.participant)
    assert client.get("/account").status_code == 200
    with transaction():
        session.scalars(select(SignIn)).one().started_at = now() - timedelta(days=31)
    assert client.get("/account").status_code == 302


def test_signing_in_again_ends_the_browsers_earlier_sign_in(app: Flask, petra: Cast) -> None:
    client = app.test_client()
    try_password(client, petra.participant.email, PASSWORD)
    first = client.get_cookie("wegmarke", domain="127.0.0.1")
    assert first is not None
    assert try_password(client, petra.participant.email, PASSWORD)[0] == 302
    assert client.get("/account").status_code == 200
    stolen = app.test_client()
    stolen.set_cookie("wegmarke", first.value, domain="127.0.0.1")
    assert stolen.get("/account").status_code == 302
    assert session.scalar(select(func.count()).where(SignIn.ended_at.is_(None))) == 1


def test_the_present_password_cannot_be_guessed_in_an_open_browser(app: Flask, petra: Cast) -> None:
    here = signed_in(app, petra.participant)

    def change(current: str) -> str:
        fields = {"current": current, "password": "vier-Pferde-am-Fluss"}
        return here.post("/account/password", data=fields).get_data(as_text=True)

    for _guess in range(FREE_TRIES_ACCOUNT):
        assert "Ihr bisheriges Passwort stimmt nicht." in change("falsch-falsch-falsch")
    assert "zu viele falsche Passwörter" in change(PASSWORD), "the right one has to wait as well"
    assert "zu viele falsche Passwörter" in try_password(app.test_client(), petra.participant.email, PASSWORD)[1]


def test_a_sign_in_that_nobody_uses_is_over(app: Flask, petra: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    used, unused, old = (signed_in(app, petra.participant) for _browser in range(3))
    rows = session.scalars(select(SignIn).order_by(SignIn.id)).all()
    with transaction():
        rows[0].browser, rows[0].seen_at = "benutzt", now() - timedelta(hours=11)
        rows[1].browser, rows[1].seen_at = "unbenutzt", now() - timedelta(hours=13)
        rows[2].browser, rows[2].started_at = "uralt", now() - timedelta(days=31)
    answer = used.get("/account/password")
    page = answer.text
    assert "Set-Cookie" in answer.headers, "a cookie that is used lives on"
    assert ("benutzt<" in page, "unbenutzt" in page, "uralt" in page) == (True, False, False)
    for browser in (unused, old):
        assert browser.get("/account").status_code == 302
    # That it was used was noted, and is not noted again with every page.
    session.refresh(rows[0])
    seen = rows[0].seen_at
    assert seen is not None
    assert seen > now() - timedelta(minutes=1)
    again = used.get("/account/password")
    assert "Set-Cookie" not in again.headers, "the cookie is sent anew when its use is noted, not with every answer"
    session.refresh(rows[0])
    assert rows[0].seen_at == seen


def test_a_refused_form_does_not_wait_for_itself(own_app: Flask) -> None:
    """The page that says no reads once more; on SQLite that must not hold off the note that the sign-in was used."""
    with own_app.app_context():
        with transaction():
            person = make_person("Petra", "Kaźmierczak", Role.PARTICIPANT)
            session.add(person)
        client = signed_in(own_app, person)
        fields = {"csrf_token": token_of(client.get("/account").text)}
        with transaction():
            session.execute(update(SignIn).values(seen_at=now() - timedelta(hours=1)))
    assert client.post("/people/1/active", data=fields).status_code == 403
    with own_app.app_context():
        seen = session.scalars(select(SignIn.seen_at)).one()
    assert seen is not None
    assert seen > now() - timedelta(minutes=1)


def test_the_cookie_is_bound_to_its_host(tmp_path: Path) -> None:
    for base_url, name in (("https://lernen.example.de", "__Host-wegmarke"), ("https://example.de/lernen", "wegmarke")):
        made = create_app(replace(test_config(tmp_path, ""), base_url=base_url))
        answer = made.test_client().get("/login", base_url=base_url)
        [cookie] = answer.headers.getlist("Set-Cookie")
        assert cookie.startswith(f"{name}=")
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain=" not in cookie
        made.extensions[ENGINE].dispose()


def test_signing_in_and_out_is_in_the_log(app: Flask, petra: Cast) -> None:
    client = app.test_client()
    try_password(client, petra.participant.email, PASSWORD)
    client.post("/logout")
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action.in_(ROUTINE)).order_by(AuditEntry.id)).all()
    person = petra.participant
    assert [(one.action, one.actor_id, one.subject_id, one.address) for one in entries] == [
        (action, person.id, str(person.id), "127.0.0.1") for action in ("signed_in", "signed_out")
    ]
    assert all(one.request_id for one in entries)
    auditor = signed_in(app, petra.auditor)
    assert "<strong>Angemeldet</strong>" not in auditor.get("/audit").text
    for action in ("all", "signed_in"):
        assert "<strong>Angemeldet</strong>" in auditor.get("/audit", query_string={"action": action}).text
    with transaction():
        session.execute(update(AuditEntry).values(at=now() - timedelta(days=181)))
    forget_sign_in_traces()
    assert session.scalars(select(AuditEntry.action)).all() == ["password_set"]


def test_a_refused_sign_in_is_a_line_without_secrets(
    client: FlaskClient, petra: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    for _number in range(6):
        try_password(client, petra.participant.email, "falsch-falsch-falsch")
    lines = [vars(record) for record in caplog.records if record.name == "lms.signin.actions"]
    assert [line["reason"] for line in lines] == ["wrong"] * 5 + ["wait"]
    assert {line["account"] for line in lines} == {hash_token(petra.participant.email)}
    assert {line["address"] for line in lines} == {"127.0.0.1"}
    assert "falsch" not in str(lines)
    assert petra.participant.email not in str(lines)


@pytest.mark.parametrize(
    "path",
    ["https://böse.example", "//böse.example", "/\\böse.example", "/\t/böse.example", "javascript:alert(1)", "relativ", "//["],
)
def test_nobody_is_sent_to_another_site(path: str, petra: Cast, client: FlaskClient) -> None:
    answer = client.post("/login", data={"email": petra.participant.email, "password": PASSWORD, "next": path})
    assert answer.location == "/"


def test_a_closed_account_does_not_get_in(petra: Cast, client: FlaskClient, app: Flask) -> None:
    open_browser = signed_in(app, petra.participant)
    with transaction():
        petra.participant.deactivated_at = now()
    assert try_password(client, petra.participant.email, PASSWORD)[0] == 422
    assert open_browser.get("/account").status_code == 302


def test_passwords_are_hashed_with_argon2id_and_46_mebibytes(strong_hasher: PasswordHasher) -> None:
    stored = strong_hasher.hash("Drei-Boote-am-Steg")
    assert stored.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert strong_hasher.verify(stored, "Drei-Boote-am-Steg")
