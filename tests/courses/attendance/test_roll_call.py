"""The roll call: everyone present, then the exceptions; only what changes is appended."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import select

from courses.attendance.models import AttendanceMark
from courses.cohorts.models import Enrolment
from courses.progress.queries import standings_of_cohort
from courses.progress.rules import Attendance
from courses.schedule.models import LiveSession
from lms.audit.models import AuditEntry
from lms.db import session, transaction
from lms.frame.filters import datetime_text
from lms.kept_forms.actions import keep_form
from lms.permissions import Role
from tests.cast import NOW, Cast, make_person, signed_in


@pytest.fixture(autouse=True)
def without_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms are posted without a page before."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


def marks() -> list[tuple[str, int]]:
    """Return all marks in their order."""
    return [(mark.status, mark.ue) for mark in session.query(AttendanceMark).order_by(AttendanceMark.id)]


def fields(page: str) -> dict[str, str]:
    """Return what a browser would send of the roll call's page as it stands."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        said = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if said["type"] != "radio" or " checked" in tag:
            found[said["name"]] = said.get("value", "")
    return found


@pytest.fixture
def second(cast: Cast) -> Enrolment:
    """Another person of the trainer's cohort."""
    with transaction():
        person = make_person("Piotr", "Zweiter", Role.PARTICIPANT)
        made = Enrolment(cohort_id=cast.cohort.id, person=person, enrolled_at=NOW)
        session.add(made)
    return made


def test_marks_are_appended_and_only_when_they_change(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.trainer)
    path, name = f"/schedule/{cast.live_session.id}/attendance", f"status-{cast.enrolment.id}"
    for status, ue in (("present", ""), ("present", ""), ("partly", "3"), ("partly", "2"), ("excused", "")):
        data = fields(client.get(path).text) | {name: status, f"ue-{cast.enrolment.id}": ue}
        assert client.post(path, data=data).status_code == 302
    assert marks() == [("present", 4), ("partly", 3), ("partly", 2), ("excused", 0)]
    [standing] = standings_of_cohort(cast.cohort)
    assert standing.attendance == Attendance(planned_ue=4, attended_ue=0, open_ue=0)
    assert "Tomasz Trainer" in client.get(path).text


def test_the_audit_log_says_whose_attendance_at_which_session(app: Flask, cast: Cast) -> None:
    """In words, which are looked up when it is read: the entry keeps numbers, and nobody's name outlives the person's own."""
    person, live = cast.participant, cast.live_session
    path, name = f"/schedule/{live.id}/attendance", f"status-{cast.enrolment.id}"
    trainer = signed_in(app, cast.trainer)
    trainer.post(path, data=fields(trainer.get(path).text) | {name: "present"})
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "attendance_marked")).one()
    numbers = {"live_session": live.id, "enrolment": cast.enrolment.id, "status": "present", "ue": 4}
    assert entry.details == numbers
    auditor = signed_in(app, cast.auditor)

    def read() -> str:
        return unescape(auditor.get("/audit?action=attendance_marked").text)

    with app.test_request_context(), force_locale("de"):
        begins = datetime_text(live.starts_at)
    assert f"Live-Termin: {live.title}, {begins} ({live.id})" in read()
    assert f": {person.full_name} ({cast.enrolment.id})" in read()
    with transaction():
        person.family_name = "Neuname"
        entry.details = numbers | {"live_session": 9999}
    assert f"{person.given_name} Neuname ({cast.enrolment.id})" in read()
    assert "Live-Termin: 9.999," in read(), "what there is no more keeps its number"


def test_everyone_present_is_chosen_but_not_saved(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.trainer)
    path = f"/schedule/{cast.live_session.id}/attendance"
    assert " checked" not in client.get(path).text
    assert client.get(f"{path}?everyone=present").text.count(" checked") == 1
    assert marks() == []


def test_after_saving_one_is_told_how_many_are_missing(app: Flask, cast: Cast, second: Enrolment) -> None:
    with transaction():
        third = make_person("Dana", "Dritte", Role.PARTICIPANT)
        session.add(Enrolment(cohort_id=cast.cohort.id, person=third, enrolled_at=NOW))
    client, path = signed_in(app, cast.trainer), f"/schedule/{cast.live_session.id}/attendance"

    def save(**chosen: str) -> str:
        return client.post(path, data=fields(client.get(path).text) | chosen, follow_redirects=True).text

    assert "Bei 3 Personen fehlt noch ein Eintrag." in save()
    one = save(**{f"status-{cast.enrolment.id}": "present"})
    assert "1 Eintrag ist gespeichert. Bei 2 Personen fehlt noch ein Eintrag." in one
    two = save(**{f"status-{second.id}": "present"})
    assert "1 Eintrag ist gespeichert. Bei 1 Person fehlt noch ein Eintrag." in two
    all_present = client.post(path, data=fields(client.get(f"{path}?everyone=present").text), follow_redirects=True).text
    assert "1 Eintrag ist gespeichert." in all_present
    assert "fehlt noch ein Eintrag" not in all_present


def test_nonsense_and_strangers_are_left_out(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.trainer)
    data = {
        f"status-{cast.other_enrolment.id}": "present",
        f"status-{cast.enrolment.id}": "vielleicht",
        "status-x": "present",
    }
    client.post(f"/schedule/{cast.live_session.id}/attendance", data=data)
    assert marks() == []


def test_what_was_chosen_before_the_sign_in_expired_is_still_chosen(app: Flask, cast: Cast) -> None:
    path, name = f"/schedule/{cast.live_session.id}/attendance", f"status-{cast.enrolment.id}"
    with transaction():
        back = keep_form(cast.trainer, path, [(name, "excused")], at=NOW)
    page = signed_in(app, cast.trainer).get(back).text
    assert re.search(r'value="excused"[^>]* checked', page)
    assert marks() == []


@pytest.mark.parametrize("units", ["", "0", "4", "viele"])
def test_a_missing_number_comes_back_at_its_line_and_loses_nobody_else(
    units: str, app: Flask, cast: Cast, second: Enrolment
) -> None:
    client, one = signed_in(app, cast.trainer), cast.enrolment.id
    path = f"/schedule/{cast.live_session.id}/attendance"
    data = fields(client.get(path).text)
    answer = client.post(
        path, data={**data, f"status-{one}": "partly", f"ue-{one}": units, f"status-{second.id}": "excused"}
    )
    assert answer.status_code == 422
    assert marks() == [("excused", 0)]
    assert "1 Eintrag ist gespeichert." in answer.text
    assert "Eine Angabe ist noch nicht gespeichert" in answer.text
    assert f'href="#person-{one}"' in answer.text
    assert answer.text.count("mindestens 1 und höchstens 3 UE") == 2
    again = fields(answer.text)
    assert (again[f"status-{one}"], again[f"ue-{one}"], again[f"status-{second.id}"]) == ("partly", units, "excused")
    assert client.post(path, data={**again, f"ue-{one}": "2"}).status_code == 302
    assert marks() == [("excused", 0), ("partly", 2)]


def test_of_a_single_unit_nobody_attends_a_part(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.trainer)
    with transaction():
        session.get_one(LiveSession, cast.live_session.id).ue = 1
    path = f"/schedule/{cast.live_session.id}/attendance"
    page = client.get(path).text
    assert 'value="partly"' not in page
    assert "teilweise" not in page
    answer = client.post(path, data={**fields(page), f"status-{cast.enrolment.id}": "partly"})
    assert answer.status_code == 422
    assert "Ein Termin mit einer UE wird ganz oder gar nicht besucht." in answer.text


def colleague_marks(app: Flask, cast: Cast, enrolment: Enrolment, status: str, units: str = "") -> None:
    """Have the programme office mark one person meanwhile, on a page of its own."""
    client, path = signed_in(app, cast.coordinator), f"/schedule/{cast.live_session.id}/attendance"
    data = fields(client.get(path).text) | {f"status-{enrolment.id}": status, f"ue-{enrolment.id}": units}
    assert client.post(path, data=data).status_code == 302


def opened(app: Flask, cast: Cast) -> tuple[FlaskClient, str, dict[str, str]]:
    """Return the trainer's browser with the roll call open."""
    client, path = signed_in(app, cast.trainer), f"/schedule/{cast.live_session.id}/attendance"
    return client, path, fields(client.get(path).text)


def test_a_stale_page_leaves_alone_what_nobody_changed_on_it(app: Flask, cast: Cast, second: Enrolment) -> None:
    colleague_marks(app, cast, cast.enrolment, "present")
    client, path, stale = opened(app, cast)
    colleague_marks(app, cast, cast.enrolment, "absent")
    assert client.post(path, data={**stale, f"status-{second.id}": "present"}).status_code == 302
    assert marks() == [("present", 4), ("absent", 0), ("present", 4)]


def test_a_choice_that_was_overtaken_is_asked_for_again(app: Flask, cast: Cast, second: Enrolment) -> None:
    client, path, stale = opened(app, cast)
    one = f"status-{cast.enrolment.id}"
    colleague_marks(app, cast, cast.enrolment, "partly", "2")
    answer = client.post(path, data={**stale, one: "excused", f"status-{second.id}": "present"})
    assert answer.status_code == 422
    assert marks() == [("partly", 2), ("present", 4)]
    assert "Inzwischen hat Karin Koordination eingetragen: teilweise, 2 UE." in unescape(answer.text)
    again = fields(answer.text)
    assert again[one] == "excused"
    assert client.post(path, data=again).status_code == 302
    assert marks() == [("partly", 2), ("present", 4), ("excused", 0)]


def test_two_who_choose_the_same_do_not_hinder_each_other(app: Flask, cast: Cast) -> None:
    client, path, stale = opened(app, cast)
    colleague_marks(app, cast, cast.enrolment, "present")
    assert client.post(path, data={**stale, f"status-{cast.enrolment.id}": "present"}).status_code == 302
    assert marks() == [("present", 4)]


def test_a_form_kept_over_the_sign_in_overwrites_nothing_either(app: Flask, cast: Cast) -> None:
    client, path, stale = opened(app, cast)
    one = f"status-{cast.enrolment.id}"
    colleague_marks(app, cast, cast.enrolment, "absent")
    with transaction():
        back = keep_form(cast.trainer, path, list({**stale, one: "present"}.items()), at=NOW)
    again = fields(client.get(back).text)
    assert again[one] == "present"
    assert client.post(path, data=again).status_code == 422
    assert marks() == [("absent", 0)]


def test_a_session_that_was_called_off_meanwhile_says_so(app: Flask, cast: Cast) -> None:
    client, path, stale = opened(app, cast)
    with transaction():
        session.get_one(LiveSession, cast.live_session.id).cancelled_at = NOW
    answer = client.post(path, data={**stale, f"status-{cast.enrolment.id}": "present"})
    assert answer.status_code == 409
    assert "abgesagt" in answer.text
    assert marks() == []
