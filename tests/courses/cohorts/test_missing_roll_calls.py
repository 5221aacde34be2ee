"""A session that is over and not marked for everybody is said so: to who took part, and to those in charge."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from flask import Flask

from courses.attendance.rules import Status
from courses.cohorts.queries import unmarked_sessions
from courses.schedule.models import LiveSession
from lms.db import session, transaction
from tests.cast import NOW, Cast, signed_in
from tests.marking import mark_attendance

MISSING = "Anwesenheit fehlt: "
ROOMS = ("courses.cohorts.routes", "courses.content.routes", "courses.progress.routes")


@pytest.fixture
def second(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> LiveSession:
    """A second session, which was held this morning; the first one, of yesterday, is marked. It is evening."""
    for room in ROOMS:
        module: Any = import_module(room)
        monkeypatch.setattr(module, "now", lambda: NOW + timedelta(hours=8))
    with transaction():
        made = LiveSession(cohort=cast.cohort, title="Zweiter Termin", starts_at=NOW, ends_at=NOW + timedelta(hours=3),
                           zone="Europe/Berlin", ue=4, uid="zwei")  # fmt: skip
        session.add(made)
        mark_attendance(cast.live_session, cast.enrolment, Status.PRESENT, actor=cast.trainer, at=NOW)
    return made


def test_a_mark_in_one_session_is_none_in_another(cast: Cast, second: LiveSession) -> None:
    def unmarked(at: int) -> list[str]:
        return [one.title for one in unmarked_sessions([cast.cohort], NOW + timedelta(hours=at))[cast.cohort.id]]

    assert unmarked(2) == []
    assert unmarked(8) == ["Zweiter Termin"]
    with transaction():
        mark_attendance(second, cast.enrolment, Status.EXCUSED, actor=cast.trainer, at=NOW + timedelta(hours=4))
    assert unmarked(8) == []


def test_those_in_charge_read_which_is_missing_and_which_is_done(
    app: Flask, cast: Cast, second: LiveSession
) -> None:
    client, second_id, cohort_id = signed_in(app, cast.trainer), second.id, cast.cohort.id
    start, page = client.get("/").text, client.get(f"/cohorts/{cohort_id}").text
    for text in (start, page):
        assert text.count(MISSING) == 1
        assert f"{MISSING}Zweiter Termin" in text
        assert f'href="/schedule/{second_id}/attendance"' in text
    lines = page.split('class="session-line"')[1:]
    assert ["Anwesenheit fehlt" in line for line in lines] == [False, True]
    assert ["Anwesenheit eingetragen" in line for line in lines] == [True, False]
    links = re.findall(r">Anwesenheit<span class=\"kern-sr-only\">: ([^<]+)</span></a>", page)
    assert links == [cast.live_session.title, "Zweiter Termin"], "links to several places have several names"


@pytest.mark.parametrize(
    ("hours", "state"),
    [(-30, "geplant"), (-23, "läuft gerade"), (-20, "Anwesenheit noch nicht eingetragen"), (24, "Anwesenheit noch nicht")],
)
def test_a_participant_reads_no_past_session_as_planned(
    hours: int, state: str, app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    module: Any = import_module("courses.content.routes")
    monkeypatch.setattr(module, "now", lambda: NOW + timedelta(hours=hours))
    page = signed_in(app, cast.participant).get(f"/learn/{cast.enrolment.id}").text
    assert state in page
    assert ("geplant" in page) is (state == "geplant")


def test_a_participant_reads_that_they_were_there(app: Flask, cast: Cast, second: LiveSession) -> None:
    page = signed_in(app, cast.participant).get(f"/learn/{cast.enrolment.id}").text
    assert ">besucht<" in page
    assert "noch nicht eingetragen" not in page
