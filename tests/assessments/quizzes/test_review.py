"""What a review shows and when: in one place, for everybody of a cohort, and not while somebody can still answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from assessments.attempts.actions import start_attempt, submit_attempt
from assessments.attempts.queries import find_last_closing
from assessments.attempts.review import is_closed_for_all, review_of
from assessments.quizzes.actions import grant_exception, revoke_exception, set_window
from assessments.quizzes.models import Quiz
from assessments.quizzes.queries import get_terms
from assessments.quizzes.rules import GRACE, Allowance, Shown, Window
from assessments.repair.rules import Kind
from assessments.supervision.actions import reopen_attempt
from courses.cohorts.models import Enrolment
from lms.clock import now
from lms.db import session, transaction
from tests.assessments.repair.test_repair import repair
from tests.assessments.taking import take
from tests.cast import NOW, Cast, make_person, signed_in

Stage = tuple[Quiz, Enrolment]
DAY = timedelta(days=1)


@pytest.fixture
def other(cast: Cast, quiz: Stage) -> Enrolment:
    """Somebody else in the same cohort."""
    with transaction():
        made = Enrolment(cohort=quiz[1].cohort, person=cast.other_participant, enrolled_at=NOW)
        session.add(made)
    return made


def close(quiz: Stage, cast: Cast, at: datetime) -> None:
    """Close the quiz for the cohort."""
    with transaction():
        set_window(quiz[0], quiz[1].cohort, Window(at - 8 * DAY, at), actor=cast.coordinator, at=now())


def test_right_answers_wait_for_the_last_who_can_still_answer(cast: Cast, quiz: Stage, other: Enrolment) -> None:
    with transaction():
        quiz[0].options = {"review": {"right_answers": ["closed"]}}
    attempt = take(*quiz, right=True)
    closing = now() - timedelta(hours=1)
    close(quiz, cast, closing)
    cohort = quiz[1].cohort

    def shown(at: datetime) -> bool:
        return Shown.RIGHT_ANSWERS in review_of(quiz[0], cohort, at).shows(attempt)

    assert shown(now()), "closed for everybody"
    values: dict[str, Any] = {"reason": "Krank", "actor": cast.coordinator, "at": now()}
    with transaction():
        exception = grant_exception(quiz[0], other, Allowance(closes_at=closing + DAY), **values)
    assert get_terms(*quiz, now()).closes_at == closing, "one's own closing has passed"
    assert not shown(now())
    assert shown(closing + DAY + timedelta(minutes=1))
    with transaction():
        revoke_exception(exception, actor=cast.coordinator, at=now())
    assert shown(now())


@pytest.mark.parametrize(
    ("allowance", "percent", "later"),
    [
        (Allowance(extra_attempts=5), 100, timedelta()),
        (Allowance(closes_at=NOW + 400 * DAY), 100, 400 * DAY),
        (Allowance(closes_at=NOW + 3 * DAY, ends_at=NOW + DAY), 100, timedelta()),
        (Allowance(extra_minutes=90), 100, timedelta(minutes=90)),
        (Allowance(extra_attempts=1), 125, 2 * DAY),
        (None, 125, 2 * DAY),
    ],
)
def test_whose_closing_is_the_last(
    cast: Cast, quiz: Stage, other: Enrolment, allowance: Allowance | None, percent: int, later: timedelta
) -> None:
    """The quiz was open for eight days until ``NOW``; looked at two days later."""
    with transaction():
        set_window(quiz[0], quiz[1].cohort, Window(NOW - 8 * DAY, NOW), actor=cast.coordinator, at=NOW)
        other.person.time_percent = percent
        if allowance:
            grant_exception(quiz[0], other, allowance, reason="x", actor=cast.coordinator, at=NOW)
    cohort = quiz[1].cohort
    assert find_last_closing(quiz[0], cohort, NOW + 2 * DAY) == NOW + later
    with transaction():
        other.withdrawn_at = NOW
    assert find_last_closing(quiz[0], cohort, NOW + 2 * DAY) == NOW, "who has left does not keep the others waiting"


def test_an_exception_without_an_end_ends_with_the_cohort(cast: Cast, quiz: Stage, other: Enrolment) -> None:
    close(quiz, cast, now() - DAY)
    far = Allowance(closes_at=now() + 3650 * DAY)
    with transaction():
        grant_exception(quiz[0], other, far, reason="x", actor=cast.coordinator, at=now())
    assert not is_closed_for_all(quiz[0], quiz[1].cohort, now() + 300 * DAY)
    with transaction():
        quiz[1].cohort.completed_at = now()
    assert is_closed_for_all(quiz[0], quiz[1].cohort, now())


def test_a_quiz_without_closing_closes_with_the_cohort(cast: Cast, quiz: Stage) -> None:
    with transaction():
        quiz[0].options = {"review": {"right_answers": ["closed"]}}
    attempt = take(*quiz, right=True)
    assert Shown.RIGHT_ANSWERS not in review_of(quiz[0], quiz[1].cohort, now()).shows(attempt)
    with transaction():
        quiz[1].cohort.completed_at = now()
    assert Shown.RIGHT_ANSWERS in review_of(quiz[0], quiz[1].cohort, now()).shows(attempt)


@pytest.mark.parametrize("due", [None, timedelta(minutes=30)])
def test_what_still_runs_when_the_cohort_is_completed_keeps_the_answers_covered(
    quiz: Stage, other: Enrolment, due: timedelta | None
) -> None:
    cohort, at = quiz[1].cohort, now()
    with transaction():
        attempt = start_attempt(quiz[0], other, actor=other.person, at=at)
        attempt.due_at = at + due if due else None
        cohort.completed_at = at
    assert not is_closed_for_all(quiz[0], cohort, at)
    if due:
        assert not is_closed_for_all(quiz[0], cohort, at + due + GRACE)
        assert is_closed_for_all(quiz[0], cohort, at + due + 2 * GRACE)
    with transaction():
        submit_attempt(attempt, actor=other.person, at=at)
    assert is_closed_for_all(quiz[0], cohort, at)


def test_an_attempt_that_was_opened_again_keeps_the_answers_covered(cast: Cast, quiz: Stage, other: Enrolment) -> None:
    attempt = take(quiz[0], other, right=False)
    close(quiz, cast, now() - DAY)
    at, cohort = now(), quiz[1].cohort
    assert is_closed_for_all(quiz[0], cohort, at)
    values: dict[str, Any] = {"reason": "Versehen", "actor": cast.coordinator, "at": at}
    with transaction():
        reopen_attempt(attempt, minutes=30, **values)
    assert find_last_closing(quiz[0], cohort, at) == at + timedelta(minutes=30)
    assert not is_closed_for_all(quiz[0], cohort, at)
    with transaction():
        attempt.due_at = None
    assert find_last_closing(quiz[0], cohort, at) is None
    assert not is_closed_for_all(quiz[0], cohort, at)


@pytest.mark.parametrize("people", [3, 60])
def test_it_takes_one_query_and_none_before_the_closing(
    cast: Cast, quiz: Stage, count_queries: Any, people: int
) -> None:
    with transaction():
        for number in range(people):
            person = make_person("Mit", f"Lernend {number}", email=f"m{number}@example.org")
            person.time_percent = 110
            session.add(Enrolment(cohort=quiz[1].cohort, person=person, enrolled_at=NOW))
    cohort = quiz[1].cohort
    for closing, most in ((now() + DAY, 1), (now() - DAY, 2)):
        close(quiz, cast, closing)
        session.expire_all()
        _ = quiz[0].options, cohort.completed_at
        with count_queries() as seen:
            review_of(quiz[0], cohort, now())
        assert len(seen) <= most, "besides the window itself"


HIDDEN = {"review": {"points": ["closed"]}}


def test_points_that_are_hidden_are_hidden_everywhere(app: Flask, cast: Cast, quiz: Stage) -> None:
    with transaction():
        quiz[0].options = HIDDEN
    attempt = take(*quiz, right=False)
    repair(cast, "an-02", Kind.FULL_POINTS)
    browser = signed_in(app, cast.participant)
    page = browser.get(f"/learn/{quiz[1].id}/quizzes/{quiz[0].activity_id}").text
    result = browser.get(f"/attempts/{attempt.id}/result").text
    for text in (page, result):
        assert "von 2" not in text
        assert "Punkte." not in text
    assert "Der Schlüssel war falsch." in result, "why, but not how much"
    assert "Vorher:" not in result
    assert "abgegeben" in page
    with transaction():
        quiz[0].options = {}
    assert "1 von 2" in browser.get(f"/learn/{quiz[1].id}/quizzes/{quiz[0].activity_id}").text
    assert "Punkte vorher: 0 von 2. Punkte jetzt: 1 von 2" in browser.get(f"/attempts/{attempt.id}/result").text


def test_a_running_attempt_hides_no_points_of_those_before(app: Flask, cast: Cast, quiz: Stage) -> None:
    take(*quiz, right=False)
    with transaction():
        start_attempt(*quiz, actor=cast.participant, at=now())
    page = signed_in(app, cast.participant).get(f"/learn/{quiz[1].id}/quizzes/{quiz[0].activity_id}").text
    assert "Es zählen: 0 von 2 Punkten." in page
