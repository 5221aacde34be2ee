"""Attempts taken out and opened again, windows and exceptions: always with a reason, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assessments.attempts.actions import check_answer, save_response, start_attempt, submit_attempt
from assessments.attempts.models import Attempt
from assessments.attempts.queries import get_state, list_steps
from assessments.attempts.rules import AttemptReason
from assessments.grading.models import GradeEntry
from assessments.quizzes.actions import grant_exception, revoke_exception, set_window
from assessments.quizzes.models import Quiz, QuizException
from assessments.quizzes.queries import get_terms
from assessments.quizzes.rules import Allowance, QuizReason, Window
from assessments.supervision.actions import reopen_attempt, void_attempt
from assessments.supervision.rules import SupervisionReason
from courses.cohorts.models import Enrolment
from courses.progress.queries import states_of
from courses.progress.rules import ActivityState
from lms.audit.models import AuditEntry
from lms.clock import now
from lms.db import session, transaction
from lms.mail.models import OutboxMail
from lms.sentences import Refusal
from tests.assessments.taking import answer_all, take
from tests.cast import Cast, signed_in

Stage = tuple[Quiz, Enrolment]


def state_of(stage: Stage) -> ActivityState:
    """Return where the participant stands with the quiz."""
    return states_of([stage[1].id])[stage[1].id][stage[0].activity_id]


def newest_grade() -> GradeEntry:
    """Return the last line of the ledger."""
    return session.scalars(select(GradeEntry).order_by(GradeEntry.id.desc())).first()  # type: ignore[return-value]  # there is one


def start(stage: Stage) -> Attempt:
    """Start an attempt now."""
    with transaction():
        return start_attempt(*stage, actor=stage[1].person, at=now())


def refused(expected: Any, action: Any, *args: Any, **values: Any) -> None:
    """Demand that an action refuses, for this reason."""
    with pytest.raises(Refusal) as caught, transaction():
        action(*args, **values)
    assert caught.value.reason is expected


def test_an_attempt_taken_out_counts_neither_as_try_nor_as_result(cast: Cast, quiz: Stage) -> None:
    passed = take(*quiz, right=True)
    assert state_of(quiz) is ActivityState.DONE
    with transaction():
        void_attempt(passed, reason="Falscher Raum", actor=cast.coordinator, at=now())
    assert state_of(quiz) is ActivityState.BEGUN
    assert (newest_grade().score_given_hundredths, newest_grade().passed, newest_grade().reason) == (
        0,
        False,
        "Falscher Raum",
    )
    assert [entry.score_given_hundredths for entry in session.scalars(select(GradeEntry))] == [200, 0]
    for _again in range(3):
        take(*quiz, right=False)
    assert state_of(quiz) is ActivityState.FAILED
    refused(SupervisionReason.VOIDED, void_attempt, passed, reason="x", actor=cast.coordinator, at=now())
    assert get_state(passed).responses, "its log stays"


def test_taking_out_a_failed_last_attempt_lets_the_person_try_again(cast: Cast, quiz: Stage) -> None:
    attempts = [take(*quiz, right=False) for _number in range(3)]
    assert state_of(quiz) is ActivityState.FAILED
    with transaction():
        void_attempt(attempts[-1], reason="Stromausfall", actor=cast.coordinator, at=now())
    assert state_of(quiz) is ActivityState.BEGUN
    assert start(quiz).number == 4


def test_an_attempt_that_runs_can_be_taken_out_and_takes_nothing_more(cast: Cast, quiz: Stage) -> None:
    attempt = start(quiz)
    with transaction():
        void_attempt(attempt, reason="Verwechslung", actor=cast.coordinator, at=now())
    refused(AttemptReason.VOIDED, save_response, attempt, 0, None, at=now())
    refused(AttemptReason.VOIDED, submit_attempt, attempt, actor=cast.participant, at=now())
    assert start(quiz).id != attempt.id


def test_an_attempt_opened_again_goes_on_where_it_was(cast: Cast, quiz: Stage) -> None:
    attempt = take(*quiz, right=True)
    with transaction():
        reopen_attempt(attempt, minutes=10, reason="Versehentlich abgegeben", actor=cast.coordinator, at=now())
    assert state_of(quiz) is ActivityState.BEGUN
    assert attempt.due_at is not None
    assert len(get_state(attempt).responses) == 2
    assert start(quiz).id == attempt.id, "the person goes on with it instead of starting another"
    with transaction():
        result = submit_attempt(attempt, actor=cast.participant, at=now())
    assert result.passed
    assert state_of(quiz) is ActivityState.DONE
    letters = session.scalars(select(OutboxMail)).all()
    assert any("fortsetzen" in letter.subject for letter in letters)
    audited = session.scalars(select(AuditEntry.action)).all()
    assert "attempt_reopened" in audited


def test_opening_again_is_refused_where_it_makes_no_sense(cast: Cast, quiz: Stage) -> None:
    first = take(*quiz, right=False)
    running = start(quiz)
    values: dict[str, Any] = {"minutes": None, "reason": "x", "actor": cast.coordinator, "at": now()}
    refused(SupervisionReason.NOT_SUBMITTED, reopen_attempt, running, **values)
    refused(SupervisionReason.ANOTHER_RUNS, reopen_attempt, first, **values)
    with transaction():
        submit_attempt(running, actor=cast.participant, at=now())
        quiz[1].cohort.completed_at = now()
    refused(SupervisionReason.COHORT_COMPLETED, reopen_attempt, first, **values)


def test_opening_again_beside_a_start_is_refused_and_leaves_no_trace(
    cast: Cast, quiz: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = take(*quiz, right=False)
    running, steps = start(quiz), len(list_steps(first))
    score = first.score_hundredths
    # As it was read a moment before the start came.
    monkeypatch.setattr("assessments.supervision.actions.list_attempts", lambda *_who: [first])
    with transaction(), pytest.raises(Refusal) as caught:
        reopen_attempt(first, minutes=5, reason="x", actor=cast.coordinator, at=now())
    assert caught.value.reason is SupervisionReason.ANOTHER_RUNS
    session.expire_all()
    assert (first.submitted_at is None, first.score_hundredths, len(list_steps(first))) == (False, score, steps)
    assert running.submitted_at is None


def test_a_window_opens_closes_and_moves_the_end_of_who_is_in_the_middle(cast: Cast, quiz: Stage) -> None:
    at, cohort = now(), quiz[1].cohort
    hour = timedelta(hours=1)
    window: dict[str, Any] = {"actor": cast.coordinator, "at": at}
    refused(QuizReason.CLOSES_FIRST, set_window, quiz[0], cohort, Window(at, at), **window)
    with transaction():
        set_window(quiz[0], cohort, Window(at + hour, None), **window)
    refused(AttemptReason.NOT_OPEN, start_attempt, *quiz, actor=cast.participant, at=at)
    with transaction():
        set_window(quiz[0], cohort, Window(None, at + hour), **window)
    attempt = start(quiz)
    assert attempt.due_at == at + hour
    with transaction():
        set_window(quiz[0], cohort, Window(None, at + 2 * hour), **window)
    assert attempt.due_at == at + 2 * hour
    with transaction():
        submit_attempt(attempt, actor=cast.participant, at=at)
        set_window(quiz[0], cohort, Window(None, at), **window)
    refused(AttemptReason.CLOSED, start_attempt, *quiz, actor=cast.participant, at=at)


def test_an_exception_holds_for_one_person_until_it_ends_or_is_taken_back(cast: Cast, quiz: Stage) -> None:
    for _number in range(3):
        take(*quiz, right=False)
    values: dict[str, Any] = {"reason": "Nachteilsausgleich", "actor": cast.coordinator, "at": now()}
    refused(QuizReason.GRANTS_NOTHING, grant_exception, *quiz, Allowance(), **values)
    refused(QuizReason.ENDED_ALREADY, grant_exception, *quiz, Allowance(1, ends_at=now() - timedelta(days=1)), **values)
    with transaction():
        exception = grant_exception(*quiz, Allowance(extra_attempts=1, ends_at=now() + timedelta(days=1)), **values)
    assert state_of(quiz) is ActivityState.BEGUN
    assert get_terms(*quiz, now()).max_attempts == 4
    assert get_terms(*quiz, now() + timedelta(days=2)).max_attempts == 3
    with transaction():
        revoke_exception(exception, actor=cast.coordinator, at=now())
        revoke_exception(exception, actor=cast.coordinator, at=now())
    assert state_of(quiz) is ActivityState.FAILED
    assert get_terms(*quiz, now()).max_attempts == 3
    refused(AttemptReason.NO_ATTEMPTS_LEFT, start_attempt, *quiz, actor=cast.participant, at=now())
    actions = [entry for entry in session.scalars(select(AuditEntry.action)) if "exception" in entry]
    assert actions == ["quiz_exception_granted", "quiz_exception_revoked"]
    assert "Nachteilsausgleich" not in str([entry.details for entry in session.scalars(select(AuditEntry))])


def test_who_used_a_further_attempt_or_has_one_left_has_not_failed_when_an_exception_is_taken_back(
    cast: Cast, quiz: Stage
) -> None:
    for _number in range(3):
        take(*quiz, right=False)
    values: dict[str, Any] = {"reason": "Nachteilsausgleich", "actor": cast.coordinator, "at": now()}
    with transaction():
        first, second = (grant_exception(*quiz, Allowance(extra_attempts=1), **values) for _number in range(2))
        revoke_exception(first, actor=cast.coordinator, at=now())
    assert state_of(quiz) is ActivityState.BEGUN, "one is left"
    attempt = start(quiz)
    with transaction():
        revoke_exception(second, actor=cast.coordinator, at=now())
    assert state_of(quiz) is ActivityState.BEGUN, "one runs"
    with transaction():
        answer_all(attempt, right=True)
        submit_attempt(attempt, actor=cast.participant, at=now())
    assert state_of(quiz) is ActivityState.DONE


@pytest.mark.parametrize("end", ["it ended", "it was taken back"])
def test_minutes_granted_to_a_running_attempt_stay(cast: Cast, quiz: Stage, end: str) -> None:
    at, hour = now(), timedelta(hours=1)
    window: dict[str, Any] = {"actor": cast.coordinator, "at": at}
    cohort = quiz[1].cohort
    with transaction():
        set_window(quiz[0], cohort, Window(None, at + hour), **window)
        ends_at = at + timedelta(seconds=30) if end == "it ended" else None
        allowance = Allowance(extra_minutes=60, ends_at=ends_at)
        exception = grant_exception(*quiz, allowance, reason="Ausfall", **window)
    attempt = start(quiz)
    assert attempt.due_at == at + 2 * hour
    later = at + timedelta(minutes=5)
    with transaction():
        if ends_at is None:
            revoke_exception(exception, actor=cast.coordinator, at=later)
        set_window(quiz[0], cohort, Window(None, at + 3 * hour), actor=cast.coordinator, at=later)
    assert attempt.due_at == at + 4 * hour
    assert get_terms(*quiz, later).closes_at == at + 3 * hour, "the next attempt has the usual time"


def test_a_checked_answer_stands(quiz: Stage) -> None:
    attempt = start(quiz)
    with transaction():
        check_answer(attempt, 0, at=now())
    assert get_state(attempt).checked == set(), "nothing to check yet"
    with transaction():
        answer_all(attempt, right=True)
        check_answer(attempt, 0, at=now())
        check_answer(attempt, 0, at=now())
    assert get_state(attempt).checked == {0}
    refused(AttemptReason.CHECKED, save_response, attempt, 0, None, at=now())


@pytest.fixture
def without_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests ask what the forms do, not whether they were ours."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.mark.usefixtures("without_tokens")
def test_checking_by_the_page(app: Flask, cast: Cast, quiz: Stage) -> None:
    with transaction():
        quiz[0].options = {
            "review": {"points": ["during", "after"], "right_answers": ["during"]},
            "shuffle_questions": False,
        }
    attempt, client = start(quiz), signed_in(app, cast.participant)
    path = f"/attempts/{attempt.id}/questions/1"
    assert "Antwort prüfen" in client.get(path).text
    client.post(path, data={"answer": "0", "check": "1"})
    assert "Ihre Antwort ist geprüft" in client.get(path).text
    assert client.post(path, data={"answer": "1", "go": "next"}).status_code == 302
    assert client.post(f"/attempts/{attempt.id}/answers/1", data={"answer": "1"}).status_code == 409


@pytest.mark.usefixtures("without_tokens")
@pytest.mark.parametrize(
    ("review", "there", "missing"),
    [
        ({}, ["Richtige Antwort", "Erläuterung", "Punkte"], []),
        ({"right_answers": []}, ["Ihre Antwort", "Erläuterung"], ["Richtige Antwort"]),
        ({"points": []}, ["Erläuterung"], ["von 2 Punkten"]),
        (dict.fromkeys(["own_answers", "right_answers", "points", "feedback", "explanations"], ()),
         ["werden die Antworten jetzt nicht gezeigt"], ["Erläuterung", "Richtige Antwort", "von 2 Punkten"]),
    ],
)  # fmt: skip
def test_a_result_shows_what_the_quiz_allows(
    app: Flask, cast: Cast, quiz: Stage, review: dict[str, Any], there: list[str], missing: list[str]
) -> None:
    with transaction():
        quiz[0].options = {"review": review}
    attempt = take(*quiz, right=True)
    page = signed_in(app, cast.participant).get(f"/attempts/{attempt.id}/result").text
    assert [text for text in there if text not in page] == []
    assert [text for text in missing if text in page] == []


@pytest.mark.usefixtures("without_tokens")
def test_those_in_charge_do_it_all_on_pages(app: Flask, cast: Cast, quiz: Stage) -> None:
    attempt = take(*quiz, right=False)
    base = f"/cohorts/{quiz[1].cohort_id}/quizzes"
    client = signed_in(app, cast.coordinator)
    assert quiz[0].activity.title in client.get(base).text
    base = f"{base}/{quiz[0].activity_id}"
    assert cast.participant.family_name in client.get(base).text
    assert "Schritt für Schritt" in client.get(f"/attempts/{attempt.id}/log").text
    assert "attempt_read" in session.scalars(select(AuditEntry.action)).all()
    assert client.post(f"{base}/window", data={"closes_day": "2030-01-31"}).status_code == 302
    assert "31. Januar 2030, 23:59" in client.get(base).text
    bad = client.post(f"{base}/window", data={"opens_day": "2030-02-01", "closes_day": "2030-01-31"})
    assert "nach dem Öffnen schließen" in bad.text
    assert 'value="2030-02-01"' in bad.text
    granted = {"enrolment": str(quiz[1].id), "extra_attempts": "2", "extra_minutes": "0", "reason": "Umzug"}
    assert client.post(f"{base}/exceptions/new", data=granted).status_code == 302
    assert "2 Versuche mehr" in client.get(base).text
    exception = session.scalars(select(QuizException)).one()
    assert client.post(f"/quiz-exceptions/{exception.id}/revoke").status_code == 302
    assert client.post(f"/attempts/{attempt.id}/reopen", data={"reason": "Versehen"}).status_code == 302
    session.refresh(attempt)
    assert attempt.submitted_at is None
    assert client.post(f"/attempts/{attempt.id}/void", data={"reason": ""}).status_code == 200
    assert client.post(f"/attempts/{attempt.id}/void", data={"reason": "Doppelt"}).status_code == 302
    assert "Gestrichen von" in client.get(f"/attempts/{attempt.id}/log").text

@pytest.mark.usefixtures("without_tokens")
def test_of_two_who_set_the_times_of_a_quiz_the_second_is_told(app: Flask, cast: Cast, quiz: Stage) -> None:
    path = f"/cohorts/{quiz[1].cohort_id}/quizzes/{quiz[0].activity_id}/window"
    client = signed_in(app, cast.coordinator)

    def seen_on(page: str) -> str:
        return unescape(page.partition('name="seen"')[2].partition('value="')[2].partition('"')[0])

    shown = seen_on(client.get(path).text)
    assert client.post(path, data={"closes_day": "2030-01-31", "seen": shown}).status_code == 302
    second = client.post(path, data={"closes_day": "2030-02-28", "closes_time": "18:00", "seen": shown})
    assert "es schließt Do., 31. Januar 2030, 23:59 Uhr" in unescape(second.text)
    assert 'value="2030-02-28"' in second.text, "nothing that was entered is lost"
    seen = seen_on(second.text)
    # The same times are no contradiction, and who saves again knowingly decides.
    same = {"closes_day": "2030-01-31", "seen": shown}
    assert client.post(path, data=same).status_code == 302
    again = {"closes_day": "2030-02-28", "closes_time": "18:00", "seen": seen}
    assert client.post(path, data=again).status_code == 302
    assert "2030-02-28" in client.get(path).text



def test_nobody_else_gets_in(app: Flask, cast: Cast, quiz: Stage) -> None:
    attempt = take(*quiz, right=False)
    base = f"/cohorts/{quiz[1].cohort_id}/quizzes"
    one = f"{base}/{quiz[0].activity_id}"
    pages = [base, one, f"{one}/window", f"{one}/exceptions/new", f"/attempts/{attempt.id}/log",
             f"/attempts/{attempt.id}/void", f"/attempts/{attempt.id}/reopen"]  # fmt: skip
    for path in pages:
        assert signed_in(app, cast.participant).get(path).status_code == 403, path
        assert signed_in(app, cast.other_trainer).get(path).status_code == 404, path
        assert signed_in(app, cast.coordinator).get(path).status_code == 200, path
    for path in (f"{one}/window", f"/attempts/{attempt.id}/void"):
        assert signed_in(app, cast.auditor).get(path).status_code == 403
    assert signed_in(app, cast.auditor).get(f"/attempts/{attempt.id}/log").status_code == 200
