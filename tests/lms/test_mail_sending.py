"""Mails over real SMTP: sent once, tried again with growing pauses, given up with the reason."""

from __future__ import annotations

import dataclasses
import email
import email.policy
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select

from lms.clock import now
from lms.db import session, transaction
from lms.health.checks import run_checks
from lms.mail.jobs import send_due_mails
from lms.mail.letters import Letter, queue_letter
from lms.mail.models import OutboxMail
from lms.mail.rules import KEPT, PAUSES, pause_after
from lms.settings import CONFIG
from lms.signin.jobs import forget_sign_in_traces
from tests.cast import Cast, signed_in
from tests.conftest import RecordingQueue
from tests.postgresql import free_port

#: As a module whose function a test replaces.
transport: Any = import_module("lms.mail.transport")


class Inbox:
    """What a mail server does with the mails it gets."""

    def __init__(self) -> None:
        """Take everything."""
        self.answer = "250 OK"
        self.messages: list[email.message.EmailMessage] = []

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take or refuse a recipient."""
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the mail."""
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def inbox(app: Flask) -> Iterator[Inbox]:
    """A mail server on the loopback that the application sends to."""
    made = Inbox()
    port = free_port()
    controller = Controller(made, hostname="127.0.0.1", port=port)
    controller.start()
    usual = app.extensions[CONFIG]
    app.extensions[CONFIG] = dataclasses.replace(
        usual, mail_url=f"smtp://127.0.0.1:{port}", mail_from="Büro <buero@example.org>"
    )
    yield made
    app.extensions[CONFIG] = usual
    controller.stop()


def write(cast: Cast, subject: str = "Größe & Form") -> int:
    """Put a mail into the outbox and return its id."""

    def compose() -> Letter:
        return Letter(
            subject,
            ["Ein Absatz mit <Zeichen>."],
            "Weil es ein Test ist.",
            ("Zur Seite", "https://example.org/x"),
        )

    with transaction():
        mail = queue_letter(cast.participant, kind="test", compose=compose, at=now())
        session.flush()
        return mail.id


def test_a_mail_leaves_with_text_and_html(cast: Cast, inbox: Inbox, queue: RecordingQueue) -> None:
    mail_id = write(cast)
    assert queue.names == ["send_due_mails"]
    queue.run_all()
    assert len(inbox.messages) == 1
    message = inbox.messages[0]
    assert message["Subject"] == "Größe & Form"
    assert message["To"] == cast.participant.email
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert "Ein Absatz mit <Zeichen>." in text.get_content()
    assert "Ein Absatz mit &lt;Zeichen&gt;." in html.get_content()
    assert "https://example.org/x" in text.get_content()
    send_due_mails()
    assert len(inbox.messages) == 1
    mail = session.get_one(OutboxMail, mail_id)
    assert mail.sent_at is not None
    # What was sent is not kept; that it was sent is.
    assert (mail.text_body, mail.html_body, mail.subject) == ("", "", "Größe & Form")


def test_old_mails_are_forgotten_and_those_that_wait_are_not(cast: Cast, inbox: Inbox) -> None:
    ids = [write(cast) for _number in range(5)]
    mails = [session.get_one(OutboxMail, mail_id) for mail_id in ids]
    with transaction():
        mails[0].sent_at, mails[1].sent_at = now() - KEPT, now() - KEPT + timedelta(hours=1)
        mails[2].gave_up_at, mails[3].gave_up_at = now() - KEPT, now() - KEPT + timedelta(hours=1)
        mails[4].created_at = now() - timedelta(days=400)
    forget_sign_in_traces()
    left = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    assert [mail.id for mail in left] == [ids[1], ids[3], ids[4]]
    # What was given up can still be tried again.
    assert "Ein Absatz" in left[1].text_body


def test_developers_still_read_what_became_a_file(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        app.extensions, CONFIG, dataclasses.replace(app.extensions[CONFIG], environment="development")
    )
    mail_id = write(cast, "Für die Entwicklung")
    send_due_mails()
    assert session.get_one(OutboxMail, mail_id).text_body == ""
    assert "Ein Absatz mit &lt;Zeichen&gt;." in app.test_client().get("/_mails").text


def test_a_mail_is_not_written_when_the_transaction_fails(cast: Cast, inbox: Inbox, queue: RecordingQueue) -> None:
    try:
        with transaction():
            queue_letter(cast.participant, kind="test", compose=lambda: Letter("x", [], ""), at=now())
            raise RuntimeError
    except RuntimeError:
        pass
    assert queue.names == []
    send_due_mails()
    assert inbox.messages == []


def test_a_temporary_refusal_is_tried_again_later(cast: Cast, inbox: Inbox) -> None:
    mail_id = write(cast)
    inbox.answer = "451 Please try later"
    send_due_mails()
    mail = session.get_one(OutboxMail, mail_id)
    assert "451" in mail.last_error
    assert mail.sent_at is None
    assert mail.gave_up_at is None
    assert now() < mail.next_try_at <= now() + PAUSES[0]
    inbox.answer = "250 OK"
    with transaction():
        mail.next_try_at = now() - timedelta(seconds=1)
    send_due_mails()
    assert len(inbox.messages) == 1


def test_a_lasting_refusal_is_given_up_and_shown_to_the_administrator(
    app: Flask, cast: Cast, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    mail_id = write(cast)
    inbox.answer = "550 No such mailbox"
    send_due_mails()
    assert session.get_one(OutboxMail, mail_id).gave_up_at is not None
    admin = signed_in(app, cast.admin)
    page = admin.get("/mails").text
    assert "550 No such mailbox" in page
    assert "aufgegeben" in page
    inbox.answer = "250 OK"
    assert admin.post(f"/mails/{mail_id}/retry").status_code == 302
    send_due_mails()
    assert len(inbox.messages) == 1


def test_a_subject_is_one_line_whatever_a_title_holds(cast: Cast, inbox: Inbox) -> None:
    write(cast, "Kurs\u2028Teil\x0b 1\r\nBcc: x@example.org " + "ä" * 400)
    send_due_mails()
    [subject] = [message["Subject"] for message in inbox.messages]
    assert subject.startswith("Kurs Teil 1 Bcc: x@example.org ää")
    assert len(subject) == 300
    assert inbox.messages[0]["Bcc"] is None


def test_a_mail_that_cannot_be_made_keeps_no_other_waiting(
    app: Flask, cast: Cast, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = write(cast, "Kaputt")
    write(cast, "Heil")
    usual = transport.one_line

    def break_one(subject: str) -> str:
        if subject == "Kaputt":
            raise ValueError("a header that cannot be")
        return str(usual(subject))

    monkeypatch.setattr(transport, "one_line", break_one)
    send_due_mails()
    assert [message["Subject"] for message in inbox.messages] == ["Heil"]
    mail = session.get_one(OutboxMail, broken)
    assert (mail.tries, mail.last_error) == (1, "ValueError: a header that cannot be")
    assert mail.next_try_at > now()
    assert "a header that cannot be" in signed_in(app, cast.admin).get("/mails").text
    for _pause in PAUSES:
        with transaction():
            mail.next_try_at = now()
        send_due_mails()
    assert mail.gave_up_at is not None
    assert "Ein Absatz" in mail.text_body


def test_a_wrong_sender_is_found_by_the_check(app: Flask, cast: Cast) -> None:
    usual = app.extensions[CONFIG]
    app.extensions[CONFIG] = dataclasses.replace(usual, mail_from="Amt Müller, Kurs <a@b.de>")
    try:
        mail_id = write(cast)
        send_due_mails()
        [finding] = run_checks(("mail",))
    finally:
        app.extensions[CONFIG] = usual
    assert "Amt Müller, Kurs" in finding.problem
    assert "Amt Müller, Kurs" in session.get_one(OutboxMail, mail_id).last_error
    assert run_checks(("mail",))[0].problem == ""


def test_a_server_that_is_down_costs_nothing(app: Flask, cast: Cast) -> None:
    usual = app.extensions[CONFIG]
    app.extensions[CONFIG] = dataclasses.replace(usual, mail_url="smtp://127.0.0.1:9")
    try:
        mail_id = write(cast)
        send_due_mails()
    finally:
        app.extensions[CONFIG] = usual
    mail = session.get_one(OutboxMail, mail_id)
    assert mail.tries == 1
    assert mail.gave_up_at is None
    assert mail.last_error


def test_without_a_server_mails_become_files(app: Flask, cast: Cast) -> None:
    write(cast)
    send_due_mails()
    files = list((app.extensions[CONFIG].data_dir / "mail").glob("*.eml"))
    assert any("Gr" in file.read_text("utf-8") for file in files)


def test_the_pauses_grow_and_end() -> None:
    pauses = [pause_after(tries) for tries in range(1, len(PAUSES) + 2)]
    assert pauses[-1] is None
    known = [pause for pause in pauses if pause is not None]
    assert known == sorted(known)
