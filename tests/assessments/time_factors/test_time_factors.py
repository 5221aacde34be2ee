"""A person's longer time: who sets it, what it moves, and that it is kept with its reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assessments.attempts.actions import start_attempt, submit_attempt
from assessments.attempts.models import Attempt
from assessments.quizzes.actions import grant_exception, set_window
from assessments.quizzes.models import Quiz
from assessments.quizzes.rules import Allowance, Window
from assessments.supervision.actions import reopen_attempt
from assessments.time_factors.actions import set_time_factor
from assessments.time_factors.models import TimeFactor
from assessments.time_factors.rules import TimeFactorReason, time_factor_refusal
from courses.cohorts.models import Enrolment
from lms.audit.models import AuditEntry
from lms.clock import now
from lms.db import session, transaction
from lms.frame.filters import datetime_text
from lms.mail.models import OutboxMail
from lms.sentences import Refusal
from tests.assessments.taking import take
from tests.cast import Cast, signed_in

Stage = tuple[Quiz, Enrolment]


@pytest.mark.parametrize(
    ("before", "percent", "reason"),
    [(100, 125, None), (125, 100, None), (100, 400, None), (100, 100, TimeFactorReason.UNCHANGED),
     (100, 99, TimeFactorReason.OUT_OF_RANGE), (100, 401, TimeFactorReason.OUT_OF_RANGE)],
)  # fmt: skip
def test_what_can_be_set(before: int, percent: int, reason: Any) -> None:
    refusal = time_factor_refusal(before, percent)
    assert (refusal.reason if refusal else None) is reason


def test_it_moves_the_end_of_a_running_attempt_and_is_kept(cast: Cast, quiz: Stage) -> None:
    at = now()
    with transaction():
        quiz[0].time_limit_seconds = 3600
        attempt = start_attempt(*quiz, actor=cast.participant, at=at)
        assert attempt.due_at == at + timedelta(minutes=60)
        set_time_factor(cast.participant, 150, reason="Bescheid vom 3. März", actor=cast.coordinator, at=at)
    assert attempt.due_at == at + timedelta(minutes=90)
    with transaction():
        set_time_factor(cast.participant, 100, reason="Abgelaufen", actor=cast.coordinator, at=at)
    assert attempt.due_at == at + timedelta(minutes=60)
    kept = session.scalars(select(TimeFactor).order_by(TimeFactor.id)).all()
    assert [(one.percent, one.reason, one.author_id) for one in kept] == [
        (150, "Bescheid vom 3. März", cast.coordinator.id),
        (100, "Abgelaufen", cast.coordinator.id),
    ]
    audited = session.scalars(select(AuditEntry).where(AuditEntry.action == "time_factor_set")).all()
    assert [one.details for one in audited] == [{"before": 100, "percent": 150}, {"before": 150, "percent": 100}]
    assert len(session.scalars(select(OutboxMail).where(OutboxMail.kind == "time_factor_set")).all()) == 2
    with pytest.raises(Refusal), transaction():
        set_time_factor(cast.participant, 100, reason="noch einmal", actor=cast.coordinator, at=at)


def test_an_attempt_opened_again_keeps_the_end_it_was_given(cast: Cast, quiz: Stage) -> None:
    """Counted from its start, its time would be over at once, and the scheduler would close it under the person's hands."""
    with transaction():
        quiz[0].time_limit_seconds = 60
    attempt = take(*quiz, right=False)
    at = now()
    with transaction():
        attempt.started_at = at - timedelta(days=2)
        reopen_attempt(attempt, minutes=None, reason="Versehen", actor=cast.coordinator, at=at)
        set_time_factor(cast.participant, 150, reason="Bescheid", actor=cast.coordinator, at=at)
        set_window(quiz[0], quiz[1].cohort, Window(None, at + timedelta(days=1)), actor=cast.coordinator, at=at)
        grant_exception(*quiz, Allowance(extra_minutes=5), reason="x", actor=cast.coordinator, at=at)
    session.refresh(attempt)
    assert attempt.due_at is None


def test_other_times_are_said_in_words_to_the_person_and_to_those_in_charge(
    app: Flask, cast: Cast, quiz: Stage
) -> None:
    at = now()
    closes = at + timedelta(days=2)
    with transaction():
        quiz[0].time_limit_seconds = 3600
        cast.participant.time_percent = 125
        set_window(quiz[0], quiz[1].cohort, Window(None, closes), actor=cast.coordinator, at=at)
        grant_exception(*quiz, Allowance(1, 10), reason="Umzug", actor=cast.coordinator, at=at)
        attempt = start_attempt(*quiz, actor=cast.participant, at=at)
    own = signed_in(app, cast.participant)
    with app.test_request_context("/", headers={"Accept-Language": "de"}):
        later = datetime_text(closes + timedelta(minutes=25), "Europe/Berlin")
    for page in (
        own.get(f"/learn/{quiz[1].id}/quizzes/{quiz[0].activity_id}").text,
        signed_in(app, cast.coordinator).get(f"/cohorts/{quiz[1].cohort_id}/quizzes/{quiz[0].activity_id}").text,
    ):
        for words in ("Zeitverlängerung von 25 %", "10 Minuten mehr je Versuch", "ein Versuch mehr", "85 Minuten", later):
            assert words in page
    said = "Ihre Zeitverlängerung von 25"
    assert said in own.get(f"/attempts/{attempt.id}/questions/1").text
    with transaction():
        submit_attempt(attempt, actor=cast.participant, at=at)
        reopen_attempt(attempt, minutes=30, reason="Versehen", actor=cast.coordinator, at=at)
    assert said not in own.get(f"/attempts/{attempt.id}/questions/1").text, "these minutes were given as they are"


def test_the_programme_office_sets_it_on_a_page(
    app: Flask, cast: Cast, quiz: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    with transaction():
        quiz[0].time_limit_seconds = 3600
    page = f"/cohorts/{quiz[1].cohort_id}/time-factors"
    client = signed_in(app, cast.coordinator)
    assert page in client.get(f"/cohorts/{quiz[1].cohort_id}/quizzes").text
    sent = {"person": str(cast.participant.id), "percent": "125", "reason": "Bescheid"}
    assert client.post(page, data=sent).status_code == 302
    assert "125 %" in client.get(page).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "nichts geändert" in client.post(page, data=sent).text
    assert client.post(page, data={**sent, "percent": "9999"}).status_code == 200
    assert client.post(page, data={**sent, "person": str(cast.other_participant.id)}).status_code == 200
    session.refresh(cast.other_participant)
    assert cast.other_participant.time_percent == 100
    shown = signed_in(app, cast.participant).get(f"/learn/{quiz[1].id}/quizzes/{quiz[0].activity_id}").text
    assert "75 Minuten" in shown
    assert session.scalars(select(Attempt)).all() == []
    for person, status in ((cast.trainer, 403), (cast.participant, 403), (cast.auditor, 403)):
        assert signed_in(app, person).get(page).status_code == status
