"""The roll call: everyone present, then the exceptions; only what changes is appended."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from courses.attendance.models import AttendanceMark
from courses.progress.queries import standings_of_cohort
from courses.progress.rules import Attendance
from lms.db import session, transaction
from lms.kept_forms.actions import keep_form
from tests.cast import NOW, Cast, signed_in


@pytest.fixture(autouse=True)
def without_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms are posted without a page before."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


def marks() -> list[tuple[str, int]]:
    """Return all marks in their order."""
    return [(mark.status, mark.ue) for mark in session.query(AttendanceMark).order_by(AttendanceMark.id)]


def test_marks_are_appended_and_only_when_they_change(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.trainer)
    path, name = f"/schedule/{cast.live_session.id}/attendance", f"status-{cast.enrolment.id}"
    for status, ue in (("present", ""), ("present", ""), ("partly", "3"), ("partly", "2"), ("excused", "")):
        assert client.post(path, data={name: status, f"ue-{cast.enrolment.id}": ue}).status_code == 302
    assert marks() == [("present", 4), ("partly", 3), ("partly", 2), ("excused", 0)]
    [standing] = standings_of_cohort(cast.cohort)
    assert standing.attendance == Attendance(planned_ue=4, attended_ue=0, open_ue=0)
    assert "Tomasz Trainer" in client.get(path).text


def test_everyone_present_is_chosen_but_not_saved(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.trainer)
    path = f"/schedule/{cast.live_session.id}/attendance"
    assert " checked" not in client.get(path).text
    assert client.get(f"{path}?everyone=present").text.count(" checked") == 1
    assert marks() == []


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
