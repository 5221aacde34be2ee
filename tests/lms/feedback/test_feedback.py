"""The feedback form: open to everybody, nothing lost, one mail a message, an answer that finds its way."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import html
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.db import session, transaction
from lms.feedback import routes
from lms.feedback.actions import send_feedback
from lms.feedback.rules import ANSWER_WITHIN, Feedback, Kind
from lms.limits import Limiter
from lms.mail.models import OutboxMail
from lms.mail.transport import build_message
from lms.settings import CONFIG
from tests.cast import NOW, Cast, make_person, signed_in

TEXT = "Die Schaltfläche „Weiter“ erreiche ich nicht.\n\nhttps://fremd.example <b>fett</b>"
GOOD = {"kind": "barrier", "text": TEXT, "page": "/learn/1", "email": "petra@example.org"}


@pytest.fixture(autouse=True)
def fresh_limit() -> Iterator[None]:
    routes.messages.forget()
    yield
    routes.messages.forget()


def form_of(client: FlaskClient, path: str = "/feedback") -> dict[str, str]:
    """Open the form and return its hidden fields."""
    text = client.get(path).text.partition("<main")[2]
    return {name: re.findall(f'name="{name}"[^>]* value="([^"]+)"', text)[0] for name in ("csrf_token", "draft")}


def mails() -> list[OutboxMail]:
    return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def message_of(mail: OutboxMail) -> EmailMessage:
    """Return a mail as its reader gets it."""
    parsed = email.message_from_bytes(bytes(build_message(mail, "Wegmarke <wegmarke@example.org>")), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def body(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def test_a_barrier_reaches_the_office_with_the_way_to_answer(app: Flask, cast: Cast, client: FlaskClient) -> None:
    answer = client.post("/feedback", data=GOOD | form_of(client))
    assert (answer.status_code, answer.location) == (302, "/feedback/thanks?page=/learn/1")
    thanks = client.get(answer.location).text
    assert "Vielen Dank" in thanks
    assert 'href="/learn/1"' in thanks
    [mail] = mails()
    assert (mail.recipient, mail.reply_to, mail.person_id) == ("buero@example.org", "petra@example.org", None)
    message = message_of(mail)
    assert message["Reply-To"] == "petra@example.org"
    assert message["Subject"] == "Rückmeldung: eine Barriere"
    plain, page = body(message, "plain"), body(message, "html")
    assert plain.startswith("Guten Tag,\n")
    assert "> Die Schaltfläche „Weiter“ erreiche ich nicht.\n> \n> https://fremd.example <b>fett</b>" in plain
    assert "Seite: /learn/1" in plain
    assert "Fragen:" not in plain  # the office would be sent to itself
    assert "&lt;b&gt;fett" in page
    assert "<a " not in page


def test_the_reader_is_told_until_when_a_barrier_is_answered(app: Flask, cast: Cast) -> None:
    for kind, address in ((Kind.BARRIER, "a@example.org"), (Kind.BARRIER, ""), (Kind.PRAISE, "a@example.org")):
        send_feedback(Feedback(kind, "x", email=address), draft="1", asker=None, at=NOW)
    assert timedelta(weeks=4) == ANSWER_WITHIN
    assert ["6. Oktober 2026" in mail.text_body for mail in mails()] == [True, False, False]
    assert ["keine Antwort" in mail.text_body or "nicht erwartet" in mail.text_body for mail in mails()] == [False, True, False]


def test_without_an_address_of_the_office_every_administrator_gets_it(app: Flask, cast: Cast) -> None:
    usual = app.extensions[CONFIG]
    app.extensions[CONFIG] = dataclasses.replace(usual, contact_mail="")
    try:
        second = make_person("Ada", "Zweite", *cast.admin.roles)
        closed = make_person("Alte", "Verwaltung", *cast.admin.roles)
        second.language, closed.deactivated_at = "en", NOW
        session.flush()
        client = signed_in(app, cast.participant)
        assert "liest die Administration" in client.get("/feedback").text
        client.post("/feedback", data=GOOD | form_of(client))
        assert [(mail.recipient, mail.subject) for mail in mails()] == [
            (cast.admin.email, "Rückmeldung: eine Barriere"), (second.email, "Feedback: a barrier"),
        ]  # fmt: skip
        # They go when the one who wrote is erased.
        assert {mail.person_id for mail in mails()} == {cast.participant.id}
        send_feedback(Feedback(Kind.PRAISE, "Schön."), draft="1", asker=None, at=NOW)
        assert [mail.person_id for mail in mails()[2:]] == [cast.admin.id, second.id]
        for person in (cast.admin, second):
            person.deactivated_at = NOW
        session.flush()
        refused = client.post("/feedback", data=GOOD | form_of(client))
        assert refused.status_code == 409
        assert "noch niemand benannt" in refused.text
        assert "Die Schaltfläche" in refused.text
    finally:
        app.extensions[CONFIG] = usual


def test_a_signed_in_person_finds_their_address_and_is_not_named_without_it(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.participant)
    page = client.get("/feedback?page=/learn/1&kind=fault").text
    assert f'value="{cast.participant.email}"' in page
    assert 'value="/learn/1"' in page
    assert re.search(r'<input checked [^>]*value="fault"', page)
    client.post("/feedback", data=GOOD | form_of(client) | {"email": ""})
    [mail] = mails()
    assert mail.reply_to is None
    assert message_of(mail)["Reply-To"] is None
    assert cast.participant.family_name not in mail.text_body + mail.html_body
    assert mail.person_id == cast.participant.id


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"kind": ""}, "Worum es geht: Bitte wählen Sie eines aus."),
        ({"kind": "drohung"}, "Worum es geht: Bitte wählen Sie eines aus."),
        ({"text": ""}, "Ihre Nachricht: Bitte schreiben Sie eine Nachricht."),
        ({"text": " \r\n\x00 "}, "Ihre Nachricht: Bitte schreiben Sie eine Nachricht."),
        ({"text": "ä" * 4001}, "höchstens 4.000 Zeichen; jetzt sind es 4.001."),
        ({"page": "/" + "a" * 300}, "Bitte verwenden Sie höchstens 300 Zeichen."),
        ({"email": "petra"}, "Bitte geben Sie eine vollständige E-Mail-Adresse ein."),
        ({"email": "petra@example.org\nBcc: alle@example.org"}, "Bitte geben Sie eine vollständige E-Mail-Adresse ein."),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_the_text_is_kept(
    app: Flask, cast: Cast, client: FlaskClient, changed: dict[str, str], sentence: str
) -> None:
    answer = client.post("/feedback", data=GOOD | changed | form_of(client))
    assert answer.status_code == 422
    text = html.unescape(answer.text)
    assert "Bitte prüfen Sie Ihre Eingaben" in text
    assert sentence in text
    for name in {"text", "page", "email"} - set(changed):
        assert GOOD[name].partition("\n")[0] in text
    assert mails() == []


def test_lines_of_a_browser_count_once(app: Flask, cast: Cast, client: FlaskClient) -> None:
    assert client.post("/feedback", data=GOOD | {"text": "a\r\n" * 1999 + "bc"} | form_of(client)).status_code == 302


def test_a_page_with_line_breaks_breaks_no_header(app: Flask, cast: Cast, client: FlaskClient) -> None:
    answer = client.post("/feedback", data=GOOD | {"page": "/a\r\nBcc: alle@example.org"} | form_of(client))
    assert answer.location == "/feedback/thanks?page=/a+Bcc:+alle@example.org"
    message = message_of(mails()[0])
    assert message["Bcc"] is None
    assert "Seite: /a Bcc: alle@example.org" in body(message, "plain")


def test_a_double_click_sends_one_and_a_changed_text_is_another(app: Flask, cast: Cast, client: FlaskClient) -> None:
    once = GOOD | form_of(client)
    assert {client.post("/feedback", data=once).status_code for _click in range(2)} == {302}
    assert len(mails()) == 1
    client.post("/feedback", data=once | {"text": "Und noch etwas."})
    client.post("/feedback", data=GOOD | form_of(client))
    assert len(mails()) == 3


def test_two_clicks_at_the_same_moment_send_one(own_app: Flask) -> None:
    start = Barrier(4)

    def click(_number: int) -> None:
        with own_app.app_context():
            start.wait(10)
            with transaction():
                send_feedback(Feedback(Kind.FAULT, "Zugleich."), draft="eins", asker=None, at=NOW)

    with ThreadPoolExecutor(4) as clicks:
        list(clicks.map(click, range(4)))
    with own_app.app_context():
        assert len(mails()) == 1


def test_too_many_are_refused_in_words_and_the_text_is_kept(
    app: Flask, cast: Cast, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "messages", Limiter(per_minute=10 / 60, burst=2))
    answers = [client.post("/feedback", data=GOOD | form_of(client)) for _number in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "in 6 Min." in answers[-1].text
    assert "buero@example.org" in answers[-1].text
    assert "Die Schaltfläche" in answers[-1].text
    assert 300 < int(answers[-1].headers["Retry-After"]) <= 360
    # Who is signed in has turns of their own, whatever others at the same connection did.
    other = signed_in(app, cast.participant)
    assert other.post("/feedback", data=GOOD | form_of(other)).status_code == 302
    assert len(mails()) == 3


def test_a_limit_can_be_slow_and_still_have_a_burst() -> None:
    limiter = Limiter(per_minute=10 / 60, burst=10)
    assert [limiter.wait("a", 0) for _number in range(11)] == [*[0] * 10, 360]
    assert limiter.wait("a", 359) > 0
    assert limiter.wait("a", 361) == 0
    assert limiter.take("a", 99, 100_000) == 10


def test_an_expired_token_loses_nothing_for_a_stranger(app: Flask, cast: Cast, client: FlaskClient) -> None:
    old = form_of(client)
    refused = app.test_client().post("/feedback", data=GOOD | old)
    assert refused.status_code == 400
    assert "Bitte senden Sie es noch einmal" in refused.text
    assert "Die Schaltfläche" in refused.text
    assert 'value="petra@example.org"' in refused.text
    assert old["draft"] in refused.text
    assert mails() == []


def test_an_expired_token_loses_nothing_for_who_is_signed_in(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.participant)
    back = client.post("/feedback", data=GOOD | {"csrf_token": "alt", "draft": "derselbe"})
    assert back.location.startswith("/feedback?kept=")
    page = client.get(back.location).text
    assert "Die Schaltfläche" in page
    assert 'value="derselbe"' in page
    assert 'value="petra@example.org"' in page


@pytest.mark.parametrize(
    ("path", "carried"),
    [
        ("/login?next=/learn/1", "/feedback?page=/login"),
        ("/pages/impressum", "/feedback?page=/pages/impressum"),
        ("/gibt-es-nicht", "/feedback?page=/gibt-es-nicht"),
        ("/verify", "/feedback?page=/verify"),
        (f"/verify/{'yZ3' * 11}", "/feedback?page=/verify/%E2%80%A6"),
        (f"/password/reset/{'yZ3' * 11}", "/feedback?page=/password/reset/%E2%80%A6"),
        ("/feedback?page=/learn/1", "/feedback?page=/learn/1"),
        ("/feedback?page=//fremd.example", "/feedback"),
        ("/feedback", "/feedback"),
    ],
)
def test_every_footer_carries_its_page_but_no_token(app: Flask, cast: Cast, client: FlaskClient, path: str, carried: str) -> None:
    footer = client.get(path).text.partition("<footer")[2]
    assert f'href="{carried}"' in footer


@pytest.mark.parametrize("page", ["//fremd.example", "/\\fremd.example", "https://fremd.example", "/verify/…"])
def test_thanks_lead_nowhere_else(app: Flask, cast: Cast, client: FlaskClient, page: str) -> None:
    main = client.get("/feedback/thanks", query_string={"page": page}).text.partition("<main")[2].partition("</main")[0]
    assert re.findall('href="([^"]*)"', main) == ["/"]


def test_the_statement_leads_to_the_form_and_to_the_enforcement_body(app: Flask, cast: Cast, client: FlaskClient) -> None:
    for language, words in (("de", "innerhalb von 4 Wochen"), ("en", "within 4 weeks")):
        client.set_cookie("language", language, domain="127.0.0.1")
        text = html.unescape(client.get("/pages/barrierefreiheit").text)
        assert "/feedback?kind=barrier" in text
        assert words in text
        assert "durchsetzung.BIT@msgiv.brandenburg.de" in text
        assert "{" not in text.partition("<main")[2].partition("</main")[0]
        assert words.rpartition(" ")[0] in html.unescape(client.get("/feedback").text)
