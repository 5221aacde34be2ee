"""A result that waits for a mark is said to wait, wherever somebody looks for it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from assessments.attempts.actions import start_attempt, submit_attempt
from assessments.attempts.queries import get_state
from assessments.bank.queries import count_asked
from assessments.items.models import Item, ItemVersion
from assessments.repair.actions import mended_version, repair_item
from assessments.repair.rules import Kind
from assessments.statistics.jobs import count_statistics
from assessments.supervision.actions import reopen_attempt, void_attempt
from courses.progress.queries import states_of
from courses.progress.rules import ActivityState
from lms.clock import now
from lms.db import session, transaction
from tests.assessments.marking.conftest import Stage
from tests.assessments.marking.test_marking import ledger, mark, slots_of, take
from tests.cast import Cast, signed_in

WAITS = "wartet auf Bewertung"


def test_every_page_says_what_waits(app: Flask, cast: Cast, stage: Stage) -> None:
    quiz, enrolment = stage
    learner, trainer, office = (signed_in(app, one) for one in (cast.participant, cast.trainer, cast.coordinator))
    own, book = f"/learn/{enrolment.id}/quizzes/{quiz.activity_id}", f"/cohorts/{enrolment.cohort_id}/grades"
    readiness = f"/cohorts/{enrolment.cohort_id}/readiness"
    before = learner.get(own).text
    assert "Einige Antworten bewerten Ihre Trainerinnen und Trainer" in before, "it is said before one starts"
    assert WAITS not in trainer.get(book).text
    with transaction():
        quiz.max_attempts = None
    attempt = take(stage)
    assert WAITS in learner.get(own).text
    assert WAITS in trainer.get(book).text
    assert WAITS in trainer.get(f"/cohorts/{enrolment.cohort_id}/quizzes/{quiz.activity_id}").text
    waiting = office.get(readiness).text
    assert "Ein Quiz wartet auf Bewertung" in waiting
    assert "/grading" in waiting
    assert "Sie warten auf Bewertung durch Ihre Trainerinnen und Trainer" in learner.get("/certificates").text
    mark(attempt, cast, 100)
    for page in (learner.get(own), trainer.get(book), office.get(readiness), learner.get("/certificates")):
        assert WAITS not in page.text
    take(stage)
    assert WAITS in trainer.get(book).text, "beside the grade that stands"


def test_a_first_attempt_that_waits_for_a_mark_has_not_asked_anything_yet(cast: Cast, stage: Stage) -> None:
    quiz, _enrolment = stage
    attempt = take(stage)
    item_id = session.scalars(select(Item.id).order_by(Item.id)).first() or 0
    count_statistics()
    session.expire_all()
    assert count_asked([quiz.activity_id], item_id) == {quiz.activity_id: 0}
    mark(attempt, cast, 100)
    count_statistics()
    session.expire_all()
    assert count_asked([quiz.activity_id], item_id) == {quiz.activity_id: 1}


HANDED_IN = "abgegeben, wird bewertet"


def state_of(stage: Stage) -> ActivityState:
    """Return where the participant stands with the quiz."""
    return states_of([stage[1].id])[stage[1].id][stage[0].activity_id]


def test_in_the_list_of_activities_it_is_handed_in_not_begun(app: Flask, cast: Cast, stage: Stage) -> None:
    learner = signed_in(app, cast.participant)
    with transaction():
        stage[0].max_attempts = None
    attempt = take(stage, right=False)
    assert state_of(stage) is ActivityState.HANDED_IN
    assert HANDED_IN in learner.get(f"/learn/{stage[1].id}").text
    mark(attempt, cast, 0)
    assert state_of(stage) is ActivityState.BEGUN, "not passed, and more attempts are left"
    attempt = take(stage, right=False)
    with transaction():
        another = start_attempt(*stage, actor=cast.participant, at=now())
    assert state_of(stage) is ActivityState.BEGUN, "there is something to do again"
    with transaction():
        submit_attempt(another, actor=None, at=now())
    assert state_of(stage) is ActivityState.HANDED_IN
    mark(attempt, cast, 0)
    assert state_of(stage) is ActivityState.BEGUN, "the other one had no answer to mark"


def test_a_mark_decides_and_what_is_passed_stays_so(cast: Cast, stage: Stage) -> None:
    with transaction():
        stage[0].max_attempts = 2
    mark(take(stage), cast, 100)
    assert state_of(stage) is ActivityState.DONE
    again = take(stage, right=False)
    assert state_of(stage) is ActivityState.DONE
    mark(again, cast, 0)
    assert state_of(stage) is ActivityState.DONE


def test_the_last_attempt_is_failed_only_by_its_mark(cast: Cast, stage: Stage) -> None:
    with transaction():
        stage[0].max_attempts = 1
    attempt = take(stage, right=False)
    assert state_of(stage) is ActivityState.HANDED_IN
    mark(attempt, cast, 0)
    assert state_of(stage) is ActivityState.FAILED


def test_what_is_taken_out_or_opened_again_waits_no_longer(cast: Cast, stage: Stage) -> None:
    attempt = take(stage)
    with transaction():
        reopen_attempt(attempt, minutes=None, reason="Weiter", actor=cast.trainer, at=now())
    assert state_of(stage) is ActivityState.BEGUN
    with transaction():
        submit_attempt(attempt, actor=cast.participant, at=now())
    assert state_of(stage) is ActivityState.HANDED_IN
    with transaction():
        void_attempt(attempt, reason="Raus", actor=cast.trainer, at=now())
    assert state_of(stage) is ActivityState.BEGUN


def test_a_repair_that_leaves_nothing_to_mark_ends_the_waiting(cast: Cast, stage: Stage) -> None:
    attempt = take(stage, right=False)
    version = session.get_one(ItemVersion, get_state(attempt).slots[slots_of(attempt)["essay"]].item_version_id)
    with transaction():
        new = mended_version(version, Kind.DROP)
        repair_item(version, new, Kind.DROP, never_lower=False, reason="Gestrichen", actor=cast.trainer, at=now())
    assert state_of(stage) is ActivityState.BEGUN
    back = session.scalars(select(ItemVersion).where(ItemVersion.item_id == version.item_id, ItemVersion.number == 2)).one()
    with transaction():
        new = mended_version(back, Kind.TAKE_BACK)
        repair_item(back, new, Kind.TAKE_BACK, never_lower=False, reason="Doch", actor=cast.trainer, at=now())
    assert state_of(stage) is ActivityState.HANDED_IN


@pytest.mark.parametrize("grading", ["last", "average"])
def test_taking_out_what_has_no_weight_destroys_no_pass_while_another_one_waits(
    cast: Cast, stage: Stage, grading: str
) -> None:
    quiz, enrolment = stage
    with transaction():
        quiz.max_attempts, quiz.grading = None, grading
    first, second = take(stage), None
    mark(first, cast, 100)
    second = take(stage)
    mark(second, cast, 100)
    before = ledger(enrolment)
    assert before[-1][2]
    take(stage)
    with transaction():
        void_attempt(first, reason="Verwechslung", actor=cast.coordinator, at=now())
    assert ledger(enrolment) == before
    assert states_of([enrolment.id])[enrolment.id][quiz.activity_id] is ActivityState.DONE
    with transaction():
        void_attempt(second, reason="Verwechslung", actor=cast.coordinator, at=now())
    assert not ledger(enrolment)[-1][2], "what it counted for is gone, and nothing else is marked"


def test_nobody_fails_by_a_mark_while_the_last_attempt_runs(cast: Cast, stage: Stage) -> None:
    quiz, enrolment = stage
    with transaction():
        quiz.max_attempts = 2
    first = take(stage, right=False)
    with transaction():
        last = start_attempt(quiz, enrolment, actor=cast.participant, at=now())
    mark(first, cast, 0)
    assert states_of([enrolment.id])[enrolment.id][quiz.activity_id] is ActivityState.BEGUN
    with transaction():
        submit_attempt(last, actor=cast.participant, at=now())
    assert states_of([enrolment.id])[enrolment.id][quiz.activity_id] is ActivityState.FAILED
