"""All that is wrong with an archive is said at once: no error hides another, and what follows from one is not said besides."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from courses.archive import reading
from courses.archive.checking import check_archive
from courses.archive.reading import read_archive
from courses.archive.writing import write_archive
from courses.content.models import CourseVersion
from lms.db import session
from tests.courses.archive.test_refusals import LESSON, QUESTIONS, errors_of, printed
from tests.courses.conftest import SMALL_COURSE

FIRST = "modules/01-anfang/lessons/01-aufbruch.md"
MODULE = "modules/01-anfang/module.toml"
SURVEY = "surveys/abschluss.yaml"
SCRIPT = "<script>alert(1)</script>\n\n"
#: What stands where instead of what, and the error that it is, in the order of files.
FAULTS = [
    ("assignments/transferprojekt.md", "", SCRIPT, "assignments/transferprojekt.md:1: HTML is not allowed."),
    ("course.toml", "format = 1", "format = 1\nfarbe = 3", "course.toml:2: The key “farbe” is unknown here."),
    ("course.toml", "live = 8", 'live = "8"', "course.toml:11: “live” must be a whole number."),
    ("course.toml", 'kind = "lessons"', 'kind = "lessons"\npercent = 3', "course.toml:18: “percent” belongs to"),
    ("course.toml", 'module = "anfang"', 'module = "mitte"', "course.toml:28: There is no module “mitte”."),
    ("course.toml", 'objective = "Einander', 'ziel = "Einander', "course.toml:26: The key “objective” is missing"),
    ("course.toml", "", "", "course.toml:31: The key “ziel” is unknown here."),
    ("course.toml", 'id = "live-02"', 'id = "live-01"', "course.toml:34: “live-01” is already used at course.toml:26."),
    ("course.toml", 'accepts = ["text", "file"]', 'accepts = ["fax"]', "course.toml:45: 'accepts' must be a list of"),
    ("course.toml", "resubmissions = 1", "resubmissions = 99", "course.toml:48: 'resubmissions' must be a whole number"),
    ("course.toml", 'levels = ["nicht', 'stufen = ["nicht', "course.toml:49: Criterion 1 needs 'id', 'title' and"),
    ("glossary.yaml", "term: Amt", "wort: Amt", "glossary.yaml:1: The key “term” is missing."),
    ("glossary.yaml", "", "", "glossary.yaml:2: The key “wort” is unknown here."),
    ("live/01-auftakt.md", "", SCRIPT, "live/01-auftakt.md:1: HTML is not allowed."),
    ("media/01-weg.svg", "</svg>", "<script/></svg>", "media/01-weg.svg:6: The element script"),
    (FIRST, "minutes", "minuten", f"{FIRST}:2: The key “minutes” is missing."),
    (FIRST, "", "", f"{FIRST}:3: The key “minuten” is unknown here."),
    (FIRST, "## ", SCRIPT + "## ", f"{FIRST}:12: HTML is not allowed."),
    (LESSON, "minutes: 15", "minutes: [15", f"{LESSON}:4: This is not valid YAML."),
    (LESSON, "Weiter geht", "[Wort](glossary:wort) Weiter", f"{LESSON}:7: The glossary has no word “wort”."),
    (MODULE, "ue = 1", "ue = 1\nform = 2", f"{MODULE}:5: The key “form” is unknown here."),
    (MODULE, "draw = 2", "draw = 99", f"{MODULE}:9: The quiz draws 99 questions, but there are only 2."),
    (QUESTIONS, "type: single_choice", "type: single_joice", f"{QUESTIONS}:1: 'type' is 'single_joice'"),
    (QUESTIONS, "id: an-01", "id: An 01", f"{QUESTIONS}:1: “id” has a form that is not allowed here"),
    (QUESTIONS, "Womit", "<b>Womit</b>", f"{QUESTIONS}:3: HTML is not allowed."),
    (QUESTIONS, "", "", f"{QUESTIONS}:12: 'difficulty' must be 1, 2 or 3."),
    (QUESTIONS, "Ein Amt", "<i>Ein</i> Amt", f"{QUESTIONS}:14: HTML is not allowed."),
    (QUESTIONS, "tags: [anfang, amt]\n  difficulty: 1", "tags: !x amt\n  difficulty: 9", f"{QUESTIONS}:16: Tags (!)"),
    ("pages/leichte-sprache.md", "title:", "titel:", "pages/leichte-sprache.md:2: The key “titel” is unknown here."),
    ("pages/leichte-sprache.md", "", "", "pages/leichte-sprache.md:2: The key “title” is missing."),
    ("pages/leichte-sprache.md", "---\nDas", "---\n# Das", "pages/leichte-sprache.md:4: Headings begin at ##"),
    (SURVEY, "about: course", "about: all", f"{SURVEY}:2: “about” must be one of module, course."),
    (SURVEY, "low: trifft nicht zu", "required: 3", f"{SURVEY}:4: A question of the type scale"),
    (SURVEY, "", "", f"{SURVEY}:7: “required” must be true or false."),
    (SURVEY, "type: text", "type: texts", f"{SURVEY}:10: “type” must be one of scale, choice, text."),
]


def at_once() -> dict[str, bytes]:
    """Return the small course with every fault, and with a few that stand alone in their files."""
    files = read_archive(SMALL_COURSE).files
    for path, old, new, _expected in FAULTS:
        text = files[path].decode()
        assert old in text, (path, old)
        files[path] = text.replace(old, new, 1).encode()
    files["media/boese.exe"] = b"MZ"
    files["modules/02-ende/module.toml"] = b'title = """Ende\nue = 1\n'
    files["modules/02-ende/lessons/01-ankunft.md"] += b"\n[Datei](media/boese.exe), [Da](javascript:alert(1))\n"
    files["pages/Gross.md"] = b"---\ntitle: Gross\n---\n<b>Text</b>\n"
    files["surveys/kaputt.yaml"] = b"title: [\n"
    return files


ALONE = [
    "media/boese.exe: A course archive has no file of this name in this place.",
    "modules/02-ende/lessons/01-ankunft.md:9: The link leads nowhere: javascript:alert(1).",
    "modules/02-ende/module.toml:1: This is not valid TOML.",
    "pages/Gross.md: The name must be in lower case: pages/gross.md.",
    "pages/gross.md:4: HTML is not allowed.",
    "surveys/kaputt.yaml:2: This is not valid YAML.",
    "surveys/link.yaml: This is a symbolic link.",
]


def test_a_fault_of_each_kind_in_each_file_is_said_at_once_and_nothing_is_imported(
    database: Flask, tmp_path: Path
) -> None:
    write_archive(at_once(), tmp_path / "kurs")
    (tmp_path / "kurs" / "surveys" / "link.yaml").symlink_to("/etc/passwd")
    answer = database.test_cli_runner().invoke(args=["course", "import", str(tmp_path / "kurs")])
    *said, last = answer.output.splitlines()
    expected = sorted([*ALONE, *(error for *_what, error in FAULTS)], key=place)
    different = [(one, other) for one, other in zip(said, expected, strict=False) if not one.startswith(other)]
    assert (different, len(said)) == ([], len(expected)), "\n".join(said)
    assert (answer.exit_code, last) == (1, f"{len(said)} errors in {tmp_path / 'kurs'}. Nothing was imported.")
    assert session.scalar(select(func.count()).select_from(CourseVersion)) == 0


def place(error: str) -> tuple[str, int]:
    """Return the file and the line that an error names."""
    path, line, *_text = error.split(":")
    return path, int(line) if line.strip().isdecimal() else 0


def test_what_a_refused_file_would_have_been_is_not_missed(small_course: dict[str, bytes], tmp_path: Path) -> None:
    small_course[LESSON] += b"\n[Datei](media/boese.exe)\n\n![Ein Bild](media/Bild.svg)\n"
    small_course["media/boese.exe"] = b"MZ"
    small_course["media/Bild.svg"] = small_course["media/01-weg.svg"]
    links = ["course.toml", "glossary.yaml", "live", QUESTIONS, "modules/02-ende/lessons", "modules/02-ende/module.toml"]
    kept = {path: content for path, content in small_course.items() if not path.startswith(tuple(links))}
    write_archive(kept, tmp_path / "kurs")
    for path in links:
        (tmp_path / "kurs" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "kurs" / path).symlink_to("/nirgendwo")
    found = read_archive(tmp_path / "kurs")
    draft, errors = check_archive(found.files, found.errors)
    assert (draft, {error.path for error in errors}) == (None, {*links, "media/boese.exe", "media/Bild.svg"})
    assert len(errors) == len(found.errors), printed(errors)


def test_a_file_that_cannot_be_parsed_hides_only_itself(small_course: dict[str, bytes]) -> None:
    for path in ("course.toml", MODULE, QUESTIONS, SURVEY, "glossary.yaml"):
        small_course[path] = b"[[\n"
    small_course["live/01-auftakt.md"] = b"<b>\n"
    small_course[LESSON] = b"---\ntitle: Ohne Ende\n\n# Text\n"
    said = [error.split(": ")[0] for error in errors_of(small_course)]
    assert said == [
        "course.toml:1",
        "glossary.yaml:2",
        "live/01-auftakt.md:1",
        f"{LESSON}:1",
        f"{LESSON}:4",
        f"{MODULE}:1",
        f"{QUESTIONS}:2",
        f"{SURVEY}:2",
    ]


def test_signs_that_must_not_be_in_a_text_hide_nothing(small_course: dict[str, bytes]) -> None:
    small_course[LESSON] = b"\xef\xbb\xbf" + small_course[LESSON].replace(b"\n", b"\r\n") + b"\x00\xff\r\n\r\n<b>\r\n"
    said = [error.split(": ")[1] for error in errors_of(small_course)]
    assert said == [
        "Lines must end with LF, not with CR LF.",
        "There is a byte order mark in the text. Save the file as UTF-8 without it.",
        "There is a NUL character in the text.",
        "This is not UTF-8. Save the file as UTF-8.",
        "HTML is not allowed. Write Markdown.",
    ]


def test_anchors_and_tags_are_each_refused_and_the_rest_is_read(small_course: dict[str, bytes]) -> None:
    text = "- id: &a eins\n  term: *a\n  text: T\n- id: zwei\n  term: [*a, *b]\n  text: !x T\n- id: drei\n  term: T\n  wort: T\n"
    small_course["glossary.yaml"] = text.encode()
    said = [error.partition(". ")[0] for error in errors_of(small_course) if error.startswith("glossary.yaml")]
    anchors = "Anchors (&) and aliases (*) are not allowed"
    assert said[:1] == [f"glossary.yaml:1: {anchors}"]
    assert [one.split(": ")[0] for one in said] == [f"glossary.yaml:{line}" for line in (1, 2, 5, 5, 6)]
    small_course["glossary.yaml"] = text.replace("[*a, *b]", "*a").encode()
    said = [error.partition(". ")[0] for error in errors_of(small_course) if error.startswith("glossary.yaml")]
    assert [one.split(": ")[0] for one in said] == [f"glossary.yaml:{line}" for line in (1, 2, 5, 6, 7, 9)]


def test_a_damaged_file_in_a_zip_hides_no_other(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("pages/a.md", b"richtig")
        archive.writestr("pages/b.MD", b"")
    (tmp_path / "a.zip").write_bytes(packed.getvalue().replace(b"richtig", b"falsch!"))
    assert [error.split(". ")[0] for error in printed(read_archive(tmp_path / "a.zip").errors)] == [
        "pages/a.md: This file is damaged in the archive",
        "pages/b.MD: The name must be in lower case: pages/b.md.",
    ]


def test_too_many_files_are_said_of_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_FILES", 1)
    names = ["a", "b", "c"]
    write_archive({f"pages/{name}.md": b"" for name in names}, tmp_path / "kurs.zip")
    write_archive({f"pages/{name}.md": b"" for name in names}, tmp_path / "kurs")
    for name in ("kurs.zip", "kurs"):
        found = read_archive(tmp_path / name)
        assert printed(check_archive(found.files, found.errors)[1]) == [f"{name}: There are too many files; 1 are allowed."]


def test_a_plan_with_a_head_but_no_title_is_refused_before_somebody_opens_it(small_course: dict[str, bytes]) -> None:
    assert errors_of(small_course) == []
    small_course["live/01-auftakt.md"] = b"---\nminutes: 3\n---\nText\n"
    assert errors_of(small_course) == [
        "live/01-auftakt.md:2: The key “minutes” is unknown here. Known are title.",
        "live/01-auftakt.md:2: The key “title” is missing.",
    ]
