"""The rarer ways in which an archive can be wrong have their sentences as well, with file and line, in both languages."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from courses import activity_kinds
from courses.archive import media
from courses.archive.checking import check_archive
from courses.archive.media import check_media
from courses.archive.reading import MAX_PATH, read_archive
from lms.sentences import plain_sentence
from tests.courses.archive.test_refusals import HEAD, LESSON, QUESTIONS, errors_of, printed, refuses
from tests.sayings import in_german

pytestmark = pytest.mark.usefixtures("plain_kinds")
FIRST = "modules/01-anfang/lessons/01-aufbruch.md"
MODULE = "modules/01-anfang/module.toml"
SURVEY = "surveys/abschluss.yaml"


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        ("course.toml", "live = 8", "live = 8000", "course.toml:10: “live” must be from 0 to 1000."),
        ("course.toml", "content_date = 2026-11-01", 'content_date = "bald"', "course.toml:5: “content_date” must be a date"),
        ("course.toml", 'language = "de"', 'language = "fr"', "course.toml:4: “language” must be one of de, en."),
        ("course.toml", 'title = "Kleiner Weg"', 'title = " "', "course.toml:3: “title” is empty."),
        ("course.toml", 'title = "Kleiner Weg"', f'title = "{"x" * 201}"', "course.toml:3: “title” is longer than 200"),
        ("course.toml", "objectives = [", "objectives = 3 #", "course.toml:7: “objectives” must be a list."),
        ("course.toml", 'objectives = ["Den', 'objectives = [7, "Den', "course.toml:7: Entry 1 of “objectives” must be a text"),
        ("course.toml", 'objectives = ["Den', 'objectives = [] # ["Den', "course.toml:7: “objectives” must have 1 to 12"),
        ("course.toml", "[ue]\nlive = 8\nself_study = 2\nproject = 4", "ue = 3", "course.toml:9: “ue” must have the keys live,"),
        ("course.toml", 'title = "Kleiner Weg"', 'title = """Kleiner Weg', "course.toml:3: This is not valid TOML."),
        (MODULE, "[quiz]", "[quiz.x]", f"{MODULE}: The key “title” is missing."),
        (LESSON, "minutes: 15", "minutes: .nan", f"{LESSON}:3: This is not a number that can be used."),
        (LESSON, "minutes: 15", "? [a]\n: 15", f"{LESSON}:3: A key must be a word."),
        (LESSON, "minutes: 15", "minutes: 2026-13-40", f"{LESSON}:3: This value cannot be read."),
        (LESSON, "---\nWeiter", "Weiter", f"{LESSON}:1: The front matter has no closing line ---."),
        (LESSON, "title: Unterwegs", "title: \x07", f"{LESSON}:2: This is not valid YAML."),
        (LESSON, "Weiter geht es.", "[Weiter]() geht es.", f"{LESSON}:7: The link is empty."),
        (LESSON, "::: note Gut", "::: note Eins\n\n::: note Gut", f"{LESSON}:9: This box is not closed by a line ::: before"),
        (FIRST, "https://bravors", "bravors", f"{FIRST}:8: “url” has a form that is not allowed here: “bravors"),
        (QUESTIONS, "- id: an-01", "- nur ein Satz\n- id: an-01", f"{QUESTIONS}:1: Entry 1 of the list must have the keys id,"),
        (SURVEY, "required: false", "required: nein", f"{SURVEY}:12: “required” must be true or false."),
        (SURVEY, "type: scale", "type: choice", f"{SURVEY}:4: A question of the type choice has “options”,"),
        (SURVEY, "type: scale", "type: text", f"{SURVEY}:4: A question of the type text has neither “low” and “high” nor"),
    ],
)  # fmt: skip
def test_a_wrong_text_is_refused_on_its_line(
    path: str, old: str, new: str, expected: str, small_course: dict[str, bytes]
) -> None:
    refuses(small_course, path, old, new, expected)


def test_what_is_missing_is_named(small_course: dict[str, bytes]) -> None:
    small_course[LESSON] = HEAD.encode()
    module = small_course[MODULE].decode()
    small_course[MODULE] = (module.partition("[quiz]")[0] + "[en]" + module.partition("[en]")[2]).encode()
    small_course["media/plan.pdf"] = b"%PDF-1.7"
    small_course[FIRST] = small_course[FIRST].replace(b"media/01-weg.svg", b"media/plan.pdf")
    del small_course["modules/02-ende/module.toml"]
    found = errors_of(small_course)
    assert f"{LESSON}:7: There is no text." in found
    assert f"{MODULE}:1: There are questions, but no table [quiz]." in found
    assert f"{FIRST}:14: media/plan.pdf is a document, not a picture. Link it instead." in found
    assert "modules/02-ende/module.toml: This file is missing." in found
    assert "modules: The course has no modules." in errors_of({"course.toml": small_course["course.toml"]})


def test_a_kind_that_nobody_registered_is_named(small_course: dict[str, bytes]) -> None:
    del activity_kinds._kinds["quiz"]  # the fixture puts it back
    found = printed(check_archive(small_course)[1])
    assert f"{MODULE}:6: This installation has no activities of the kind “quiz”." in found


def test_a_broken_glossary_or_picture_is_said_once(small_course: dict[str, bytes]) -> None:
    small_course["glossary.yaml"] = b"- id: amt\n  term: [Amt\n"
    small_course["media/01-weg.svg"] = b"<svg><x></svg>"
    assert [error.split(":")[0] for error in errors_of(small_course)] == ["glossary.yaml", "media/01-weg.svg"]


def test_a_picture_with_too_many_pixels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    Image.new("1", (1200, 2)).save(buffer, "PNG")
    monkeypatch.setattr(media, "MAX_PIXELS", 2000)
    _size, errors = check_media("media/a.png", buffer.getvalue())
    assert printed(errors) == ["media/a.png: The picture has 1200 × 2 pixels, which is too many."]
    assert in_german(errors[0].text).startswith("Das Bild hat 1.200 × 2 Bildpunkte.")


def test_an_encrypted_file_a_long_name_and_a_small_lie_in_a_zip_are_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    long = f"pages/{'x' * MAX_PATH}.md"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name in ("pages/a.md", "pages/b.md", long):
            archive.writestr(name, b"0" * 50)
    content = bytearray(packed.getvalue())
    first = content.index(b"PK\x01\x02")
    content[first + 8] |= 1  # the flag that says that it is encrypted
    second = content.index(b"PK\x01\x02", first + 4)
    content[second + 24 : second + 28] = (60).to_bytes(4, "little")  # more than it holds
    (tmp_path / "a.zip").write_bytes(content)
    found = printed(read_archive(tmp_path / "a.zip").errors)
    assert "pages/a.md: This file is encrypted." in found
    assert any(error.startswith("pages/b.md: This file is ") for error in found)
    assert f"{long}: The name is longer than 300 characters." in found


def test_what_is_neither_file_nor_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "leitung").mkdir()
    os.mkfifo(tmp_path / "leitung" / "rohr")
    assert printed(read_archive(tmp_path).errors) == ["leitung/rohr: This is neither a file nor a folder."]


def test_what_a_library_says_is_quoted_and_stays_english(small_course: dict[str, bytes]) -> None:
    small_course["glossary.yaml"] = b"- id: amt\n  term: [Amt\n"
    (error,) = [one for one in check_archive(small_course)[1] if one.path == "glossary.yaml"]
    assert error.quoted == "did not find expected ',' or ']'"
    assert str(error) == (
        "glossary.yaml:3: This is not valid YAML. "
        "The message of the program that reads it: did not find expected ',' or ']'"
    )
    assert error.quoted not in plain_sentence(error.text)
