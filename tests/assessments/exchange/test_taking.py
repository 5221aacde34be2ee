"""Taking a file into a bank: by the command, in the browser, twice, and into the hands of those who may."""

from __future__ import annotations

import base64
import io
import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from assessments.exchange import actions as exchange_actions
from assessments.exchange import commands, routes
from assessments.exchange.actions import apply_import, keep_import, read_import, take_reading
from assessments.exchange.models import ItemImport, QuestionPicture
from assessments.exchange.queries import newest_versions, question_of
from assessments.exchange.reading import read_questions
from assessments.items.actions import take_questions
from assessments.items.models import Item, ItemVersion
from assessments.items.rules import MAX_TEXT, question_problems
from courses.content.models import Course
from lms.audit.models import AuditEntry
from lms.clock import now
from lms.db import BUSY_TIMEOUT_SECONDS, session, transaction
from lms.settings import CONFIG
from tests.assessments.exchange.test_moodle_xml import picture
from tests.cast import Cast, make_cast, signed_in

TEXT = (
    "// [id:a-1]\n::Eins::Ist es so?{T####Darum.}\n\n// [id:a-2]\nWer?{=Anna}\n\nSumme?{~%30%a ~%30%b}\n\nNur Text.\n"
)


def course_of(cast: Cast) -> Course:
    """Return the cast's course."""
    return cast.version.course


def take(cast: Cast, text: str) -> dict[str, int]:
    """Take a GIFT file and return how many entries there are of each change."""
    with transaction():
        planned = take_reading(
            course_of(cast), read_questions(text.encode(), "x"), file_name="x", actor=cast.coordinator, at=now()
        )
    names = [one.change or "refused" for one in planned]
    return {name: names.count(name) for name in names}


def count(table: type[Any]) -> int:
    """Return how many rows a table has."""
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    before = count(ItemVersion)
    assert take(cast, TEXT) == {"new": 2, "refused": 2}
    assert take(cast, TEXT) == {"same": 2, "refused": 2}
    assert count(ItemVersion) == before + 2
    assert take(cast, TEXT.replace("Anna", "Anne")) == {"same": 1, "changed": 1, "refused": 2}
    versions = newest_versions(cast.version.course_id, ["a-1", "a-2"])
    assert (versions["a-1"].number, versions["a-2"].number) == (1, 2)
    assert versions["a-2"].created_by_id == cast.coordinator.id
    old = session.scalars(select(ItemVersion).where(ItemVersion.item_id == versions["a-2"].item_id)).first()
    assert old is not None
    assert old.definition["accepted"] == ["Anna"], "an old version never changes"
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "items_imported")).first()
    assert entry is not None
    assert (entry.details["new"], entry.details["refused"]) == (2, 2)


def test_a_kept_file_is_taken_once(cast: Cast) -> None:
    with transaction():
        kept = keep_import(
            course_of(cast), file_name="x.gift", content=TEXT.encode(), format_name="", actor=cast.coordinator, at=now()
        )
    reading = read_import(kept, megabytes=1)
    with transaction():
        assert apply_import(kept, reading, actor=cast.coordinator, at=now())
    with transaction():
        assert not apply_import(kept, reading, actor=cast.coordinator, at=now())
    assert kept.outcome is not None
    assert [one["change"] for one in kept.outcome["entries"]] == ["new", "new", "", ""]
    assert count(Item) == 2


def upload(client: FlaskClient, slug: str, content: bytes, name: str = "fragen.gift") -> str:
    """Send a file as the form does, and return the address of its dry run."""
    answer = client.post(f"/bank/{slug}/import", data={"file": (io.BytesIO(content), name), "format": ""})
    assert answer.status_code == 302, answer.text
    return str(answer.location)


@pytest.fixture
def coordinator(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The coordinator's browser."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return signed_in(app, cast.coordinator)


def test_in_the_browser_from_dry_run_to_bank(cast: Cast, coordinator: FlaskClient) -> None:
    slug = course_of(cast).slug
    page = upload(coordinator, slug, TEXT.encode())
    dry = coordinator.get(page).text
    assert "Eins" in dry
    assert "Die Prozente der richtigen Antworten ergeben 60, nicht 100." in dry
    assert "2 Fragen übernehmen" in dry
    assert "Text ohne Frage" in dry
    assert "description" not in dry[dry.index("Frage für Frage") :]
    assert 'class="table-scroll stacked"' in dry, "on a phone the reason stands below its question"
    for label in ("Typ", "Stand", "Hinweis"):
        assert f'data-label="{label}"' in dry
    assert count(Item) == 0
    for _twice in range(2):
        assert coordinator.post(f"{page}/apply").location == page
    assert count(Item) == 2
    assert "Übernommen am" in coordinator.get(page).text
    listed = coordinator.get(f"/bank/{slug}?state=unexplained").text
    assert "Wer?" in listed
    assert "Ist es so?" not in listed
    assert "Erläuterung fehlt" in listed


def test_what_a_question_lacks_is_german_before_and_after_the_taking(cast: Cast, coordinator: FlaskClient) -> None:
    page = upload(coordinator, course_of(cast).slug, b"::Lang:: Wer? " + b"x" * MAX_TEXT + b"{=a}\n\nWas?{T}\n")
    said = "Die Frage kann nicht übernommen werden: Ein Text hat mehr als 20.000 Zeichen."
    assert said in coordinator.get(page).text
    coordinator.post(f"{page}/apply")
    kept = session.scalars(select(ItemImport)).one()
    assert kept.outcome is not None
    assert said in coordinator.get(page).text


def test_a_broken_file_says_where(cast: Cast, coordinator: FlaskClient) -> None:
    page = upload(coordinator, course_of(cast).slug, b"<quiz>\n<question", "kaputt.xml")
    assert "Zeile 2" in coordinator.get(page).text
    coordinator.post(f"{page}/apply")
    assert count(Item) == 0


def test_nothing_and_too_much(
    app: Flask, cast: Cast, coordinator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One limit, the setting's, in the hint and in the refusal."""
    monkeypatch.setitem(app.extensions, CONFIG, replace(app.extensions[CONFIG], upload_megabytes=1))
    path = f"/bank/{course_of(cast).slug}/import"
    assert "Bitte wählen Sie eine Datei." in coordinator.post(path, data={"format": ""}).text
    empty = coordinator.post(path, data={"file": (io.BytesIO(b""), "leer.txt"), "format": ""})
    assert "Die Datei ist leer." in empty.text
    assert "höchstens 1 MB" in empty.text
    monkeypatch.setattr(routes, "MEGABYTE", 10)
    large = coordinator.post(path, data={"file": (io.BytesIO(b"x" * 11), "g.txt"), "format": ""})
    assert "mehr als 1 MB" in large.text
    assert count(ItemImport) == 0


def test_a_trainer_reads_and_does_not_import(app: Flask, cast: Cast, coordinator: FlaskClient) -> None:
    page = upload(coordinator, course_of(cast).slug, TEXT.encode())
    trainer = signed_in(app, cast.trainer)
    assert trainer.get(f"/bank/{course_of(cast).slug}").status_code == 200
    assert trainer.get(page).status_code == 403
    assert trainer.post(f"{page}/apply").status_code == 403


def test_export_names_what_is_left_out(cast: Cast, coordinator: FlaskClient) -> None:
    take(cast, TEXT + "\n// [id:a-3]\nOrdnen Sie{=a -> 1 =b -> 2}\n")
    slug = course_of(cast).slug
    page = coordinator.get(f"/bank/{slug}/export?format=gift").text
    assert "Datei herunterladen" in page
    answer = coordinator.get(f"/bank/{slug}/export/file?format=gift")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{slug}.gift.txt"'
    again = read_questions(answer.data, "x")
    standing = newest_versions(cast.version.course_id)
    assert [entry.question for entry in again.taken] == [question_of(version) for version in standing.values()]
    assert coordinator.get(f"/bank/{slug}/export/file?format=docx").status_code == 404


def test_pictures_are_shown_from_this_site(app: Flask, cast: Cast, coordinator: FlaskClient) -> None:
    encoded = base64.b64encode(picture()).decode()
    text = (
        '<quiz><question type="truefalse"><name><text>Bild</text></name><questiontext format="html"><text><![CDATA[<p>Was?</p>'
        f'<p><img src="data:image/png;base64,{encoded}" alt="Ein Feld"></p>]]></text></questiontext>'
        '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question></quiz>'
    )
    page = upload(coordinator, course_of(cast).slug, text.encode(), "bild.xml")
    coordinator.post(f"{page}/apply")
    [stored] = session.scalars(select(QuestionPicture)).all()
    item = session.scalars(select(Item)).one()
    shown = coordinator.get(f"/bank/items/{item.id}").text
    address = f"/pictures/{stored.sha256}.png"
    assert f'src="{address}"' in shown
    answer = signed_in(app, cast.participant).get(address)
    assert (answer.data, answer.content_type) == (picture(), "image/png")
    assert coordinator.get(f"/pictures/{stored.sha256}.jpg").status_code == 404
    assert coordinator.get(f"/pictures/{'0' * 64}.png").status_code == 404


def test_the_command(app: Flask, cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "fragen.gift"
    file.write_text(TEXT, "utf-8")
    runner, slug = app.test_cli_runner(), course_of(cast).slug
    dry = runner.invoke(args=["items", "import", slug, str(file), "--dry-run", "--json"])
    assert dry.exit_code == 0
    assert [(one["name"], one["type"], one["status"]) for one in json.loads(dry.stdout)] == [
        ("Eins", "true_false", "taken"),
        ("Wer?", "short_text", "taken"),
        ("Summe?", "multiple_choice", "refused"),
        ("Nur Text.", "description", "refused"),
    ]
    assert [bool(one["reason"]) for one in json.loads(dry.stdout)] == [False, False, True, True]
    assert count(Item) == 0
    done = runner.invoke(args=["items", "import", slug, str(file)])
    assert "2 questions taken (2 new, 0 changed, 0 unchanged), 2 refused." in done.stdout
    assert count(Item) == 2
    target = tmp_path / "aus.xml"
    out = runner.invoke(args=["items", "export", slug, str(target), "--format", "moodle-xml"])
    assert out.exit_code == 0, out.output
    assert len(read_questions(target.read_bytes(), "x").taken) == 2
    assert runner.invoke(args=["items", "export", slug, str(target), "--format", "moodle-xml"]).exit_code == 1
    archive = tmp_path / "fragen.yaml"
    runner.invoke(args=["items", "export", slug, str(archive), "--format", "yaml"])
    report = (tmp_path / "fragen.yaml.report.txt").read_text("utf-8")
    assert "a-2: In a course's archive every question has an explanation; this one has none." in report
    [question] = yaml.safe_load(archive.read_text("utf-8"))
    assert question_problems(question) == []
    version = newest_versions(cast.version.course_id, ["a-1"])["a-1"]
    with transaction():
        [again] = take_questions(version.item.course_id, [question], at=now(), actor=None)
    assert again.id == version.id, "in a quiz it is the version that the bank has"


def test_the_command_with_a_file_that_cannot_be_read(app: Flask, cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "kaputt.xml"
    file.write_bytes(b"<quiz>\n<question>\n")
    answer = app.test_cli_runner().invoke(args=["items", "import", course_of(cast).slug, str(file), "--json"])
    assert answer.exit_code == 1
    [entry] = json.loads(answer.stdout)
    assert (entry["name"], entry["status"]) == ("kaputt.xml", "refused")
    assert "line 3, column 1" in entry["reason"]
    gone = app.test_cli_runner().invoke(args=["items", "import", "kein-kurs", str(file)])
    assert gone.exit_code == 1
    assert "There is no course" in gone.output


def test_a_file_is_read_while_others_write(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a file is read, in the browser or by the command, somebody else writes."""
    monkeypatch.setitem(own_app.config, "WTF_CSRF_ENABLED", False)
    with own_app.app_context():
        cast = make_cast()
        slug, author = cast.version.course.slug, cast.coordinator
        with transaction():
            course = session.merge(cast.version.course)
            kept = keep_import(course, file_name="x", content=TEXT.encode(), format_name="", actor=author, at=now())
        path = f"/bank/imports/{kept.id}/apply"
        client = signed_in(own_app, author)
    written: list[bool] = []

    def read(*arguments: Any, **options: Any) -> Any:
        with own_app.app_context(), transaction():
            session.add(Course(slug=f"daneben-{len(written)}", created_at=now()))
        written.append(True)
        return read_questions(*arguments, **options)

    def other_thread(*arguments: Any, **options: Any) -> Any:
        with ThreadPoolExecutor() as pool:
            return pool.submit(read, *arguments, **options).result(timeout=BUSY_TIMEOUT_SECONDS / 2)

    monkeypatch.setattr(exchange_actions, "read_questions", other_thread)
    monkeypatch.setattr(commands, "read_questions", other_thread)
    assert client.post(path).status_code == 302
    with own_app.app_context():
        assert count(Item) == 2
    with tempfile.NamedTemporaryFile(suffix=".gift") as file:
        file.write(TEXT.replace("Wer?", "Wer sonst?").encode())
        file.flush()
        done = own_app.test_cli_runner().invoke(args=["items", "import", slug, file.name])
    assert done.exit_code == 0, done.output
    assert len(written) == 2
