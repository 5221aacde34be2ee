"""Sessions are planned, moved and cancelled, and those concerned hear of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from courses.attendance.rules import Status
from courses.schedule.actions import cancel_live_session, move_live_session, plan_live_session, plan_proposed_sessions
from courses.schedule.models import LiveSession
from courses.schedule.rules import SessionReason
from lms.db import session, transaction
from lms.mail.models import OutboxMail
from lms.sentences import Refusal
from tests.cast import NOW, Cast, make_cohort, make_course, signed_in
from tests.marking import mark_attendance


def move(cast: Cast, hours: int = 24) -> LiveSession:
    """Move the cast's session."""
    live = cast.live_session
    later = timedelta(hours=hours)
    with transaction():
        return move_live_session(
            live,
            starts_at=live.starts_at + later,
            ends_at=live.ends_at + later,
            location="Potsdam",
            link="",
            actor=cast.trainer,
            at=NOW,
        )


def test_a_moved_session_keeps_its_uid_and_raises_its_sequence(cast: Cast) -> None:
    before = cast.live_session.uid
    moved = move(cast)
    assert (moved.uid, moved.sequence) == (before, 1)
    assert (move(cast, 0).sequence) == 1, "nothing changed, so nothing is told"


def test_those_concerned_get_the_old_and_the_new_time_and_nobody_else(cast: Cast) -> None:
    move(cast)
    [mail] = session.query(OutboxMail).all()
    assert mail.recipient == cast.participant.email
    assert "7. September 2026" in mail.text_body
    assert "8. September 2026" in mail.text_body
    assert "Potsdam" in mail.text_body
    assert "10:00" in mail.text_body


def test_a_cancelled_session_says_so_in_the_calendar(app: Flask, cast: Cast) -> None:
    with transaction():
        cancel_live_session(cast.live_session, actor=cast.trainer, at=NOW)
    text = signed_in(app, cast.participant).get(f"/schedule/{cast.live_session.id}.ics").text
    assert "STATUS:CANCELLED" in text
    assert "SEQUENCE:1" in text
    assert session.query(OutboxMail).one().subject == "Abgesagt: Live 1"
    with pytest.raises(Refusal) as refused:
        move(cast)
    assert refused.value.reason is SessionReason.CANCELLED


def test_a_marked_session_stays(cast: Cast) -> None:
    with transaction():
        mark_attendance(cast.live_session, cast.enrolment, Status.PRESENT, actor=cast.trainer, at=NOW)
    with pytest.raises(Refusal) as refused:
        move(cast)
    assert refused.value.reason is SessionReason.MARKED


def test_proposed_sessions_fill_what_has_no_date(cast: Cast) -> None:
    with transaction():
        version = make_course("zwei")
        session.flush()
        cohort = make_cohort(version, "zwei", cast.trainer)
        session.query(LiveSession).filter_by(cohort_id=cohort.id).delete()
        cohort.begin_date = date(2026, 12, 25)
        [made] = plan_proposed_sessions(cohort, actor=cast.coordinator, at=NOW)
        assert plan_proposed_sessions(cohort, actor=cast.coordinator, at=NOW) == []
    assert made.starts_at.isoformat() == "2027-01-08T08:00:00+00:00"
    assert made.ends_at - made.starts_at == timedelta(minutes=195)


def test_a_session_too_short_for_its_units_is_refused(cast: Cast) -> None:
    with pytest.raises(Refusal):
        plan_live_session(
            cast.cohort,
            activity=None,
            title="Kurz",
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
            ue=4,
            actor=cast.trainer,
            at=NOW,
        )


def test_the_form_shows_the_reason_beside_what_was_written(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    client = signed_in(app, cast.trainer)
    form = {"day": "2027-03-28", "begins": "02:30", "ends": "09:00", "location": "Hier", "link": ""}
    page = client.post(f"/schedule/{cast.live_session.id}/move", data=form)
    assert "Diese Uhrzeit gibt es nicht" in page.text
    assert "Hier" in page.text
    form["begins"], form["ends"] = "09:00", "12:15"
    assert client.post(f"/schedule/{cast.live_session.id}/move", data=form).status_code == 302
    assert cast.live_session.starts_at.isoformat() == "2027-03-28T07:00:00+00:00"
    new = {**form, "title": "Zusatz", "ue": "2", "activity": "0", "note": ""}
    assert client.post(f"/cohorts/{cast.cohort.id}/sessions/new", data=new).status_code == 302
