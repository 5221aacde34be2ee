"""A cohort is set up with trainers, and changed afterwards."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from courses.cohorts.actions import change_cohort
from courses.cohorts.models import Cohort, CohortTrainer
from courses.cohorts.rules import CohortReason, refuse_change
from lms.audit.models import AuditEntry
from lms.db import session, transaction
from lms.permissions import Role
from tests.cast import NOW, Cast, make_person, signed_in
from tests.lms.test_kept_forms import token_of

BEGIN, END = date(2026, 9, 1), date(2026, 11, 24)


def values(cast: Cast, token: str = "", **changed: Any) -> dict[str, Any]:
    """Return what the form of the cast's cohort sends, with these changes."""
    return {"csrf_token": token, "title": cast.cohort.title, "begin_date": BEGIN, "end_date": END, "seats": 16,
            "trainers": [cast.trainer.id], **changed}  # fmt: skip


@pytest.mark.parametrize(
    ("begin", "end", "seats", "taken", "reason"),
    [
        (BEGIN, END, 16, 16, None),
        (BEGIN, END, 15, 16, CohortReason.SEATS_TAKEN),
        (END, BEGIN, 16, 1, CohortReason.ENDS_BEFORE_IT_BEGINS),
        (BEGIN, BEGIN, 1, 0, None),
        (BEGIN, END, 0, 0, CohortReason.NO_SEATS),
    ],
)
def test_what_a_cohort_cannot_be_changed_to(
    begin: date, end: date, seats: int, taken: int, reason: CohortReason | None
) -> None:
    assert refuse_change(begin_date=begin, end_date=end, seats=seats, taken=taken) is reason


@pytest.mark.parametrize("path", ["/cohorts/new", "/cohorts/{cohort}/edit"])
def test_trainers_are_boxes_to_tick(path: str, app: Flask, cast: Cast) -> None:
    page = signed_in(app, cast.coordinator).get(path.format(cohort=cast.cohort.id)).text
    boxes = [line for line in page.splitlines() if 'name="trainers"' in line]
    assert len(boxes) == 2
    assert all('type="checkbox"' in box for box in boxes)
    assert sum(" checked" in box for box in boxes) == ("edit" in path)


def test_a_cohort_is_set_up_with_its_trainers(app: Flask, cast: Cast) -> None:
    office, both = signed_in(app, cast.coordinator), [cast.trainer.id, cast.other_trainer.id]
    token = token_of(office.get("/cohorts/new").text)
    sent = values(cast, token, version=cast.version.id, slug="neu", trainers=both)
    answer = office.post("/cohorts/new", data=MultiDict(sent))
    assert answer.status_code == 302
    made = session.scalars(select(Cohort).where(Cohort.slug == "neu")).one()
    assert {trainer.person_id for trainer in made.trainers} == {cast.trainer.id, cast.other_trainer.id}


def test_a_cohort_is_changed_and_the_audit_log_says_how(app: Flask, cast: Cast) -> None:
    office, cohort_id = signed_in(app, cast.coordinator), cast.cohort.id
    assert f'href="/cohorts/{cohort_id}/edit"' in office.get(f"/cohorts/{cohort_id}").text
    token = token_of(office.get(f"/cohorts/{cohort_id}/edit").text)
    sent = values(cast, token, title="Herbst", end_date=date(2026, 12, 1), trainers=[cast.other_trainer.id])
    answer = office.post(f"/cohorts/{cohort_id}/edit", data=MultiDict(sent), follow_redirects=True)
    assert "Der Durchgang ist geändert." in answer.text
    assert "Unterricht: Thea Trainerin" in answer.text
    assert (cast.cohort.title, cast.cohort.end_date) == ("Herbst", date(2026, 12, 1))
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action != "signed_in").order_by(AuditEntry.id))
    assert [(entry.action, entry.details) for entry in entries] == [
        ("cohort_changed", {"title": "Durchgang herbst-2026 → Herbst", "end_date": "2026-11-24 → 2026-12-01"}),
        ("trainer_removed", {"person": cast.trainer.id}),
        ("trainer_assigned", {"person": cast.other_trainer.id}),
    ]
    assert signed_in(app, cast.trainer).get(f"/cohorts/{cohort_id}").status_code == 404
    assert signed_in(app, cast.other_trainer).get(f"/cohorts/{cohort_id}").status_code == 200


def test_saying_the_same_again_changes_nothing(cast: Cast) -> None:
    sent = values(cast) | {"trainers": [cast.trainer], "seen": {}}
    del sent["csrf_token"]
    with transaction():
        change_cohort(cast.cohort, **sent, actor=cast.coordinator, at=NOW)
    assert session.scalars(select(AuditEntry)).all() == []


def test_fewer_seats_than_people_are_refused_and_nothing_is_lost(app: Flask, cast: Cast) -> None:
    office, cohort_id = signed_in(app, cast.coordinator), cast.cohort.id
    with transaction():
        second = make_person("Lea", "Zwei", Role.PARTICIPANT)
        session.flush()
        cast.cohort.enrolments.append(type(cast.enrolment)(person=second, enrolled_at=NOW))
    token = token_of(office.get(f"/cohorts/{cohort_id}/edit").text)
    page = office.post(f"/cohorts/{cohort_id}/edit", data=MultiDict(values(cast, token, title="Anders", seats=1))).text
    assert "Es nehmen mehr Personen teil, als es Plätze gäbe (Teilnehmende: 2)." in page
    assert 'value="Anders"' in page
    assert cast.cohort.title != "Anders"


def test_a_trainer_without_the_role_can_be_kept(app: Flask, cast: Cast) -> None:
    with transaction():
        cast.trainer.role_grants.clear()
        cast.trainer.deactivated_at = NOW
    office, cohort_id = signed_in(app, cast.coordinator), cast.cohort.id
    page = office.get(f"/cohorts/{cohort_id}/edit").text
    assert "Tomasz Trainer" in page
    office.post(f"/cohorts/{cohort_id}/edit", data=MultiDict(values(cast, token_of(page), seats=20)))
    assert session.get(CohortTrainer, (cohort_id, cast.trainer.id)) is not None
    assert cast.cohort.seats == 20


def seen_in(page: str) -> str:
    """Return what a page says it was filled from."""
    return unescape(re.search(r'name="seen"[^>]*value="([^"]*)"', page)[1])  # type: ignore[index]  # it is there


def test_who_saves_later_is_told_what_changed_and_keeps_the_own_input(app: Flask, cast: Cast) -> None:
    office, cohort_id = signed_in(app, cast.coordinator), cast.cohort.id
    path = f"/cohorts/{cohort_id}/edit"
    page = office.get(path).text
    token, seen = token_of(page), seen_in(page)
    first = values(cast, token, seen=seen, seats=20, end_date=date(2026, 12, 1), trainers=[cast.other_trainer.id])
    assert office.post(path, data=MultiDict(first)).status_code == 302
    second = values(cast, token, seen=seen, title="Mein Titel", end_date=date(2026, 12, 8))
    page = office.post(path, data=MultiDict(second)).text
    assert "Jemand anderes hat den Durchgang inzwischen geändert" in page
    assert "Plätze: 16 → 20" in page
    assert re.search("Letzter Tag: .*24. November 2026 → .*1. Dezember 2026", page)
    assert "Tomasz Trainer → Thea Trainerin" in page
    assert "Titel: " not in page
    assert (cast.cohort.seats, cast.cohort.title) == (20, "Durchgang herbst-2026"), "nothing was changed"
    assert 'value="Mein Titel"' in page
    assert 'value="2026-12-08"' in page, "what was entered is kept"
    assert 'value="20"' in page, "what was left alone is as it is now"
    (ticked,) = (line for line in page.splitlines() if 'name="trainers"' in line and " checked" in line)
    assert f'value="{cast.other_trainer.id}"' in ticked
    again = {**second, "seen": seen_in(page), "seats": 20, "trainers": [cast.other_trainer.id]}
    assert office.post(path, data=MultiDict(again)).status_code == 302
    assert (cast.cohort.title, cast.cohort.seats, cast.cohort.end_date) == ("Mein Titel", 20, date(2026, 12, 8))


def test_a_double_click_is_no_conflict(app: Flask, cast: Cast) -> None:
    office, path = signed_in(app, cast.coordinator), f"/cohorts/{cast.cohort.id}/edit"
    page = office.get(path).text
    sent = values(cast, token_of(page), seen=seen_in(page), title="Herbst")
    assert [office.post(path, data=MultiDict(sent)).status_code for _click in range(2)] == [302, 302]


@pytest.mark.parametrize("seen", ["", "{", "[]", "7", '{"title": 5}', '{"trainers": "x", "begin_date": "y", "seats": "z"}'])
def test_a_page_that_does_not_say_what_it_showed_breaks_nothing(seen: str, app: Flask, cast: Cast) -> None:
    office, path = signed_in(app, cast.coordinator), f"/cohorts/{cast.cohort.id}/edit"
    token = token_of(office.get(path).text)
    answer = office.post(path, data=MultiDict(values(cast, token, seen=seen, title="Herbst")))
    assert answer.status_code == 302
