"""Keys that are mended on the page, and every attempt that is scored anew: texts, numbers and areas of a picture."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from assessments.attempts.models import Attempt
from assessments.items.models import ItemRepair, ItemVersion
from assessments.wording.actions import reword_item
from courses.archive.actions import import_course
from courses.cohorts.actions import create_cohort, enrol_person
from lms.clock import now
from lms.db import session, transaction
from tests.assessments.repair.confirming import confirm, shown_by
from tests.assessments.taking import hand_in
from tests.assessments.twelve import ASKED, twelve_types
from tests.cast import Cast, signed_in

SAID = {"kind": "key", "never_lower": "y", "reason": "Das gilt auch."}
WRONG: dict[str, dict[str, Any]] = {
    "hotspot": {"areas": [1]}, "short_text": {"text": "Verbund"}, "numerical": {"text": "20", "unit": "kWh"},
    "gaps": {"gaps": {"b": 0}},
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
    ("type_name", "fields"),
    [
        ("hotspot", {"key-right": "1"}),
        ("short_text", {"key-accepted": "Zweckverband\r\nAmt *\r\nVer\x00bund"}),
        ("numerical", {"key-value": "12,5", "key-tolerance": "0,5", "key-new-0-value": "20", "key-new-0-tolerance": "",
                       "key-new-0-percent": "100", "key-new-0-feedback": "Mit\x00 *Vorschaltgerät*."}),
        ("gaps", {"key-a": "Amt", "key-a-percent-1": "50", "key-b": "Dorf", "key-b-percent-0": "50"}),
    ],
)  # fmt: skip
def test_a_key_is_mended_and_taken_back(office: FlaskClient, type_name: str, fields: dict[str, str]) -> None:
    before = newest(type_name)
    path = f"/questions/{before.id}/repair"
    shown = office.post(path, data=SAID | fields | {"step": "preview"})
    assert ("0,25 / 12" if type_name == "gaps" else "1 / 12") in shown.text
    assert points() == 0
    assert confirm(office, path, SAID | fields).status_code == 302
    assert points() == (25 if type_name == "gaps" else 100)
    after = newest(type_name)
    back = {"kind": "take_back", "reason": "Doch nicht."}
    assert confirm(office, f"/questions/{after.id}/repair", back).status_code == 302
    assert points() == 0
    assert newest(type_name).definition == before.definition


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
