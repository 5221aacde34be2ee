"""Cohorts are set up, filled and finished."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from courses.attendance.rules import Status
from courses.cohorts.actions import complete_cohort, create_cohort, enrol_person, reopen_cohort, withdraw_enrolment
from courses.cohorts.models import Cohort
from courses.cohorts.people import enrol_by_email
from courses.cohorts.rules import CohortReason
from courses.events import CohortCompleted
from courses.schedule.models import LiveSession
from lms import events
from lms.audit.models import AuditEntry
from lms.db import session, transaction
from lms.people.models import Person
from lms.permissions import Role
from lms.sentences import Refusal
from tests.cast import NOW, RULES, Cast, make_person, signed_in
from tests.marking import mark_attendance


def reason_of(refused: pytest.ExceptionInfo[Refusal]) -> object:
    """Return why something was refused."""
    return refused.value.reason


def test_a_cohort_takes_the_rules_of_its_version(cast: Cast) -> None:
    def create() -> Cohort:
        return create_cohort(
            cast.version,
            slug="neu",
            title="Neu",
            begin_date=date(2027, 1, 5),
            end_date=date(2027, 3, 30),
            seats=1,
            zone="Europe/Berlin",
            trainers=[cast.trainer],
            actor=cast.coordinator,
            at=NOW,
        )

    with transaction():
        cohort = create()
    assert cohort.rules == RULES
    assert [trainer.person for trainer in cohort.trainers] == [cast.trainer]
    with pytest.raises(Refusal) as refused:
        create()
    assert reason_of(refused) is CohortReason.SLUG_TAKEN


def test_seats_are_scarce_and_come_back(cast: Cast) -> None:
    with transaction():
        cast.cohort.seats = 1
        late = make_person("Lea", "Spät")
        session.flush()
    with pytest.raises(Refusal) as refused:
        enrol_person(cast.cohort, late, municipality_ags=None, actor=cast.coordinator, at=NOW)
    assert reason_of(refused) is CohortReason.FULL
    with transaction():
        withdraw_enrolment(cast.enrolment, actor=cast.coordinator, at=NOW)
        enrol_person(cast.cohort, late, municipality_ags="12060005", actor=cast.coordinator, at=NOW)
    assert Role.PARTICIPANT in late.roles
    with pytest.raises(Refusal) as refused:
        enrol_person(cast.cohort, late, municipality_ags=None, actor=cast.coordinator, at=NOW)
    assert reason_of(refused) is CohortReason.ENROLLED


def test_who_left_and_comes_back_has_the_same_place(cast: Cast) -> None:
    with transaction():
        withdraw_enrolment(cast.enrolment, actor=cast.coordinator, at=NOW)
        again = enrol_person(cast.cohort, cast.participant, municipality_ags=None, actor=cast.coordinator, at=NOW)
    assert (again, again.withdrawn_at) == (cast.enrolment, None)


def test_a_refused_enrolment_leaves_no_account_behind(cast: Cast) -> None:
    with transaction():
        cast.cohort.seats = 1
    with transaction(), pytest.raises(Refusal):
        enrol_by_email(
            cast.cohort, "neu@example.org", "Nina", "Neu", municipality_ags=None, actor=cast.coordinator, at=NOW
        )
    assert session.query(Person).filter_by(email="neu@example.org").count() == 0


def test_the_teaching_is_finished_when_all_is_held_and_marked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[CohortCompleted] = []
    monkeypatch.setitem(events._receivers, CohortCompleted, [heard.append])
    with pytest.raises(Refusal) as refused:
        complete_cohort(cast.cohort, actor=cast.coordinator, at=NOW)
    assert reason_of(refused) is CohortReason.SESSIONS_UNMARKED
    with transaction():
        mark_attendance(cast.live_session, cast.enrolment, Status.PRESENT, actor=cast.trainer, at=NOW)
        ahead = LiveSession(
            cohort=cast.cohort,
            title="Später",
            starts_at=NOW + timedelta(days=1),
            ue=4,
            uid="später",
            ends_at=NOW + timedelta(days=1, hours=4),
            zone="Europe/Berlin",
        )
        session.add(ahead)
    with pytest.raises(Refusal) as refused:
        complete_cohort(cast.cohort, actor=cast.coordinator, at=NOW)
    assert reason_of(refused) is CohortReason.SESSIONS_AHEAD
    with transaction():
        ahead.cancelled_at = NOW
        complete_cohort(cast.cohort, actor=cast.coordinator, at=NOW)
    assert (cast.cohort.completed_at, [event.cohort for event in heard]) == (NOW, [cast.cohort])
    with pytest.raises(Refusal) as refused:
        complete_cohort(cast.cohort, actor=cast.coordinator, at=NOW)
    assert reason_of(refused) is CohortReason.COMPLETED


def test_the_teaching_is_opened_again_for_late_joiners(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    with pytest.raises(Refusal) as refused:
        reopen_cohort(cast.cohort, actor=cast.coordinator, at=NOW)
    assert reason_of(refused) is CohortReason.NOT_COMPLETED
    with transaction():
        mark_attendance(cast.live_session, cast.enrolment, Status.PRESENT, actor=cast.trainer, at=NOW)
        complete_cohort(cast.cohort, actor=cast.coordinator, at=NOW)
    path, office = f"/cohorts/{cast.cohort.id}", signed_in(app, cast.coordinator)
    assert f"{path}/reopen" in office.get(path).text
    assert signed_in(app, cast.trainer).post(f"{path}/reopen").status_code == 403
    assert office.post(f"{path}/reopen").status_code == 302
    session.refresh(cast.cohort)
    assert cast.cohort.completed_at is None
    assert "cohort_reopened" in session.scalars(select(AuditEntry.action)).all()
    enrol_person(cast.cohort, cast.other_participant, municipality_ags=None, actor=cast.coordinator, at=NOW)


def test_a_coordinator_sets_up_a_cohort_in_the_browser(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    client = signed_in(app, cast.coordinator)
    form = {
        "version": str(cast.version.id),
        "title": "Winter",
        "slug": "winter-2027",
        "begin_date": "2027-01-05",
        "end_date": "2027-03-30",
        "seats": "2",
        "trainers": str(cast.trainer.id),
        "plan_sessions": "y",
    }
    made = client.post("/cohorts/new", data=form)
    assert made.status_code == 302
    path = made.headers["Location"]
    assert "5. Januar 2027, 9:00–12:15 Uhr" in client.get(path).text
    assert "schon einen Durchgang mit diesem Kurznamen" in client.post("/cohorts/new", data=form).text
    assert "Vor- und Nachnamen" in client.post(f"{path}/enrol", data={"email": "neu@example.org"}).text
    person = {"email": "Neu@Example.org", "given_name": "Nina", "family_name": "Neu", "municipality": "12060005"}
    assert client.post(f"{path}/enrol", data=person).status_code == 302
    page = client.get(path).text
    assert "Nina Neu" in page
    assert "Ahrensfelde" in page
    assert signed_in(app, cast.trainer).get(path).status_code == 200
