"""The course that comes along, read as its readers would: length, objectives, sources, questions, balance, links."""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient

from assessments.items.interactions.gaps import option_texts
from courses.archive.actions import import_course
from courses.archive.checking import check_archive
from courses.archive.reading import read_archive
from lms.db import session, transaction
from tests.cast import NOW, Cast, signed_in

COURSE = Path(__file__).parents[2] / "courses/catalogue/smart-city-manager"
MODULES = sorted(path.name for path in (COURSE / "modules").iterdir())
LESSONS = sorted(path.relative_to(COURSE).as_posix() for path in COURSE.glob("modules/*/lessons/*.md"))
DRAWINGS = sorted(path.name for path in COURSE.glob("media/*.svg"))
CHOICES = ("single_choice", "multiple_choice")


@cache
def lesson(path: str) -> tuple[dict[str, Any], str]:
    """Return front matter and body of a lesson."""
    _empty, front, body = (COURSE / path).read_text().split("---\n", 2)
    return yaml.safe_load(front), body


@cache
def questions(module: str) -> list[dict[str, Any]]:
    """Return the questions of a module."""
    files = sorted((COURSE / "modules" / module / "questions").glob("*.yaml"))
    return [question for file in files for question in yaml.safe_load(file.read_text())]


@cache
def outline() -> dict[str, Any]:
    """Return course.toml."""
    return tomllib.loads((COURSE / "course.toml").read_text())


def all_texts() -> dict[str, str]:
    """Return every Markdown text of the course."""
    return {path.relative_to(COURSE).as_posix(): path.read_text() for path in COURSE.rglob("*.md")}


def test_the_importer_and_the_publish_check_are_content(app: Flask) -> None:
    found = read_archive(COURSE)
    assert found.errors == []
    assert check_archive(found.files)[1] == []


def test_the_programme_is_complete() -> None:
    assert len(MODULES) == 10
    assert len(LESSONS) == 31
    assert sum(len(questions(module)) for module in MODULES) >= 140
    assert outline()["ue"] == {"live": 40, "self_study": 20, "project": 12}
    ue = [tomllib.loads((COURSE / "modules" / name / "module.toml").read_text())["ue"] for name in MODULES]
    assert sum(ue) == outline()["ue"]["self_study"]
    assert sum(live["ue"] for live in outline()["live_sessions"]) == outline()["ue"]["live"]


@pytest.mark.parametrize("path", LESSONS)
def test_a_lesson_has_substance(path: str) -> None:
    front, body = lesson(path)
    words = len(re.findall(r"\w[\w-]*", re.sub(r"\]\([^)]*\)", "]", body)))
    assert 600 <= words <= 1000, words
    assert 2 <= len(front["objectives"]) <= 4
    assert len(front["sources"]) >= 2
    assert 15 <= front["minutes"] <= 30
    for kind in ("case", "task", "checklist"):
        assert len(re.findall(rf"^::: {kind} ", body, re.MULTILINE)) == 1, kind
    checklist = body.split("::: checklist ")[1].split(":::")[0]
    assert 4 <= checklist.count("\n- ") <= 7
    assert re.search(r"\berfunden", body), "the worked case says that it is invented"


@pytest.mark.parametrize("path", LESSONS)
def test_a_source_names_its_state_or_where_it_is(path: str) -> None:
    for source in lesson(path)[0]["sources"]:
        assert "url" in source or "note" in source or re.search(r"\d{4}", source["title"]), source["title"]


def test_glossary_links_resolve_and_the_glossary_is_used() -> None:
    words = {word["id"] for word in yaml.safe_load((COURSE / "glossary.yaml").read_text())}
    assert len(words) >= 60
    linked = {target for text in all_texts().values() for target in re.findall(r"\]\(glossary:([^)]+)\)", text)}
    assert linked <= words
    assert words - linked == set(), "a word that no lesson links is not found by anybody"


def test_every_word_of_the_glossary_is_one_sentence() -> None:
    for word in yaml.safe_load((COURSE / "glossary.yaml").read_text()):
        assert word["text"].endswith("."), word["id"]
        assert len(re.findall(r"[.!?](?= [A-ZÄÖÜ])", word["text"])) == 0, word["id"]


@pytest.mark.parametrize("path", [path for path in LESSONS if "](media/" in lesson(path)[1]])
def test_a_picture_says_what_it_tells(path: str) -> None:
    for text, _name in re.findall(r"!\[([^\]]*)\]\((media/[^)]+)\)", lesson(path)[1]):
        assert len(text.split()) >= 6
        assert not text.startswith(("Bild", "Diagramm", "Abbildung", "Grafik"))


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_small_titled_and_readable(name: str) -> None:
    content = (COURSE / "media" / name).read_bytes()
    root = ElementTree.fromstring(content)
    assert len(content) <= 6_000
    assert root.find("{http://www.w3.org/2000/svg}title") is not None
    sizes = [int(size) for size in re.findall(rb'font-size="(\d+)', content)]
    assert min(sizes) >= 14
    shown = [*all_texts().values(), *(path.read_text() for path in COURSE.glob("modules/*/questions/*.yaml"))]
    assert any(f"media/{name}" in text for text in shown), "no lesson and no question shows it"


@pytest.mark.parametrize("module", MODULES)
def test_questions_teach(module: str) -> None:
    asked = questions(module)
    assert len(asked) >= 14
    assert len({question["type"] for question in asked}) >= 6
    assert len({question["difficulty"] for question in asked}) >= 2
    for question in asked:
        assert len(question["explanation"].split()) >= 8, question["id"]
        assert len(question["tags"]) == 2, question["id"]
        for tag in question["tags"]:  # shown to those in charge: as one writes it, not as a file's name
            assert re.fullmatch(r"[A-ZÄÖÜ][A-Za-zÄÖÜäöüß ]+", tag), tag
            assert not re.search(r"ae|oe|[^Qq]ue(?!ll)", tag), tag
        if question["type"] in CHOICES:
            unexplained = [a["text"] for a in question["answers"] if not a.get("correct") and "feedback" not in a]
            assert unexplained == [], question["id"]


@pytest.mark.parametrize("module", MODULES)
def test_no_entry_of_a_list_was_cut_at_a_comma(module: str) -> None:
    for question in questions(module):
        entries = [member for category in question.get("categories", []) for member in category["members"]]
        entries += question.get("steps", [])
        entries += [one for gap in question.get("gaps", []) if "options" in gap for one in option_texts(gap)]
        halves = [entry for entry in entries if re.match(r"(der|die|das|und|oder|weil|wenn|dass)\b", entry)]
        assert halves == [], question["id"]


def test_the_right_answer_is_neither_longer_nor_in_a_favourite_place() -> None:
    single = [question for module in MODULES for question in questions(module) if question["type"] == "single_choice"]
    places: Counter[int] = Counter()
    longest = 0
    for question in single:
        right = next(number for number, answer in enumerate(question["answers"]) if answer.get("correct"))
        places[right] += 1
        lengths = [len(answer["text"]) for answer in question["answers"]]
        longest += lengths[right] == max(lengths)
    assert longest <= len(single) / 3, f"{longest} of {len(single)}"
    assert max(places.values()) <= len(single) * 0.45, places
    assert all(places[number] >= len(single) * 0.12 for number in range(4)), places


def test_truth_is_balanced() -> None:
    values = [q["correct"] for module in MODULES for q in questions(module) if q["type"] == "true_false"]
    assert 0.25 <= sum(values) / len(values) <= 0.75


@pytest.mark.parametrize("number", range(1, 11))
def test_a_morning_is_planned_to_the_minute(number: int) -> None:
    live = outline()["live_sessions"][number - 1]
    assert live["module"] == MODULES[number - 1][3:]
    text = (COURSE / live["plan"]).read_text()
    rows = re.findall(r"^\| (\d+):(\d\d) \| (\d+) min \|", text, re.MULTILINE)
    clock = 9 * 60
    for hour, minute, length in rows:
        assert int(hour) * 60 + int(minute) == clock, f"{hour}:{minute}"
        clock += int(length)
    assert clock == 12 * 60 + 15
    for heading in ("Vorbereitung und Material", "Ablauf", "Interkommunale Übung", "Abschluss"):
        assert f"## {heading}" in text
    assert "Leitung schwach" in text


def test_every_module_is_told_in_english() -> None:
    for name in MODULES:
        module = tomllib.loads((COURSE / "modules" / name / "module.toml").read_text())
        assert len(module["en"]["summary"].split()) >= 15
        assert len(module["en"]["objectives"]) == len(module["objectives"])


def test_every_module_and_the_whole_are_evaluated() -> None:
    about = Counter(yaml.safe_load(path.read_text())["about"] for path in COURSE.glob("surveys/*.yaml"))
    assert about == {"module": 10, "course": 1}


def test_the_project_has_five_criteria_of_five_levels_examples_and_a_form() -> None:
    [project] = outline()["assignments"]
    assert [len(criterion["levels"]) for criterion in project["criteria"]] == [5] * 5
    instructions = (COURSE / project["instructions"]).read_text()
    assert len(re.findall(r"\*\*\d Punkte?:\*\*", instructions)) >= 9
    assert (COURSE / project["peer_review_form"]).exists()
    assert (COURSE / project["template"]).exists()


def test_every_criterion_of_the_project_has_examples() -> None:
    [project] = outline()["assignments"]
    examples = (COURSE / project["instructions"]).read_text().split("## Was welche Stufe verdient")[1].split("\n## ")[0]
    parts = {part.split("\n")[0]: part for part in examples.split("\n### ")[1:]}
    assert list(parts) == [criterion["title"] for criterion in project["criteria"]]
    for title, part in parts.items():
        levels = [int(level) for level in re.findall(r"\*\*(\d) Punkte?:\*\*", part)]
        assert len(levels) >= 3, title
        assert levels == sorted(levels), title


def test_the_template_of_the_project_is_a_document_that_can_be_heard() -> None:
    [project] = outline()["assignments"]
    with zipfile.ZipFile(COURSE / project["template"]) as file:
        assert file.infolist()[0].filename == "mimetype"
        assert file.read("mimetype") == b"application/vnd.oasis.opendocument.text"
        content, styles, meta = (ElementTree.fromstring(file.read(f"{part}.xml")) for part in ("content", "styles", "meta"))
    assert meta.findtext(".//{*}title")
    assert meta.findtext(".//{*}language") == "de-DE"
    languages = {value for text in styles.iter() for name, value in text.items() if name.endswith("}language")}
    assert languages == {"de"}
    headings = [
        int(level) for heading in content.iter() for name, level in heading.items() if name.endswith("}outline-level")
    ]
    assert headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    tables = content.findall(".//{*}table")
    assert len(tables) >= 4
    for table in tables:
        assert table.find("{*}table-header-rows") is not None
        assert table.findtext("{*}title")
    text = " ".join(content.itertext())
    missing = [criterion["title"] for criterion in project["criteria"] if criterion["title"].split(":")[0] not in text]
    assert missing == []


def test_leichte_sprache_keeps_to_short_sentences_each_on_its_line() -> None:
    text = (COURSE / "pages/leichte-sprache.md").read_text().split("---\n", 2)[2]
    for line in filter(None, text.splitlines()):
        bare = re.sub(r"[*\\#-]", "", line).strip()
        assert len(bare.split()) <= 9, bare
        assert len(re.findall(r"[.?](?=\s|$)", bare)) <= 1, bare
        assert "," not in bare, bare
        long = [word for word in re.findall(r"\w+", bare) if len(word) > 13]
        assert long == [], bare
    paragraphs = [part for part in text.split("\n\n") if not part.lstrip().startswith(("#", "-"))]
    for part in paragraphs:
        assert all(line.endswith("\\") for line in part.strip().splitlines()[:-1]), part


def test_nothing_is_shouted_and_nobody_is_left_out() -> None:
    for path, text in all_texts().items():
        assert "!" not in text.replace("![", ""), path
        assert not re.search(r"\w(\*|:|_)innen\b", text), path


def test_staff_find_plans_pages_and_questionnaires(cast: Cast, app: Flask) -> None:
    with transaction():
        version = import_course(read_archive(COURSE).files, actor=None, at=NOW).version
        session.flush()
        number = version.id
    trainer: FlaskClient = signed_in(app, cast.trainer)
    page = trainer.get(f"/content/{number}").text
    links = set(re.findall(rf'href="(/content/{number}/(?:plans|pages|surveys)/[^"]+)"', page))
    assert len(links) == 10 + 1 + 11
    for link in sorted(links):
        assert trainer.get(link).status_code == 200, link
    participant = signed_in(app, cast.participant)
    assert participant.get(f"/content/{number}/plans/live-01").status_code == 403
