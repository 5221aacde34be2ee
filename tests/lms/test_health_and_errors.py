"""Whether the installation is well, and what people read when something is not."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import escape, unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from config import Config
from lms.audit.actions import record_audit
from lms.audit.models import AuditEntry
from lms.clock import now
from lms.db import session, transaction
from lms.files.rules import FileReason
from lms.frame.assets import AssetsMissingError
from lms.health.checks import CHECKS, Finding, run_checks
from lms.jobs.actions import beat
from lms.jobs.queue import Queue
from lms.jobs.registry import QUEUE
from lms.mail.models import OutboxMail
from lms.sentences import Refusal
from tests.cast import Cast, signed_in
from tests.conftest import open_app, test_config


def test_alive_and_ready(client: FlaskClient, database: Flask) -> None:
    assert client.get("/healthz").get_json() == {"status": "alive"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.get_json()["status"]) == (200, "ready")


def test_not_ready_when_the_queue_is_broken(
    client: FlaskClient, database: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> str:
        raise OSError("disk full")

    monkeypatch.setitem(CHECKS, "queue", broken)
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.get_json()["checks"]["queue"] == "wrong"
    assert "disk full" not in ready.text


def test_lms_check_says_what_is_wrong_and_fails(app: Flask, database: Flask) -> None:
    findings = {finding.name: finding for finding in run_checks()}
    assert set(findings) == set(CHECKS)
    assert findings["database"].good
    assert "lms scheduler" in findings["scheduler"].problem
    with transaction():
        beat("scheduler", at=now())
    assert {finding.name: finding for finding in run_checks()}["scheduler"].good


def checked(config: Config) -> dict[str, Finding]:
    """Return what the checks find in an installation with these settings."""
    with open_app(config) as made, made.app_context():
        made.extensions[QUEUE] = Queue(made, config)
        return {finding.name: finding for finding in run_checks()}


NOT_LOOKED_AT = "not looked at before the database is in order"


def test_a_database_without_its_schema_is_one_thing_that_is_wrong(tmp_path: Path) -> None:
    config = test_config(tmp_path, "")
    found = checked(config)
    assert {name for name, one in found.items() if one.wrong} == {"migrations"}
    assert {name for name, one in found.items() if one.problem == NOT_LOOKED_AT} == {"outbox", "jobs", "scheduler", "worker"}
    with open_app(config) as made:
        told = made.test_cli_runner().invoke(args=["check"])
    assert told.exit_code == 1
    assert f"–      {NOT_LOOKED_AT}" in told.output


def test_a_database_that_does_not_answer_is_said_once_and_with_its_setting(tmp_path: Path) -> None:
    found = checked(test_config(tmp_path, "postgresql://lms@127.0.0.1:1/lms"))
    assert {name for name, one in found.items() if one.wrong} == {"database"}
    assert "LMS_DATABASE_URL" in found["database"].problem
    assert "psycopg" not in found["database"].problem
    assert {name for name, one in found.items() if one.problem == NOT_LOOKED_AT} == {
        "migrations", "outbox", "clock", "queue", "jobs", "scheduler", "worker",
    }  # fmt: skip


def test_what_is_wrong_with_folder_and_mail_server_names_them_and_their_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lms.db").mkdir()  # nothing that could be opened

    def refuse(*_values: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.write_bytes", refuse)
    found = checked(replace(test_config(tmp_path, ""), mail_url="smtp://amt:geheim@127.0.0.1:1"))
    assert found["data folder"].problem.startswith(f"This user cannot write into {tmp_path} (Permission denied). Please")
    assert found["mail"].problem.startswith("The mail server 127.0.0.1:1 does not take mails (Connection refused). Please")
    assert f"{tmp_path} cannot be opened" in found["database"].problem
    for name, setting in (("data folder", "LMS_DATA_DIR"), ("mail", "LMS_MAIL_URL"), ("database", "LMS_DATA_DIR")):
        assert setting in found[name].problem


def test_the_administrator_reads_what_is_wrong_and_what_to_do(app: Flask, cast: Cast) -> None:
    with transaction():
        beat("scheduler", at=now())
        for gave_up_at in (now(), None):
            session.add(
                OutboxMail(
                    kind="test", recipient="weg@example.org", subject="Betreff", text_body="Text", html_body="", created_at=now(),
                    message_id=f"<{gave_up_at}@test>", next_try_at=now(), tries=9, gave_up_at=gave_up_at,
                )
            )  # fmt: skip
    admin = signed_in(app, cast.admin)
    for page in (admin.get("/").text, admin.get("/system").text):
        assert "1 E-Mail konnte nicht zugestellt werden" in page
        assert "Bitte starten Sie: lms worker" in page
        assert "Bitte starten Sie: lms scheduler" not in page
    with transaction():
        beat("worker:1", at=now())
        session.execute(delete(OutboxMail))
    assert "Nichts wartet auf Sie." in admin.get("/").text
    assert "Alles ist in Ordnung" in admin.get("/system").text
    assert signed_in(app, cast.coordinator).get("/system").status_code == 403


def test_every_error_is_a_page_in_the_persons_language(app: Flask, cast: Cast, client: FlaskClient) -> None:
    missing = client.get("/gibt-es-nicht")
    assert missing.status_code == 404
    assert "Nicht gefunden" in missing.text
    assert missing.headers["X-Request-Id"] in missing.text
    with transaction():
        cast.participant.language = "en"
    refused = signed_in(app, cast.participant).get("/audit")
    assert refused.status_code == 403
    assert "Not for you" in refused.text


def test_json_gets_json(client: FlaskClient, database: Flask) -> None:
    answer = client.get("/gibt-es-nicht", headers={"Accept": "application/json"})
    error = answer.get_json()["error"]
    assert (error["status"], error["code"]) == (404, "not_found")
    assert error["request_id"] == answer.headers["X-Request-Id"]


def test_a_bug_shows_no_details(
    app: Flask, client: FlaskClient, database: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> str:
        raise RuntimeError("secret detail")

    monkeypatch.setitem(app.view_functions, "health.alive", broken)
    answer = client.get("/healthz")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Bereits Gespeichertes ist sicher" in answer.text


def test_an_error_without_built_assets_is_whole_as_well(
    client: FlaskClient, database: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_values: object, **_more: object) -> str:
        raise AssetsMissingError

    monkeypatch.setattr("lms.errors.handlers.render_template", missing)
    before = client.get("/login").request.host_url + "login?a=1&b=2"
    answer = client.get("/gibt-es-nicht", headers={"Referer": before})
    assert answer.status_code == 404
    assert '<html lang="de">' in answer.text
    assert f"diese Nummer: {answer.headers['X-Request-Id']}" in answer.text
    assert f'<a href="{escape(before)}">Zurück</a>' in answer.text


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_refusal_says_the_names_that_people_gave_as_they_are(
    accept: str, app: Flask, client: FlaskClient, database: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> str:
        raise Refusal(FileReason.EMPTY, filename="Bericht 50%(final) <100 %s>.pdf")

    monkeypatch.setitem(app.view_functions, "health.alive", refuse)
    answer = client.get("/healthz", headers={"Accept": accept})
    assert answer.status_code == 409
    assert "Bericht 50%(final) <100 %s>.pdf ist leer" in (
        answer.get_json()["error"]["message"] if answer.is_json else unescape(answer.text)
    )


def test_headers_are_strict(client: FlaskClient, database: Flask) -> None:
    headers = client.get("/login").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"


def test_the_audit_log_is_part_of_the_transaction_and_read_by_the_auditor(app: Flask, cast: Cast) -> None:
    try:
        with transaction():
            record_audit("test_failed", cast.participant, actor=cast.admin, at=now())
            raise RuntimeError
    except RuntimeError:
        pass
    with transaction():
        record_audit("test_done", cast.participant, actor=cast.admin, at=now(), reason="Grund")
    assert session.scalars(select(AuditEntry.action)).all() == ["test_done"]
    page = signed_in(app, cast.auditor).get("/audit").text
    assert "test_done" in page
    assert "Adam Verwaltung" in page
    assert "Grund" in page


def test_the_button_of_the_theme_changes_what_is_seen_and_the_device_can_be_followed_again(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    client = signed_in(app, cast.participant)
    for theme, offered in (("auto", ["light", "dark"]), ("dark", ["light"]), ("light", ["dark"])):
        client.post("/preferences", data={"theme": theme})
        page = client.get("/account").text
        assert re.findall(r'<button class="[^"]*" name="theme" value="(\w+)"', page) == offered
        assert ("Wie am Gerät eingestellt" in page) == (theme != "auto")
        assert ('name="theme" value="auto"' in page) == (theme != "auto")
    client.post("/preferences", data={"theme": "auto"})
    assert all(f'class="tool auto-{theme}"' in client.get("/").text for theme in ("light", "dark"))


def test_language_and_theme_are_kept(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    client = signed_in(app, cast.participant)
    answer = client.post("/preferences", data={"language": "en", "theme": "dark", "back": "//böse.example"})
    assert answer.location == "/"
    page = client.get("/account").text
    assert '<html lang="en" data-kern-theme="dark">' in page
    assert '<meta name="color-scheme" content="dark">' in page, "the browser's own controls follow the choice"
    assert cast.participant.language == "en"
    stranger = app.test_client()
    stranger.post("/preferences", data={"language": "en"})
    assert '<html lang="en"' in stranger.get("/login").text
    assert json.dumps(cast.participant.theme) == '"dark"'
