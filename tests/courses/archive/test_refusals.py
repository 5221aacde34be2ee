"""Every way in which an archive can be wrong has its sentence, with file and line."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from courses.activity_kinds import ArchiveError
from courses.archive import reading
from courses.archive.checking import check_archive
from courses.archive.media import check_media
from courses.archive.parsing import parse_yaml
from courses.archive.reading import read_archive
from lms.sentences import plain_sentence
from tests.sayings import in_english

pytestmark = pytest.mark.usefixtures("plain_kinds")

LESSON = "modules/01-anfang/lessons/02-unterwegs.md"
QUESTIONS = "modules/01-anfang/questions/01-aufbruch.yaml"
HEAD = "---\ntitle: Unterwegs\nminutes: 15\nobjectives:\n  - Weitergehen\n---\n"


def refuses(course: dict[str, bytes], path: str, old: str, new: str, expected: str) -> None:
    """Be sure that a course in which this stands instead of that is refused with such an error."""
    before = course[path].decode()
    assert old in before
    course[path] = before.replace(old, new, 1).encode()
    found = errors_of(course)
    assert any(error.startswith(expected) for error in found), found


def errors_of(files: dict[str, bytes]) -> list[str]:
    """Return the errors as the command prints them."""
    return printed(check_archive(files)[1])


def printed(errors: list[ArchiveError]) -> list[str]:
    """Return errors as the command prints them; each has German of its own."""
    assert in_english(error.text for error in errors) == [plain_sentence(error.text) for error in errors]
    return [str(error) for error in errors]


def test_the_small_course_is_good(small_course: dict[str, bytes]) -> None:
    assert errors_of(small_course) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        (
            "course.toml",
            'title = "Kleiner Weg"',
            'titel = "Kleiner Weg"',
            "course.toml:3: The key “titel” is unknown here.",
        ),
        ("course.toml", 'title = "Kleiner Weg"', "", "course.toml: The key “title” is missing."),
        ("course.toml", "format = 1", "format = 2", "course.toml:1: “format” must be 1."),
        ("course.toml", 'slug = "kleiner-weg"', 'slug = "Kleiner Weg"', "course.toml:2: “slug” has a form"),
        ("course.toml", "live = 8", 'live = "8"', "course.toml:10: “live” must be a whole number."),
        ("course.toml", "format = 1", "format = ", "course.toml:1: This is not valid TOML"),
        ("course.toml", "format = 1", "format = 1\nformat = 1", "course.toml:2: This is not valid TOML"),
        ("course.toml", 'kind = "lessons"', 'kind = "lessons"\npercent = 3', "course.toml:17: “percent” belongs to"),
        ("course.toml", 'module = "anfang"', 'module = "mitte"', "course.toml:26: There is no module “mitte”."),
        ("course.toml", 'plan = "live/01', 'plan = "live/09', "course.toml:30: There is no file live/09-auftakt.md"),
        ("course.toml", 'objective = "Einander', 'ziel = "Einander', "course.toml:29: The key “ziel” is unknown here."),
        (
            "course.toml",
            'id = "live-02"',
            'id = "live-01"',
            "course.toml:32: “live-01” is already used at course.toml:24.",
        ),
        (
            "modules/01-anfang/module.toml",
            "[quiz]",
            "[quizz]",
            "modules/01-anfang/module.toml:6: The key “quizz” is unknown",
        ),
        (LESSON, "minutes: 15", "minutes: 15\nminutes: 16", f"{LESSON}:4: The key “minutes” is there twice."),
        (LESSON, "minutes: 15", "minutes: bald", f"{LESSON}:3: “minutes” must be a whole number."),
        (LESSON, "minutes: 15", "minutes: [15", f"{LESSON}:4: This is not valid YAML"),
        (LESSON, "title: Unterwegs", "title: &a Unterwegs", f"{LESSON}:2: Anchors (&) and aliases (*)"),
        (
            LESSON,
            "title: Unterwegs",
            "title: !!python/name:os.system Unterwegs",
            f"{LESSON}:2: Tags (!) are not allowed.",
        ),
        (LESSON, "title: Unterwegs", "title: 2026-01-01", f"{LESSON}:2: “title” must be a text"),
        (LESSON, HEAD, "", f"{LESSON}: The file must have the keys"),
        (LESSON, "Weiter geht", "<script>alert(1)</script>\n\nWeiter geht", f"{LESSON}:7: HTML is not allowed."),
        (LESSON, "Weiter geht", "Gut\nund <b onclick=x>Weiter</b> geht", f"{LESSON}:8: HTML is not allowed."),
        (LESSON, "Weiter geht", "# Weiter", f"{LESSON}:7: Headings begin at ##"),
        (LESSON, "Weiter geht", "![](media/01-weg.svg)\n\nWeiter", f"{LESSON}:7: The picture has no alternative text."),
        (
            LESSON,
            "Weiter geht",
            "![Ein Weg](media/02-weg.svg)\n\nWeiter",
            f"{LESSON}:7: There is no file media/02-weg.svg",
        ),
        (
            LESSON,
            "Weiter geht",
            "![Ein Weg](https://example.org/a.png)\n\nWeiter",
            f"{LESSON}:7: There is no file https://",
        ),
        (LESSON, "Weiter geht", "Da ![Ein Weg](media/01-weg.svg) Weiter", f"{LESSON}:7: A picture stands alone"),
        (LESSON, "Weiter geht", "[Wort](glossary:wort) Weiter", f"{LESSON}:7: The glossary has no word “wort”."),
        (LESSON, "Weiter geht", "[Datei](media/weg.pdf) Weiter", f"{LESSON}:7: There is no file media/weg.pdf"),
        (LESSON, "Weiter geht", "[hier](irgendwo) Weiter", f"{LESSON}:7: The link leads nowhere: irgendwo."),
        (
            LESSON,
            "Weiter geht",
            "[](https://example.org) Weiter",
            f"{LESSON}:7: The link to https://example.org has no text.",
        ),
        (LESSON, "::: note Gut", "::: notes Gut", f"{LESSON}:9: There is no box “notes”."),
        (LESSON, "helfen.\n:::", "helfen.", f"{LESSON}:9: This box is not closed"),
        (LESSON, "::: note Gut zu wissen\n", "", f"{LESSON}:10: This line closes a box, but none is open."),
        (LESSON, "Weiter", "Wei\x00ter", f"{LESSON}:5: There is a NUL character"),
        (LESSON, "\n", "\r\n", f"{LESSON}:1: Lines must end with LF"),
        (LESSON, "---\ntitle", "\ufeff---\ntitle", f"{LESSON}:1: There is a byte order mark"),
        (QUESTIONS, "id: an-02", "id: an-01", f"{QUESTIONS}:12: “an-01” is already used at {QUESTIONS}:1."),
        (QUESTIONS, "prompt: Womit", "prompt: <iframe> Womit", f"{QUESTIONS}:3: HTML is not allowed."),
        ("glossary.yaml", "term: Amt", "term: Amt\n  wort: Amt", "glossary.yaml:3: The key “wort” is unknown here."),
        (
            "surveys/abschluss.yaml",
            "low: trifft nicht zu",
            "required: true",
            "surveys/abschluss.yaml:4: A question of the type scale",
        ),
    ],
)
def test_a_wrong_text_is_refused_on_its_line(
    path: str, old: str, new: str, expected: str, small_course: dict[str, bytes]
) -> None:
    refuses(small_course, path, old, new, expected)


def test_all_errors_are_reported_not_only_the_first(small_course: dict[str, bytes]) -> None:
    small_course[LESSON] = small_course[LESSON].replace(b"minutes", b"minuten")
    small_course["glossary.yaml"] = b"- [\n"
    small_course["course.toml"] += b"\nfremd = 1\n"
    assert {error.split(":")[0] for error in errors_of(small_course)} >= {LESSON, "glossary.yaml", "course.toml"}


def test_other_than_utf8_is_refused(small_course: dict[str, bytes]) -> None:
    small_course[LESSON] = small_course[LESSON] + "Größe".encode("latin-1")
    assert f"{LESSON}:12: This is not UTF-8. Save the file as UTF-8." in errors_of(small_course)


def test_a_laughing_yaml_is_refused_before_it_is_built() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    assert "Anchors" in printed(parse_yaml("x.yaml", bomb.encode()).errors)[0]
    assert "nested" in printed(parse_yaml("x.yaml", b"[" * 100_000).errors)[0]


def test_an_unnamed_plan_and_a_doubled_module_are_refused(small_course: dict[str, bytes]) -> None:
    small_course["live/09-nie.md"] = b"Text.\n"
    small_course["modules/01-zwei/module.toml"] = small_course["modules/02-ende/module.toml"]
    found = errors_of(small_course)
    assert "live/09-nie.md: Nothing in course.toml names this file." in found
    assert "modules/01-zwei: “01” is already used at modules/01-anfang." in found
    assert "modules/01-zwei/lessons: The module has no lessons." in found


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><title>T</title>{}</svg>'


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<g onload="alert(1)"/>',
        '<use href="https://example.org/x.svg#a"/>',
        '<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="//example.org/a"/>',
        "<foreignObject/>",
        "<style>@import url(https://example.org)</style>",
        '<rect style="fill:url(https://example.org)"/>',
        '<image href="data:image/png;base64,"/>',
        '<rect fill="u\\72l(x)"/>',
        "<animate/>",
        '<x:script xmlns:x="http://www.w3.org/1999/xhtml"/>',
    ],
)
def test_a_drawing_that_does_something_is_refused(inside: str) -> None:
    assert printed(check_media("media/a.svg", SVG.format(inside).encode())[1])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html/>",
        b"<svg/>",
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg/>',
        b'<?xml-stylesheet href="x"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>T</title></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><title>T</title></svg>',
    ],
)
def test_a_drawing_that_is_none_is_refused(content: bytes) -> None:
    assert printed(check_media("media/a.svg", content)[1])


@pytest.mark.parametrize(
    "path", ["media/a.png", "media/a.jpg", "media/a.webp", "media/a.pdf", "media/a.docx", "media/a.odt"]
)
def test_a_file_that_is_not_what_its_name_says_is_refused(path: str) -> None:
    assert printed(check_media(path, b"GIF89a<script>")[1])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../boese.md", "leads out of the archive"),
        ("/etc/passwd", "is absolute"),
        ("C:/boese.md", "is absolute"),
        ("a\\b.md", "a character that"),
        ("lies.mich", "no file of this name"),
        ("Course.toml", "only in upper and lower case"),
        ("media/Bild.png", "must be in lower case"),
        ("pages/..md", "no file of this name"),
    ],
)
def test_a_wrong_name_is_refused(name: str, expected: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("course.toml", "")
        archive.writestr(name, "")
    assert any(expected in error for error in printed(read_archive(tmp_path / "a.zip").errors))


def zipped(tmp_path: Path, *entries: tuple[zipfile.ZipInfo | str, bytes]) -> list[str]:
    """Return the errors of a ZIP with these entries."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in entries:
            archive.writestr(entry, content)
    return printed(read_archive(tmp_path / "a.zip").errors)


def test_a_bomb_a_giant_and_a_link_in_a_zip_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("pages/link.md")
    link.external_attr = 0o120777 << 16
    found = zipped(
        tmp_path,
        ("pages/bombe.md", b"0" * 900_000),
        (link, b"/etc/passwd"),
        ("pages/riese.md", os.urandom(reading.MAX_TEXT_BYTES + 1)),
    )
    assert any("ZIP bomb" in error for error in found)
    assert any("symbolic link" in error for error in found)
    assert any("1 MB are allowed" in error for error in found)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_doubled_name_in_a_zip_is_refused(tmp_path: Path) -> None:
    assert any("twice" in error for error in zipped(tmp_path, ("pages/a.md", b"1"), ("pages/a.md", b"2")))


def test_a_zip_that_lies_about_a_size_is_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("pages/a.md", b"0" * 5000)
    content = bytearray(packed.getvalue())
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(content)
    assert printed(read_archive(tmp_path / "a.zip").errors)


def test_too_many_files_and_too_much_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_FILES", 1)
    assert any("too many files" in error for error in zipped(tmp_path, ("pages/a.md", b"1"), ("pages/b.md", b"2")))
    monkeypatch.setattr(reading, "MAX_FILES", 10)
    monkeypatch.setattr(reading, "MAX_TOTAL_BYTES", 1)
    assert any("larger than" in error for error in zipped(tmp_path, ("pages/a.md", b"1"), ("pages/b.md", b"2")))


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 nein")
    assert "not a ZIP" in printed(read_archive(tmp_path / "a.zip").errors)[0]
    assert "no such file" in printed(read_archive(tmp_path / "nichts").errors)[0]


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "glossary.yaml").symlink_to("/etc/passwd")
    assert "symbolic link" in printed(read_archive(tmp_path).errors)[0]


def test_a_packed_folder_is_read_like_the_folder(small_course: dict[str, bytes], tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for path, content in small_course.items():
            archive.writestr(f"kleiner-weg/{path}", content)
    found = read_archive(tmp_path / "a.zip")
    assert (found.errors, found.files) == ([], small_course)
