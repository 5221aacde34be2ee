"""What counts of a person is decided by one at a time, on terms that nobody changes meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assessments.attempts.actions import flag_question, save_response, start_attempt, submit_attempt
from assessments.attempts.models import Attempt
from assessments.attempts.queries import get_state
from assessments.attempts.rules import AttemptReason
from assessments.attempts.scoring import tries
from assessments.grading.queries import get_standing_grade
from assessments.quizzes.actions import grant_exception, set_window
from assessments.quizzes.models import Quiz
from assessments.quizzes.rules import Allowance, Window
from assessments.supervision.actions import reopen_attempt, void_attempt
from assessments.time_factors.actions import set_time_factor
from courses.cohorts.models import Enrolment
from courses.progress.queries import states_of
from courses.progress.rules import ActivityState
from lms.clock import now
from lms.db import session, transaction
from lms.people.models import Person
from lms.sentences import Refusal
from tests.assessments.taking import answer_all
from tests.cast import signed_in
from tests.test_races import set_stage


def stage() -> tuple[Quiz, Enrolment, Person]:
    """Return the quiz, the one who takes it, and somebody in charge."""
    office = session.scalars(select(Person).where(Person.family_name == "Seefeld")).one()
    return session.scalars(select(Quiz)).one(), session.scalars(select(Enrolment)).one(), office


@pytest.fixture
def two_attempts(own_app: Flask) -> Callable[[int], tuple[int, int]]:
    """Make two attempts, of which the n-th has every answer right; the second one runs."""

    def make(right: int) -> tuple[int, int]:
        with own_app.app_context(), transaction():
            set_stage(1)
            quiz, enrolment, _office = stage()
            quiz.max_attempts = 5
            made = []
            for number in (1, 2):
                attempt = start_attempt(quiz, enrolment, actor=enrolment.person, at=now())
                if number == right:
                    answer_all(attempt, right=True)
                if number == 1:
                    submit_attempt(attempt, actor=enrolment.person, at=now())
                made.append(attempt.id)
        return made[0], made[1]

    return make


def overlap(app: Flask, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Do ``first``, and before it is committed begin ``second``, which has to wait for it; return what that returned."""
    did, done, found = Event(), Event(), []

    def begin() -> None:
        with app.app_context(), transaction():
            first()
            did.set()
            done.wait(0.5)  # as long as it takes the other one to stand and wait

    def follow() -> None:
        assert did.wait(30)
        with app.app_context(), transaction():
            found.append(second())
        done.set()

    threads = [Thread(target=begin), Thread(target=follow)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    [answer] = found
    return answer


def hand_in(attempt_id: int) -> None:
    submit_attempt(session.get_one(Attempt, attempt_id), actor=stage()[1].person, at=now())


def take_out(attempt_id: int) -> None:
    void_attempt(session.get_one(Attempt, attempt_id), reason="Verwechslung", actor=stage()[2], at=now())


@pytest.mark.parametrize("handed_in_first", [True, False])
@pytest.mark.parametrize(("right", "state"), [(1, ActivityState.BEGUN), (2, ActivityState.DONE)])
def test_of_an_attempt_taken_out_nothing_counts_beside_one_that_is_handed_in(
    own_app: Flask, two_attempts: Callable[[int], tuple[int, int]], handed_in_first: bool, right: int, state: ActivityState
) -> None:
    old, new = two_attempts(right)
    calls = [partial(hand_in, new), partial(take_out, old)]
    overlap(own_app, *(calls if handed_in_first else reversed(calls)))
    with own_app.app_context():
        quiz, enrolment, _office = stage()
        standing = get_standing_grade(enrolment.id, quiz.activity_id)
        assert standing is not None
        assert standing.passed is (right == 2)
        assert states_of([enrolment.id])[enrolment.id][quiz.activity_id] is state


def grant_minutes() -> None:
    quiz, enrolment, office = stage()
    grant_exception(quiz, enrolment, Allowance(0, 30), reason="Umzug", actor=office, at=now())


def lengthen_time() -> None:
    _quiz, enrolment, office = stage()
    set_time_factor(enrolment.person, 400, reason="Nachteilsausgleich", actor=office, at=now())


def close_early() -> None:
    quiz, enrolment, office = stage()
    window = Window(None, now() + timedelta(minutes=4))
    set_window(quiz, enrolment.cohort, window, actor=office, at=now())


@pytest.mark.parametrize(("change", "minutes"), [(grant_minutes, 40), (lengthen_time, 40), (close_early, 4)])
def test_who_starts_beside_a_change_of_terms_starts_on_the_new_ones(
    own_app: Flask, change: Callable[[], None], minutes: int
) -> None:
    own_app.config["WTF_CSRF_ENABLED"] = False
    with own_app.app_context(), transaction():
        set_stage(1)
        quiz, enrolment, _office = stage()
        quiz.time_limit_seconds = 600
        address = f"/learn/{enrolment.id}/quizzes/{quiz.activity_id}/attempts"
    with own_app.app_context():
        browser = signed_in(own_app, stage()[1].person)
    assert overlap(own_app, change, lambda: browser.post(address).status_code) == 302
    with own_app.app_context():
        attempt = session.scalars(select(Attempt)).one()
        assert attempt.due_at is not None
        given = attempt.due_at - attempt.started_at
        assert abs(given - timedelta(minutes=minutes)) < timedelta(minutes=1)


def test_a_log_has_room_for_handing_in_and_for_staff(
    own_app: Flask, two_attempts: Callable[[int], tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _old, new = two_attempts(1)
    with own_app.app_context(), transaction():
        attempt = session.get_one(Attempt, new)
        monkeypatch.setattr("assessments.attempts.actions.MOST_STEPS", get_state(attempt).length)
        with pytest.raises(Refusal) as of_answer:
            save_response(attempt, 0, None, at=now(), device="a", counter=1)
        with pytest.raises(Refusal) as of_flag:
            flag_question(attempt, 0, flag=True, at=now())
        assert of_answer.value.reason is of_flag.value.reason is AttemptReason.LOG_FULL
        submit_attempt(attempt, actor=stage()[1].person, at=now())
        reopen_attempt(attempt, minutes=5, reason="Versehen", actor=stage()[2], at=now())


def test_a_pause_begins_when_the_time_was_over_and_not_when_somebody_noticed(
    own_app: Flask, two_attempts: Callable[[int], tuple[int, int]]
) -> None:
    _old, new = two_attempts(1)
    with own_app.app_context(), transaction():
        quiz, enrolment, _office = stage()
        attempt = session.get_one(Attempt, new)
        attempt.due_at = now() - timedelta(hours=5)
        session.get_one(Attempt, _old).voided_at = now()
        quiz.options = {"pause_minutes": 60}
        session.flush()
        assert start_attempt(quiz, enrolment, actor=enrolment.person, at=now()).number == 3
        assert tries([attempt])[1] == attempt.due_at
