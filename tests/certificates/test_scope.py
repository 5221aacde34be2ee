"""What a document says about its scope: table, total and parts agree, whatever became of the cohort's sessions."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from certificates.conferral.rules import list_scope, sum_scope
from certificates.conferral.snapshots import draft_facts
from certificates.documents.words import document_words
from certificates.readiness.queries import Line
from certificates.readiness.rules import Teaching, last_day, list_warnings
from courses.attendance.rules import PlannedUnits, sum_attendance
from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import CourseVersion
from courses.progress.queries import ListedActivity, ListedModule, Standing
from courses.progress.rules import Achievement, Record, evaluate
from courses.schedule.models import LiveSession
from lms.db import session, transaction
from lms.people.models import Person
from tests.cast import NOW, Cast, signed_in
from tests.certificates.conferring import confer, propose

RULES: list[dict[str, Any]] = [{"kind": "attendance", "percent": 80}]
UNITS = st.integers(0, 8)


@st.composite
def standings(draw: st.DrawFn) -> Standing:
    """Draw a cohort whose sessions were held, cancelled, moved, added or never dated, and somebody who came to some."""
    modules = [
        ListedModule(position=number, slug=f"modul-{number}", title=f"Modul {number}", ue=draw(UNITS))
        for number in range(1, draw(st.integers(0, 4)) + 1)
    ]
    places = st.sampled_from([None, *modules])
    activities = [
        ListedActivity(
            number, draw(st.sampled_from(["live_session", "lesson"])), f"teil-{number}", f"Teil {number}", None,
            draw(UNITS), True, draw(places),
        )
        for number in range(1, draw(st.integers(0, 6)) + 1)
    ]  # fmt: skip
    live = [None, *(one.id for one in activities if one.kind == "live_session")]
    sessions = [
        LiveSession(
            id=number,
            activity_id=draw(st.sampled_from(live)),
            ue=draw(UNITS),
            cancelled_at=draw(st.sampled_from([None, NOW])),
        )
        for number in range(1, draw(st.integers(0, 8)) + 1)
    ]
    attendance = sum_attendance(
        [PlannedUnits(one.id, one.activity_id, one.ue, one.cancelled_at is not None) for one in sessions],
        {one.id: one.ue for one in activities if one.kind == "live_session"},
        {one.id: one.ue for one in sessions if draw(st.booleans())},
    )
    version = CourseVersion(
        title="Kurs", language=draw(st.sampled_from(["de", "en"])),
        live_ue=draw(UNITS), self_study_ue=draw(UNITS), project_ue=draw(UNITS),
    )  # fmt: skip
    cohort = Cohort(
        version=version, title="Frühjahr", rules=RULES, zone="Europe/Berlin",
        begin_date=date(2026, 3, 3), end_date=date(2026, 5, 26),
    )  # fmt: skip
    enrolment = Enrolment(cohort=cohort, person=Person(given_name="Petra", family_name="Lindner"))
    return Standing(enrolment, activities, sessions, {}, {}, attendance, evaluate(RULES, Record(attendance)))


@given(standing=standings(), kind=st.sampled_from([Achievement.CERTIFICATE, Achievement.ATTENDANCE]))
def test_the_sums_on_one_document_agree(app: Flask, standing: Standing, kind: Achievement) -> None:
    with app.app_context():
        facts = draft_facts(standing.enrolment.cohort, Line(standing, kind, []), signatories=[], place="Potsdam")
    ue, table = facts["ue"], facts["modules"]
    assert sum(line["live_ue"] for line in table) == ue["live_planned"] == standing.attendance.planned_ue
    assert sum(line["self_study_ue"] for line in table) == ue["self_study"]
    assert ue["live_planned"] + ue["self_study"] + ue["project"] == ue["total"]
    assert 0 <= ue["live_attended"] <= ue["live_planned"]
    words = document_words({**facts, "issue_date": "2026-06-01", "serial": "1", "verify_url": "x"})
    total, *parts = [int(number) for number in re.findall(r"(\d+) UE", words["ue"])]
    assert total == sum(parts) == int(re.findall(r"\d+", words["scope"])[0])
    assert str(ue["live_planned"]) in re.findall(r"\d+", words["attendance"])


def test_what_belongs_to_no_module_has_a_line_of_its_own() -> None:
    lines = list_scope({1: ("Anfang", 2)}, [(1, 4), (None, 3), (7, 1)], self_study=5, outside="Sonst")
    assert [tuple(line.values()) for line in lines] == [("Anfang", 2, 4), ("Sonst", 3, 4)]
    assert sum_scope(lines, 12) == {"total": 25, "live_planned": 8, "self_study": 5, "project": 12}


def test_the_printed_end_is_the_day_on_which_teaching_ended() -> None:
    end = date(2027, 1, 12)
    assert last_day(end, None) == last_day(end, date(2027, 1, 20)) == end
    assert last_day(end, date(2026, 11, 28)) == date(2026, 11, 28)


QUIET = Teaching(date(2026, 6, 1), date(2026, 5, 26), date(2026, 5, 28), course_ue=40, planned_ue=40)


@pytest.mark.parametrize(
    ("changes", "said"),
    [({}, []), ({"end_date": date(2026, 7, 1)}, ["planned until"]),
     ({"end_date": date(2026, 7, 1), "completed_date": None}, ["still lasts"]),
     ({"planned_ue": 24, "cancelled": 4}, ["were cancelled"]), ({"cancelled": 1}, []),
     ({"planned_ue": 44}, ["provides for"]), ({"undated_ue": 4}, ["never got a date"]),
     ({"unmarked": 2}, ["not been entered"])],
)  # fmt: skip
def test_what_is_said_before_conferring(changes: dict[str, Any], said: list[str]) -> None:
    made = list_warnings(replace(QUIET, **changes))
    assert len(made) == len(said)
    assert all(part in (one.plural or one.text) for part, one in zip(said, made, strict=True))


def add_cancelled(cast: Cast) -> None:
    """Let one more session have been planned and called off, and the end lie far ahead."""
    live = cast.live_session
    with transaction():
        session.add(
            LiveSession(
                cohort=cast.cohort, title="Zusatz", starts_at=live.starts_at, ends_at=live.ends_at, zone=live.zone, ue=2,
                uid="zusatz", cancelled_at=NOW,
            )
        )  # fmt: skip
        cast.version.live_ue = 6
        cast.cohort.end_date = (NOW + timedelta(days=60)).date()


@pytest.mark.usefixtures("four_eyes")
def test_both_who_confer_are_told_what_looks_wrong(app: Flask, graduates: Cast) -> None:
    add_cancelled(graduates)
    office, path = signed_in(app, graduates.coordinator), f"/cohorts/{graduates.cohort.id}"
    before = [office.get(f"{path}/{page}").text for page in ("readiness", "conferral")]
    proposal = propose(graduates)
    for page in (*before, office.get(f"/proposals/{proposal.id}").text):
        assert "Bitte sehen Sie sich das vor dem Verleihen an" in page
        assert "Ein Live-Termin wurde abgesagt. Der Kurs sieht 6 UE in Live-Terminen vor; gedruckt werden 4 UE." in page
        assert "Der Durchgang war bis 7. November 2026 geplant" in page


def test_a_document_ends_when_its_teaching_ended(graduates: Cast) -> None:
    add_cancelled(graduates)
    facts = confer(graduates)[0].facts
    assert facts["end_date"] == "2026-09-08" == facts["issue_date"]
    assert facts["ue"] == {"total": 6, "live_planned": 4, "live_attended": 4, "self_study": 2, "project": 0}
