"""If conferred today: who is ready, what is missing, and where it is mended."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from certificates.readiness.rules import IN_SHORT, LackKind, list_lacks
from courses.cohorts.actions import enrol_person
from courses.cohorts.models import Enrolment
from courses.progress.actions import complete_lesson
from courses.progress.rules import (
    Achievement,
    Attendance,
    Record,
    Tally,
    achievement,
    confirmation_percent,
    evaluate,
)
from lms.db import session, transaction
from lms.mail.models import OutboxMail
from lms.people.models import Person
from lms.permissions import Role
from tests.cast import NOW, Cast, make_person, signed_in
from tests.certificates.conferring import confer

RULES: list[dict[str, Any]] = [{"kind": "attendance", "percent": 80}, {"kind": "quizzes"}, {"kind": "assignments"}]


@pytest.mark.parametrize(
    ("attended", "open_ue", "quizzes", "projects", "ungraded", "kinds"),
    [(40, 0, Tally(2, 2), Tally(1, 1), False, []), (20, 20, Tally(2, 2), Tally(1, 1), False, [LackKind.ATTENDANCE]),
     (40, 0, Tally(2, 1), Tally(1, 0), False, [LackKind.QUIZZES, LackKind.ASSIGNMENTS]),
     (40, 0, Tally(2, 2), Tally(1, 0), True, [LackKind.GRADE]),
     (40, 0, Tally(2, 2), Tally(1, 0, 1), True, [LackKind.ASSIGNMENTS])],
)  # fmt: skip
def test_what_is_missing(
    attended: int, open_ue: int, quizzes: Tally, projects: Tally, ungraded: bool, kinds: list[LackKind]
) -> None:
    record = Record(Attendance(40, attended, open_ue), {"quiz": quizzes, "assignment": projects})
    results = evaluate(RULES, record)
    assert [lack.kind for lack in list_lacks(results, name_confirmed=True, ungraded=ungraded)] == kinds
    assert [lack.kind for lack in list_lacks(results, name_confirmed=False, ungraded=ungraded)] == [
        *kinds,
        LackKind.NAME,
    ]


@pytest.mark.parametrize(
    ("ungraded", "final"),
    [(False, {LackKind.QUIZZES: True, LackKind.LESSONS: False, LackKind.ASSIGNMENTS: True}),
     (True, {LackKind.QUIZZES: True, LackKind.LESSONS: False, LackKind.GRADE: False})],
)  # fmt: skip
def test_after_the_teaching_nobody_is_sent_to_what_is_closed(ungraded: bool, final: dict[LackKind, bool]) -> None:
    record = Record(Attendance(40, 40, 0), {"quiz": Tally(2, 1), "assignment": Tally(1, 0), "lesson": Tally(3, 1)})
    results = evaluate([*RULES, {"kind": "lessons"}], record)
    lacks = list_lacks(results, name_confirmed=True, ungraded=ungraded, completed=True)
    assert {lack.kind: lack.final for lack in lacks} == final
    closed = [lack.own_step.text for lack in lacks if lack.final]
    assert all("programme office" in text for text in closed)


def test_every_kind_of_thing_that_is_missing_has_a_short_name() -> None:
    assert set(IN_SHORT) == set(LackKind)


def test_of_many_people_each_has_a_line_that_opens(app: Flask, cast: Cast) -> None:
    with transaction():
        for number in range(4):
            person = make_person("Pia", f"Prüfling {number}", Role.PARTICIPANT, email=f"p{number}@example.org")
            session.flush()
            enrol_person(cast.cohort, person, municipality_ags=None, actor=cast.coordinator, at=NOW)
    page = signed_in(app, cast.coordinator).get(f"/cohorts/{cast.cohort.id}/readiness").text
    assert page.count('<details class="unready">') == 5


def test_a_quiz_that_waits_for_a_mark_is_the_trainers_step() -> None:
    def kinds(quizzes: Tally, *, unmarked: bool) -> list[LackKind]:
        results = evaluate([{"kind": "quizzes"}], Record(Attendance(40, 40, 0), {"quiz": quizzes}))
        lacks = list_lacks(results, name_confirmed=True, ungraded=False, unmarked=unmarked)
        return [lack.kind for lack in lacks]

    assert kinds(Tally(2, 1), unmarked=True) == [LackKind.MARK]
    assert kinds(Tally(2, 1), unmarked=False) == [LackKind.QUIZZES]
    assert kinds(Tally(2, 1, 1), unmarked=True) == [LackKind.QUIZZES], "the other one cannot be passed any more"
    assert kinds(Tally(2, 2), unmarked=True) == []


def test_the_confirmation_has_criteria_of_its_own() -> None:
    rules: list[dict[str, Any]] = [{"kind": "attendance", "percent": 80, "confirmation_percent": 70}, {"kind": "quizzes"}]
    attendance = Attendance(40, 24, 0)
    results = evaluate(rules, Record(attendance, {"quiz": Tally(1, 0)}))
    assert confirmation_percent(rules) == 70
    assert confirmation_percent(RULES) == 50
    assert achievement(results, attendance, 70) is Achievement.NONE
    assert achievement(results, attendance) is Achievement.ATTENDANCE


def test_each_missing_thing_leads_to_where_it_is_mended(app: Flask, cast: Cast) -> None:
    page = signed_in(app, cast.coordinator).get(f"/cohorts/{cast.cohort.id}/readiness").text
    assert "0 Personen sind bereit" in page
    assert f'href="/schedule/{cast.live_session.id}/attendance"' in page
    assert f'href="/cohorts/{cast.cohort.id}#person-{cast.enrolment.id}"' in page
    assert f'href="/cohorts/{cast.cohort.id}/conferral"' in page
    assert "Per E-Mail fragen" in page
    assert re.search(r"Noch offen:\s+Anwesenheit, [\w ,]*bestätigter Name<", page)
    assert 'class="unready" open' in page, "of few people all is said at once"
    auditor = signed_in(app, cast.auditor).get(f"/cohorts/{cast.cohort.id}/readiness").text
    assert "/attendance" not in auditor
    assert "Per E-Mail fragen" not in auditor


def test_each_participant_sees_the_own_line_months_before(app: Flask, cast: Cast) -> None:
    own = signed_in(app, cast.participant)
    page = own.get("/certificates").text
    assert "Würde heute entschieden" in page
    assert "noch nichts" in page
    assert f'href="/learn/{cast.enrolment.id}/lessons/lektion-1"' in page
    assert 'href="/account"' in page
    assert "Würde heute entschieden" in own.get("/").text
    with transaction():
        for lesson in cast.lessons:
            complete_lesson(cast.enrolment, lesson, actor=cast.participant, at=NOW)
        cast.participant.name_confirmed_at = NOW
    page = own.get("/certificates").text
    assert "lektion-1" not in page
    assert 'href="/account"' not in page.partition("<main")[2]


def test_after_the_conferral_the_office_reads_what_is_left_to_do(app: Flask, graduates: Cast) -> None:
    office = signed_in(app, graduates.coordinator)
    readiness, conferral = (f"/cohorts/{graduates.cohort.id}/{page}" for page in ("readiness", "conferral"))
    assert "1 Person ist bereit" in office.get(readiness).text
    confer(graduates)
    page = office.get(readiness).text
    assert "Alle haben ihr Dokument." in page
    assert "ist bereit" not in page
    assert "haben sich geändert" not in office.get(conferral).text
    only_there = session.scalars(select(Enrolment).join(Person).where(Person.given_name == "Bodo")).one()
    with transaction():
        for lesson in graduates.lessons:
            complete_lesson(only_there, lesson, actor=graduates.coordinator, at=NOW)
    page = office.get(conferral).text
    assert "Einige Ergebnisse haben sich geändert" in page
    assert "ausgestellt: Teilnahmebescheinigung; heute erreicht: Zertifikat" in page


@pytest.mark.usefixtures("no_token")
def test_names_are_asked_for_once_a_day(app: Flask, cast: Cast) -> None:
    with transaction():
        confirmed = make_person("Schon", "Bestätigt", Role.PARTICIPANT)
        session.flush()
        confirmed.name_confirmed_at = NOW
        enrol_person(cast.cohort, confirmed, municipality_ags=None, actor=cast.coordinator, at=NOW)
    office, path = signed_in(app, cast.coordinator), f"/cohorts/{cast.cohort.id}/readiness/names"
    assert office.post(path).status_code == 302
    office.post(path)
    mails = session.query(OutboxMail).filter_by(kind="name_confirmation").all()
    assert [mail.recipient for mail in mails] == [cast.participant.email]
    assert "Petra Łukaszewicz" in mails[0].text_body
    assert signed_in(app, cast.trainer).post(path).status_code == 403


def test_readiness_costs_the_same_for_many(app: Flask, cast: Cast, count_queries: Any) -> None:
    office, cohort_id = signed_in(app, cast.coordinator), cast.cohort.id
    counts = []
    for people in (15, 585):  # more than a batch of whatever is loaded beside
        with transaction():
            for number in range(people):
                person = make_person("P", f"N{number}", Role.PARTICIPANT, email=f"{people}-{number}@example.org")
                session.add(Enrolment(cohort_id=cohort_id, person=person, enrolled_at=NOW))
        session.expunge_all()
        with count_queries() as seen:
            assert office.get(f"/cohorts/{cohort_id}/readiness").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 14, seen
