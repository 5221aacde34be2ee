"""A course comes in by the browser: checked as a whole, imported as a whole or not at all."""

from __future__ import annotations

import io
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from courses.archive.actions import import_course
from courses.content.models import Course, CourseVersion
from lms.audit.models import AuditEntry
from lms.db import session, transaction
from tests.cast import NOW, Cast, signed_in

PATH = "/courses/import"


def packed(files: dict[str, bytes], folder: str = "") -> bytes:
    """Return files as a ZIP."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(folder + name, content)
    return buffer.getvalue()


@pytest.fixture
def office(app: Flask, cast: Cast, plain_kinds: None, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The programme office's browser."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return signed_in(app, cast.coordinator)


def send(office: FlaskClient, content: bytes, do: str = "", name: str = "kurs.zip") -> TestResponse:
    """Choose a file and press a button."""
    return office.post(PATH, data={"file": (io.BytesIO(content), name), "do": do})


def versions() -> int:
    """Count all versions besides the cast's."""
    return (session.scalar(select(func.count()).select_from(CourseVersion)) or 0) - 1


def test_a_good_archive_becomes_a_version_once(
    office: FlaskClient, cast: Cast, small_course: dict[str, bytes]
) -> None:
    assert "Kurs importieren" in office.get("/cohorts").text
    checked = send(office, packed(small_course), do="check")
    assert checked.location == PATH
    assert "Importiert ist noch nichts" in office.get(PATH).text
    assert versions() == 0
    first = send(office, packed(small_course, folder="kleiner-kurs/"))
    page = office.get(first.location)
    assert (page.status_code, versions()) == (200, 1)
    assert "ist als Fassung 1 importiert" in page.text
    again = send(office, packed(small_course))
    assert again.location == first.location
    assert "Nichts hat sich geändert" in office.get(again.location).text
    assert versions() == 1
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "course_imported")).one()
    assert entry.actor_id == cast.coordinator.id


def test_every_error_is_named_with_file_and_line(office: FlaskClient, small_course: dict[str, bytes]) -> None:
    small_course["course.toml"] += b"\nfarbe = 1\n"
    small_course["modules/01-anfang/module.toml"] += b"\nform = 2\n"
    for do in ("", "check"):
        answer = send(office, packed(small_course), do=do)
        assert answer.status_code == 422
        assert "Fehler wurden gefunden; nichts ist importiert" in answer.text
        assert "<code>course.toml</code>" in answer.text
        assert "<code>modules/01-anfang/module.toml</code>" in answer.text
    assert versions() == 0


def test_a_wrong_name_hides_no_error_in_another_file(office: FlaskClient, small_course: dict[str, bytes]) -> None:
    small_course["media/boese.exe"] = b"MZ"
    small_course["live/01-auftakt.md"] += b"\n<script>\n"
    answer = send(office, packed(small_course))
    assert answer.status_code == 422
    assert "<code>media/boese.exe</code>" in answer.text
    assert "<code>live/01-auftakt.md</code> · Zeile 5" in answer.text
    assert versions() == 0


def test_the_errors_are_german_with_file_and_line(office: FlaskClient, small_course: dict[str, bytes]) -> None:
    lesson = "modules/01-anfang/lessons/02-unterwegs.md"
    small_course["course.toml"] = small_course["course.toml"].replace(b"live = 8", b'live = "8"')
    small_course[lesson] = small_course[lesson].replace(b"minutes: 15", b"minutes: 15\nminutes: 16")
    shown = " ".join(unescape(send(office, packed(small_course)).text).split())
    assert "<code>course.toml</code> · Zeile 10</strong><br>„live“ muss eine ganze Zahl sein, ohne Komma" in shown
    assert f"<code>{lesson}</code> · Zeile 4</strong><br>Der Schlüssel „minutes“ steht hier zweimal." in shown
    assert "auf Englisch" not in shown
    assert not re.search(r"\b(must|the|is|not)\b", shown.partition("error-list")[2].partition("</ul>")[0])


def test_what_a_library_says_is_marked_as_english(office: FlaskClient, small_course: dict[str, bytes]) -> None:
    small_course["glossary.yaml"] = b"- id: amt\n  term: [Amt <b>\n"
    answer = send(office, packed(small_course))
    assert "<code>glossary.yaml</code> · Zeile 3</strong><br>Das ist kein gültiges YAML." in answer.text
    assert re.search(r'<q lang="en">[^<]+</q>', answer.text)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Das ist kein lesbares ZIP-Archiv."),
        (b"PK\x03\x04kaputt", "Das ist kein lesbares ZIP-Archiv."),
        (packed({"../course.toml": b"x"}), "führt aus dem Archiv hinaus"),
        (packed({"media/Bild.png": b""}), "Der Name darf nur Kleinbuchstaben haben."),
    ],
)
def test_what_is_no_archive_is_refused(office: FlaskClient, content: bytes, said: str) -> None:
    answer = send(office, content, name="<b>kurs.zip")
    assert answer.status_code == 422
    assert said in answer.text
    assert "<b>" not in answer.text
    assert versions() == 0


def test_without_a_file_nothing_happens(office: FlaskClient) -> None:
    answer = office.post(PATH)
    assert answer.status_code == 422
    assert "Bitte wählen Sie eine Datei" in answer.text


def test_only_the_programme_office_may(app: Flask, cast: Cast, office: FlaskClient) -> None:
    for person in (cast.trainer, cast.participant, cast.auditor, cast.admin):
        client = signed_in(app, person)
        assert (client.get(PATH).status_code, send(client, b"").status_code) == (403, 403)
    assert "Kurs importieren" not in signed_in(app, cast.trainer).get("/cohorts").text


def test_a_new_course_imported_twice_at_once_is_one(
    own_app: Flask, plain_kinds: None, small_course: dict[str, bytes]
) -> None:
    barrier = Barrier(4)

    def take(_number: int) -> tuple[int, bool]:
        with own_app.app_context():
            barrier.wait()
            with transaction():
                imported = import_course(small_course, actor=None, at=NOW)
                return imported.version.number, imported.created

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(4))) == [(1, False)] * 3 + [(1, True)]
    with own_app.app_context():
        assert session.scalar(select(func.count()).select_from(Course)) == 1
