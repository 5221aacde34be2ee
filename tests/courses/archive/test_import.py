"""A course comes in whole or not at all, and goes out as it came."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from courses.archive.actions import ArchiveRefused, import_course
from courses.archive.queries import get_archive, get_version
from courses.archive.reading import read_archive
from courses.archive.writing import write_archive
from courses.content.models import CourseVersion, Lesson
from lms.audit.models import AuditEntry
from lms.db import session
from lms.files.models import StoredFile
from tests.cast import NOW
from tests.courses.conftest import SMALL_COURSE

pytestmark = pytest.mark.usefixtures("plain_kinds")


def test_everything_of_an_archive_becomes_a_row(database: Flask, small_course: dict[str, bytes]) -> None:
    version = import_course(small_course, actor=None, at=NOW).version
    assert (version.course.slug, version.number, version.live_ue) == ("kleiner-weg", 1, 8)
    assert [(activity.kind, activity.slug) for activity in version.activities] == [
        ("lesson", "aufbruch"),
        ("lesson", "unterwegs"),
        ("quiz", "anfang"),
        ("live_session", "live-01"),
        ("lesson", "ankunft"),
        ("live_session", "live-02"),
        ("assignment", "transferprojekt"),
    ]
    html = session.scalars(select(Lesson.html).join(Lesson.activity).order_by(Lesson.activity_id)).first() or ""
    assert f'<a href="/content/{version.id}/glossary#amt"' in html
    assert f'src="/content/{version.id}/media/01-weg.svg"' in html
    assert '<div class="box box-case">' in html
    assert '<td class="align-right">400</td>' in html
    assert session.scalar(select(AuditEntry.action)) == "course_imported"


def test_the_same_archive_again_changes_nothing(database: Flask, small_course: dict[str, bytes]) -> None:
    first = import_course(small_course, actor=None, at=NOW)
    again = import_course(dict(reversed(small_course.items())), actor=None, at=NOW)
    assert (first.created, again.created, again.version) == (True, False, first.version)
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1


def test_a_changed_archive_is_a_new_version_and_the_old_one_stays(
    database: Flask, small_course: dict[str, bytes]
) -> None:
    old = import_course(small_course, actor=None, at=NOW).version
    path = "modules/02-ende/lessons/01-ankunft.md"
    changed = {**small_course, path: small_course[path] + b"Wirklich.\n"}
    new = import_course(changed, actor=None, at=NOW).version
    assert (old.number, new.number) == (1, 2)
    assert get_archive(old) == small_course
    assert get_version("kleiner-weg") == new


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_an_export_gives_the_archive_back(
    name: str, database: Flask, small_course: dict[str, bytes], tmp_path: Path
) -> None:
    first = import_course(small_course, actor=None, at=NOW).version
    write_archive(get_archive(first), tmp_path / name)
    found = read_archive(tmp_path / name)
    assert found.errors == []
    assert found.files == small_course
    assert import_course(found.files, actor=None, at=NOW).version == first
    with pytest.raises(FileExistsError):
        write_archive(found.files, tmp_path / name)


def test_two_exports_are_the_same_bytes(small_course: dict[str, bytes], tmp_path: Path) -> None:
    write_archive(small_course, tmp_path / "a.zip")
    write_archive(dict(reversed(small_course.items())), tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_one_error_keeps_everything_out(database: Flask, small_course: dict[str, bytes]) -> None:
    small_course["glossary.yaml"] += b"- id: zwei\n"
    with pytest.raises(ArchiveRefused):
        import_course(small_course, actor=None, at=NOW)
    assert session.scalar(select(func.count()).select_from(CourseVersion)) == 0
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_the_commands(database: Flask, tmp_path: Path) -> None:
    runner = database.test_cli_runner()
    checked = runner.invoke(args=["course", "import", str(SMALL_COURSE), "--dry-run"])
    assert checked.output.endswith("is without errors.\n")
    assert session.scalar(select(func.count()).select_from(CourseVersion)) == 0
    first = json.loads(runner.invoke(args=["course", "import", str(SMALL_COURSE), "--json"]).output)
    assert first == {"ok": True, "course": "kleiner-weg", "version": 1, "created": True, "errors": []}
    again = runner.invoke(args=["course", "import", str(SMALL_COURSE)])
    assert again.output == "Nothing changed: this is version 1 of kleiner-weg.\n"
    out = runner.invoke(args=["course", "export", "kleiner-weg", str(tmp_path / "x.zip")])
    assert out.exit_code == 0
    assert runner.invoke(args=["course", "export", "kleiner-weg", str(tmp_path / "x.zip")]).exit_code == 1
    assert runner.invoke(args=["course", "export", "nichts", str(tmp_path / "y.zip")]).exit_code == 1
    refused = runner.invoke(args=["course", "import", str(tmp_path), "--json"])
    assert (refused.exit_code, json.loads(refused.output)["ok"]) == (1, False)
