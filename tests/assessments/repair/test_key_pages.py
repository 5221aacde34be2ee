"""Keys that are mended on the page, and every attempt that is scored anew: texts, numbers, areas, and further solutions."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from assessments.attempts.models import Attempt
from assessments.exchange.queries import load_picture, newest_versions, questions_for
from assessments.exchange.writing import write_questions
from assessments.items.actions import content_hash
from assessments.items.models import ItemRepair, ItemVersion
from assessments.items.rules import question_problems
from assessments.wording.actions import reword_item
from courses.archive.actions import import_course
from courses.cohorts.actions import create_cohort, enrol_person
from lms.clock import now
from lms.db import session, transaction
from tests.assessments.repair.confirming import confirm, shown_by
from tests.assessments.taking import hand_in
from tests.assessments.twelve import ASKED, twelve_types
from tests.cast import Cast, signed_in

QUESTIONS_FILE = "modules/01-anfang/questions/01-aufbruch.yaml"
SAID = {"kind": "key", "never_lower": "y", "reason": "Das gilt auch."}
WRONG: dict[str, dict[str, Any]] = {
    "hotspot": {"areas": [1]}, "short_text": {"text": "Verbund"}, "numerical": {"text": "20", "unit": "kWh"},
    "gaps": {"gaps": {"b": 0}}, "matching": {"match": [1, 0]}, "ordering": {"places": [2, 1, 0]},
    "categorising": {"categories": [1, 1, 0]}, "single_choice": {"choice": 0}, "true_false": {"value": True, "reason": 0},
}  # fmt: skip


@pytest.fixture
def office(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The coordinator, after the participant has handed in an attempt in which all is wrong."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)  # these tests ask what the form does, not whether it was ours
    with transaction():
        version = import_course(twelve_types(), actor=cast.coordinator, at=now()).version
        begin = (now() - timedelta(days=7)).date()
        cohort = create_cohort(version, slug="arten", title="Arten", begin_date=begin, end_date=begin + timedelta(90), seats=20,
                               zone="Europe/Berlin", trainers=[], actor=cast.coordinator, at=now())  # fmt: skip
        enrol_person(cohort, cast.participant, municipality_ags=None, actor=cast.coordinator, at=now())
        hand_in(cast.participant.email, WRONG)
    return signed_in(app, cast.coordinator)


def newest(type_name: str) -> ItemVersion:
    """Return the newest version of the question of this type."""
    query = select(ItemVersion).where(ItemVersion.type == type_name).order_by(ItemVersion.number.desc())
    return session.scalars(query).first() or pytest.fail(type_name)


def points() -> int | None:
    """Return the points of the attempt, in hundredths."""
    session.expire_all()
    return session.scalars(select(Attempt)).one().score_hundredths


@pytest.mark.parametrize(
    ("type_name", "worth", "fields"),
    [
        ("single_choice", 100, {"key-right": ["0", "1"]}),
        ("true_false", 100, {"key-right": "true", "key-reason": ["0", "1"]}),
        ("hotspot", 100, {"key-right": "1"}),
        ("hotspot", 100, {"key-right": ["0", "1"]}),
        ("short_text", 100, {"key-accepted": "Zweckverband\r\nAmt *\r\nVer\x00bund"}),
        ("numerical", 100, {"key-value": "12,5", "key-tolerance": "0,5", "key-new-0-value": "20", "key-new-0-tolerance": "",
                       "key-new-0-percent": "100", "key-new-0-feedback": "Mit\x00 *Vorschaltgerät*."}),
        ("gaps", 25, {"key-a": "Amt", "key-a-percent-1": "50", "key-b": "Dorf", "key-b-percent-0": "50"}),
        ("gaps", 50, {"key-a": "Amt", "key-a-percent-1": "50", "key-b": "Dorf", "key-b-percent-0": "100"}),
        ("matching", 100, {"key-new-0": "1", "key-new-1": "0"}),
        ("ordering", 100, {"key-new-0": "2", "key-new-2": "0"}),
        ("categorising", 67, {"key-new-0": "1", "key-new-1": "1"}),
    ],
)  # fmt: skip
def test_a_key_is_mended_and_taken_back(
    office: FlaskClient, type_name: str, worth: int, fields: dict[str, str | list[str]]
) -> None:
    before = newest(type_name)
    path = f"/questions/{before.id}/repair"
    shown = office.post(path, data=SAID | fields | {"step": "preview"})
    assert f"{worth / 100:g} / 12".replace(".", ",") in shown.text
    assert points() == 0
    assert confirm(office, path, SAID | fields).status_code == 302
    assert points() == worth
    after = newest(type_name)
    assert question_problems({"id": "q", "type": type_name} | after.definition) == [], "an author could have written it"
    back = {"kind": "take_back", "reason": "Doch nicht."}
    assert confirm(office, f"/questions/{after.id}/repair", back).status_code == 302
    assert points() == 0
    assert newest(type_name).definition == before.definition


def test_solutions_are_added_one_by_one_and_removed(office: FlaskClient) -> None:
    """Each repair adds one; all are shown, and one that is removed counts no more, unless nobody's attempt may get worse."""
    for number, fields in enumerate(({"key-new-0": "1", "key-new-1": "0"}, {"key-new-1": "2"}), start=1):
        assert confirm(office, f"/questions/{newest('matching').id}/repair", SAID | fields).status_code == 302
        assert points() == 100
        assert len(newest("matching").definition["other_solutions"]) == number
    path = f"/questions/{newest('matching').id}/repair"
    page = office.get(path).text
    for number, part in ((1, "1 → b"), (2, "2 → c")):
        assert f"Weitere richtige Lösung {number} entfernen" in page
        assert f"<li>{part}</li>" in page
    told = office.post(path, data=SAID | {"key-new-1": "2", "step": "preview"}).text
    assert 'href="#key-new-1"' in told
    assert "Diese Lösung ist schon richtig." in told
    assert '<details class="key-new" open>' in told
    assert confirm(office, path, SAID | {"key-remove-0": "1"}).status_code == 302
    assert points() == 100, "nobody's attempt may get worse"
    assert newest("matching").definition["other_solutions"] == [[1, 3]]
    lower = {"kind": "key", "reason": "Doch nicht.", "key-new-0": "2"}
    assert confirm(office, f"/questions/{newest('matching').id}/repair", lower).status_code == 302
    assert points() == 0
    assert newest("matching").definition["other_solutions"] == [[1, 3], [3, 2]]


def test_a_review_shows_what_is_right_as_well(app: Flask, cast: Cast, office: FlaskClient) -> None:
    for type_name, fields in (
        ("matching", {"key-new-0": "1", "key-new-1": "0"}), ("categorising", {"key-new-0": "1"}),
        ("gaps", {"key-a": "Amt", "key-a-percent-1": "50", "key-b": "Dorf", "key-b-percent-0": "100"}),
    ):  # fmt: skip
        assert confirm(office, f"/questions/{newest(type_name).id}/repair", SAID | fields).status_code == 302
    attempt = session.scalars(select(Attempt)).one()
    page = signed_in(app, cast.participant).get(f"/attempts/{attempt.id}/result").text
    assert "Ebenfalls richtig:" in page
    assert "<li>1 → a</li>" in page, "the answer was the further solution, so the first one is shown beside it"
    assert "x · ebenfalls richtig: y" in page
    assert "Dorf · ebenfalls richtig: Kreis" in page


def test_a_further_solution_is_in_the_archive_that_is_written(cast: Cast, office: FlaskClient) -> None:
    """Out and in again nothing changes, whether the parts have stayed or the first key was changed as well."""
    for type_name, fields in (
        ("matching", {"key-new-0": "1", "key-new-1": "0"}), ("categorising", {"key-new-0": "1"}),
        ("ordering", {"key-0": "1", "key-1": "0", "key-new-0": "2", "key-new-2": "1"}), ("hotspot", {"key-right": ["0", "1"]}),
        ("single_choice", {"key-right": ["0", "1"]}), ("true_false", {"key-right": "false", "key-reason": ["0", "1"]}),
        ("gaps", {"key-a": "Amt", "key-a-percent-1": "50", "key-b": "Dorf", "key-b-percent-0": "100"}),
    ):  # fmt: skip
        assert confirm(office, f"/questions/{newest(type_name).id}/repair", SAID | fields).status_code == 302
    course_id = newest("matching").item.course_id
    with transaction():  # as a repair wrote it before
        repaired = newest("single_choice")
        answers = [{"text": "a", "correct": True}, {"text": "b", "correct": True}, {"text": "c"}]
        before = repaired.definition | {"answers": answers}
        session.execute(update(ItemVersion).where(ItemVersion.id == repaired.id)
                        .values(definition=before, sha256=content_hash("single_choice", before)))  # fmt: skip

    def written() -> bytes:
        questions = questions_for(course_id, newest_versions(course_id).values(), "yaml")
        return write_questions(questions, "yaml", load_picture).content

    first = written()
    with transaction():
        import_course(twelve_types() | {QUESTIONS_FILE: first}, actor=cast.coordinator, at=now())
    assert written() == first
    assert {one.type: one.number for one in newest_versions(course_id).values() if one.number > 1} == {
        "matching": 2, "categorising": 2, "ordering": 3, "hotspot": 2, "gaps": 2, "single_choice": 3, "true_false": 2
    }  # fmt: skip
    steps = newest("ordering").definition
    assert newest("single_choice").definition["answers"][:2] == [{"text": "a", "correct": True}, {"text": "b", "percent": 100}]
    assert (steps["steps"], steps["other_solutions"]) == (["zwei", "eins", "drei"], [[1, 3, 2]])


@pytest.mark.parametrize(
    "before",
    [
        [{"correct": True}, {"correct": True}, {}],  # as a repair wrote it before
        [{"percent": 100}, {"correct": True}, {}],
        [{"correct": True}, {"percent": 100}, {"correct": False}],
    ],
)
def test_a_key_that_is_only_written_in_another_way_is_refused(office: FlaskClient, before: list[dict[str, Any]]) -> None:
    version = newest("single_choice")
    with transaction():
        answers = [{"text": text} | key for text, key in zip("abc", before, strict=True)]
        definition = version.definition | {"answers": answers}
        session.execute(update(ItemVersion).where(ItemVersion.id == version.id)
                        .values(definition=definition, sha256=content_hash("single_choice", definition)))  # fmt: skip
    path = f"/questions/{version.id}/repair"
    assert len(re.findall(r'name="key-right" value="[01]"[^>]* checked', office.get(path).text)) == 2
    unchanged = SAID | {"key-right": ["0", "1"]}
    for step in ("preview", "apply"):
        page = office.post(path, data=unchanged | {"step": step})
        assert page.status_code == 200
        assert "Die Frage ist wie vorher." in page.text
    assert session.scalars(select(ItemRepair)).all() == []
    assert confirm(office, path, SAID | {"key-right": ["0"]}).status_code == 302
    assert newest("single_choice").definition["answers"] == [{"text": "a", "correct": True}, {"text": "b"}, {"text": "c"}]


def test_a_bad_key_is_said_with_everything_else_and_nothing_is_lost(office: FlaskClient) -> None:
    fields = {"key-value": "zwölf", "key-tolerance": "0,5", "key-percent-0": "viel", "key-new-0-value": "1.000",
              "key-new-0-feedback": "Ein langer Satz."}  # fmt: skip
    path = f"/questions/{newest('numerical').id}/repair"
    page = office.post(path, data=SAID | {"reason": ""} | fields | {"step": "apply"}).text
    for field in ("reason", "key-value", "key-percent-0", "key-new-0-value"):
        assert f'href="#{field}"' in page
        assert f'id="{field}-error"' in page
    assert page.count('value="zwölf"') == page.count('value="viel"') == page.count('value="1.000"') == 1
    assert "Ein langer Satz." in page
    assert '<details class="key-new" open>' in page
    assert session.scalars(select(ItemRepair)).all() == []


def test_what_was_entered_while_others_changed_the_question_is_not_lost(cast: Cast, office: FlaskClient) -> None:
    old = newest("numerical")
    path = f"/questions/{old.id}/repair"
    entered = SAID | {"key-value": "13", "key-tolerance": "0,5", "step": "apply"}
    with transaction():
        texts = {"prompt": "Wie viel verbraucht die Leuchte im Jahr wohl?"}
        made = reword_item(old.item, texts, seen=old, actor=cast.coordinator, at=now())
    assert made is not None
    page = office.post(path, data=entered).text
    assert "neu formuliert" in page
    assert 'value="13"' in page
    assert "Das gilt auch." in page
    assert f'action="/questions/{made.id}/repair"' in page
    assert confirm(office, f"/questions/{made.id}/repair", entered).status_code == 302
    page = office.post(path, data=entered | {"key-value": "14", "reason": "Ein langer Grund."}).text
    assert "inzwischen berichtigt" in page
    assert 'value="13"' in page, "the key shows what holds now"
    assert "Ein langer Grund." in page
    assert len(session.scalars(select(ItemRepair)).all()) == 2


def test_only_what_was_shown_is_done(cast: Cast, office: FlaskClient) -> None:
    path = f"/questions/{newest('numerical').id}/repair"
    told = "nicht das, was Ihnen gezeigt wurde"
    entered = SAID | {"key-value": "20", "key-tolerance": "0,5"}
    page = office.post(path, data=entered | {"step": "apply"}).text
    assert told in page, "nothing was shown"
    shown = shown_by(page)
    page = office.post(path, data=entered | {"key-value": "21", "step": "apply", "outcome": shown}).text
    assert told in page, "the key was changed after the dry run"
    assert 'value="21"' in page
    with transaction():
        session.execute(update(Attempt).values(score_hundredths=50))
    page = office.post(path, data=entered | {"step": "apply", "outcome": shown}).text
    assert told in page, "the results have changed"
    assert session.scalars(select(ItemRepair)).all() == []
    assert office.post(path, data=entered | {"step": "apply", "outcome": shown_by(page)}).status_code == 302
    assert points() == 100


def test_who_presses_twice_sees_what_was_done(office: FlaskClient) -> None:
    path = f"/questions/{newest('numerical').id}/repair"
    entered = SAID | {"key-value": "13", "key-tolerance": "0,5"}
    shown = shown_by(office.post(path, data=entered | {"step": "preview"}).text)
    answers = [office.post(path, data=entered | {"step": "apply", "outcome": shown}) for _twice in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert answers[0].location == answers[1].location


def test_points_of_answers_are_mended(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    answers = [{"text": "A", "correct": True, "percent": 100}, {"text": "B", "feedback": "Fast."}, {"text": "C", "percent": -50}]
    monkeypatch.setitem(ASKED, "multiple_choice", {"prompt": "Welche?", "scoring": "weighted", "answers": answers})
    monkeypatch.setitem(WRONG, "multiple_choice", {"choices": [1, 2]})
    office: FlaskClient = request.getfixturevalue("office")
    path = f"/questions/{newest('multiple_choice').id}/repair"
    shown = office.get(path).text
    assert 'id="key-percent-1" name="key-percent-1" inputmode="decimal" autocomplete="off" value="0"' in shown
    assert 'value="-50"' in shown
    fields = SAID | {"key-percent-0": "50", "key-percent-1": "40", "key-percent-2": "0"}
    refused = office.post(path, data=fields | {"step": "preview"}).text
    assert "make 100 per cent together" in refused or "zusammen 100" in refused
    assert 'value="40"' in refused
    assert confirm(office, path, fields | {"key-percent-1": "50"}).status_code == 302
    assert points() == 50
