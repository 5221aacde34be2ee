"""Every option of all twelve types, through the archive and each format: the same comes back, or it is refused by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select

from assessments.exchange.formats.registry import NAMES
from assessments.exchange.queries import load_picture, newest_versions, question_of, questions_for
from assessments.exchange.reading import read_questions
from assessments.exchange.writing import write_questions
from assessments.exchange.written import meaningful
from assessments.items.interactions.registry import INTERACTIONS
from assessments.items.models import ItemVersion
from assessments.items.rules import COMMON_KEYS, question_problems
from courses.archive.actions import import_course
from courses.archive.queries import get_archive
from courses.archive.reading import read_archive
from courses.archive.writing import write_archive
from lms.clock import now
from lms.db import session, transaction
from tests.assessments.exchange.definitions import PLAN
from tests.assessments.exchange.every_option import OPTIONS, every_question
from tests.assessments.twelve import PICTURE, twelve_types
from tests.cast import Cast

PATH = "modules/01-anfang/questions/01-aufbruch.yaml"
#: What a format cannot say; everything else comes back as it was.
REFUSED = {
    "gift": {
        "single-as-written", "multiple-all", "multiple-partial", "multiple-weighted", "true-why", "true-why-or",
        "text-case", "text-umlauts",
        "number-relative", "number-values-relative", "number-units", "pairs-others", "pairs-shuffle", "order-pairs",
        "order-places", "order-all", "order-others", "sorted-others", "gaps-chosen-others", "place-or-place",
        "gaps", "gaps-case", "gaps-umlauts", "gaps-points", "gaps-said", "gaps-chosen-points",
        "gaps-chosen-said", "place", "places", "place-as-written", "essay",
        "file", "file-table",
    },
    "moodle-xml": {
        "multiple-partial", "true-why", "true-why-or", "text-umlauts", "number-relative", "number-values-relative",
        "order-pairs", "gaps-umlauts", "place", "places", "place-as-written",
        "pairs-others", "order-others", "sorted-others", "place-or-place",
    },
    "qti": {
        "true-why", "true-why-or", "text-umlauts", "text-star", "text-order", "number-units", "number-values-relative",
        "gaps-said", "gaps-chosen-said", "order-pairs", "order-places", "gaps-umlauts",
        "place-as-written", "pairs-others", "order-others", "sorted-others",
    },
}  # fmt: skip


def test_no_option_is_forgotten() -> None:
    """Each key of each type, and each way of scoring, is in some question, and all of them are good ones."""
    assert {type_name for type_name, _body in OPTIONS.values()} == set(INTERACTIONS)
    for type_name, interaction in INTERACTIONS.items():
        bodies = [body for name, body in OPTIONS.values() if name == type_name]
        assert {key for body in bodies for key in body} == set(interaction.KEYS), type_name
        ways = getattr(interaction, "SCORINGS", ())
        assert {body.get("scoring") for body in bodies if ways} == set(ways)
    for question in every_question(bare=False):
        assert question_problems(question) == []
        assert set(question) >= COMMON_KEYS


def plan(address: str) -> bytes:
    """Return the only picture that there is."""
    assert address == PLAN
    return PICTURE.encode()


@pytest.mark.parametrize("bare", [True, False])
@pytest.mark.parametrize("format_name", list(REFUSED))
def test_into_a_format_and_back(format_name: str, bare: bool) -> None:
    questions = every_question(bare=bare)
    written = write_questions(questions, format_name, plan)
    if format_name == "gift" and not bare:
        assert not written.written, "GIFT knows no points"
        questions = [{key: value for key, value in one.items() if key != "points"} for one in questions]
        written = write_questions(questions, format_name, plan)
    if format_name == "moodle-xml" and bare:
        assert {one["type"] for one in questions if one["id"] in dict(written.refused).keys() - REFUSED[format_name]} == {"gaps"}
        questions = [one | ({"points": 4} if one["type"] == "gaps" else {}) for one in questions]  # one for two gaps is none each
        written = write_questions(questions, format_name, plan)
    assert {key for key, _reason in written.refused} == REFUSED[format_name]
    assert all(NAMES[format_name] in str(reason.values["format"]) for _key, reason in written.refused)
    first = [entry.question for entry in read_questions(written.content, "x").entries]
    assert first == [meaningful(one) for one in questions if one["id"] in written.written]
    again = write_questions([one for one in first if one], format_name, plan)
    assert (again.refused, again.content) == ([], written.content)


def archive_of(questions: list[dict[str, Any]]) -> dict[str, bytes]:
    """Return the files of a course with these questions."""
    files = twelve_types()
    files[PATH] = yaml.safe_dump(json.loads(json.dumps(questions)), allow_unicode=True, sort_keys=False).encode()
    return files


def test_through_the_archive(cast: Cast, tmp_path: Path) -> None:
    """In, out and in again: the same bytes, the same versions of the questions."""
    questions = [one | ({"image": "media/plan.svg"} if "image" in one else {}) for one in every_question(bare=False)]
    with transaction():
        first = import_course(archive_of(questions), actor=cast.coordinator, at=now()).version
    write_archive(get_archive(first), tmp_path / "kurs.zip")
    back = read_archive(tmp_path / "kurs.zip")
    assert back.errors == []
    assert back.files == archive_of(questions)
    with transaction():
        assert not import_course(back.files, actor=cast.coordinator, at=now()).created
    versions = list(newest_versions(first.course_id).values())
    assert [question_of(version) for version in versions] == questions
    written = write_questions(questions_for(first.course_id, versions, "yaml"), "yaml", load_picture)
    assert written.refused == []
    before = session.scalar(select(func.count()).select_from(ItemVersion))
    with transaction():
        import_course({**back.files, PATH: written.content}, actor=cast.coordinator, at=now())
    assert session.scalar(select(func.count()).select_from(ItemVersion)) == before, "the questions are the same"
    bank = questions_for(first.course_id, newest_versions(first.course_id).values(), "yaml")
    assert write_questions(bank, "yaml", load_picture).content == written.content
