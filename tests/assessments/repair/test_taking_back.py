"""A repair is taken back, a question is repaired twice, and nothing is left of an attempt: what counts then."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assessments.attempts.actions import start_attempt, submit_attempt
from assessments.attempts.models import Attempt
from assessments.attempts.queries import get_state, list_attempts
from assessments.attempts.results import counting_result, is_passed
from assessments.attempts.scoring import is_empty, tries
from assessments.items.rules import REPAIRED
from assessments.quizzes.queries import count_asked, list_pool
from assessments.repair.actions import mended_version, repair_item
from assessments.repair.queries import DryRun, find_standing, list_chain, list_later, try_repair
from assessments.repair.rules import Kind, RepairReason, chain, standing, summary
from assessments.supervision.actions import reopen_attempt
from courses.progress.queries import states_of
from courses.progress.rules import ActivityState
from lms.clock import now
from lms.db import session, transaction
from lms.mail.models import OutboxMail
from lms.sentences import Refusal
from tests.assessments.repair.confirming import shown_by
from tests.assessments.repair.test_repair import Stage, ledger, other_key, repair, version_of
from tests.assessments.taking import answer_all, take
from tests.cast import Cast, signed_in


def asked(quiz: Stage) -> list[str]:
    """Return the keys of the questions that an attempt is asked which begins now."""
    return sorted(one.key for one in list_pool(quiz[0]))


def take_back(cast: Cast, key: str, *, never_lower: bool = False) -> DryRun:
    """Take the last repair of a question back; the dry run before promises what is then done."""
    with transaction():
        old = version_of(key)
        new = mended_version(old, Kind.TAKE_BACK)
        promised = try_repair(old, new, never_lower=never_lower, taken_back=find_standing(old))
        _repair, run = repair_item(
            old, mended_version(old, Kind.TAKE_BACK), Kind.TAKE_BACK,
            never_lower=never_lower, reason="War doch richtig.", actor=cast.coordinator, at=now(),
        )  # fmt: skip
    assert summary(promised.effects) == summary(run.effects)
    return run


@pytest.mark.parametrize("kind", [Kind.FULL_POINTS, Kind.DROP])
def test_what_was_taken_out_comes_back_for_everybody(cast: Cast, quiz: Stage, kind: Kind) -> None:
    attempt = take(*quiz, right=False)
    place = [one.position for one in quiz[0].pool if one.item_version.item.key == "an-02"]
    repair(cast, "an-02", kind)
    repaired = ledger(quiz[1])[-1]
    assert repaired == ((100, 200, False) if kind is Kind.FULL_POINTS else (0, 100, False))
    assert asked(quiz) == ["an-01"], "neither a gift nor a fault is asked again"
    assert count_asked(quiz[0], list_pool(quiz[0])) == 1
    assert take(*quiz, right=False).score_maximum_hundredths == 100
    run = take_back(cast, "an-02")
    assert summary(run.effects)["changed"] == 1
    assert ledger(quiz[1])[-1] == (0, 200, False)
    assert asked(quiz) == ["an-01", "an-02"]
    session.expire_all()
    assert [one.position for one in quiz[0].pool if one.item_version.item.key == "an-02"] == place
    assert REPAIRED not in version_of("an-02").definition
    assert get_state(attempt).scorings[0].given == 0, "the first scoring stays readable"
    assert len(get_state(attempt).scorings) == 3
    subjects = session.scalars(select(OutboxMail.subject).where(OutboxMail.kind == "result_repaired")).all()
    assert len(subjects) == 2


def test_a_key_is_taken_back_and_nothing_is_lowered_where_that_was_promised(cast: Cast, quiz: Stage) -> None:
    take(*quiz, right=False)
    old = version_of("an-02")
    repair(cast, "an-02", Kind.KEY, definition=other_key(old))
    assert ledger(quiz[1])[-1] == (100, 200, False)
    assert take_back(cast, "an-02", never_lower=True).kept == 1
    assert ledger(quiz[1])[-1] == (100, 200, False)
    assert version_of("an-02").definition == old.definition


def test_a_promise_of_an_earlier_repair_outlives_a_later_one_that_is_taken_back(cast: Cast, quiz: Stage) -> None:
    first = version_of("an-02")
    kept = take(*quiz, right=True)
    repair(cast, "an-02", Kind.KEY, definition=other_key(first), never_lower=True)
    before = ledger(quiz[1])
    assert before == [(200, 200, True)]
    repair(cast, "an-02", Kind.FULL_POINTS)
    run = take_back(cast, "an-02")
    assert summary(run.effects)["changed"] == 0
    assert ledger(quiz[1]) == before
    used = {slot.item_version_id for slot in get_state(kept).slots}
    assert first.id in used, "what the first repair left alone is as it was"
    assert take_back(cast, "an-02").rescorings == []
    assert ledger(quiz[1]) == before


def test_an_attempt_that_a_repair_left_alone_is_left_alone_when_it_is_taken_back(cast: Cast, quiz: Stage) -> None:
    old = version_of("an-02")
    attempt = take(*quiz, right=True)
    repair(cast, "an-02", Kind.KEY, definition=other_key(old), never_lower=True)
    length = get_state(attempt).length
    assert take_back(cast, "an-02").rescorings == []
    assert get_state(attempt).length == length


def test_what_is_handed_in_again_is_scored_with_what_the_repair_found(cast: Cast, quiz: Stage) -> None:
    old = version_of("an-02")
    attempt = take(*quiz, right=True)
    repair(cast, "an-02", Kind.KEY, definition=other_key(old), never_lower=True)
    repair(cast, "an-02", Kind.FULL_POINTS)
    with transaction():
        reopen_attempt(attempt, minutes=None, reason="Versehen", actor=cast.trainer, at=now())
    with transaction():
        submit_attempt(attempt, actor=cast.participant, at=now())
    assert ledger(quiz[1])[-1] == (200, 200, True)
    take_back(cast, "an-02")
    assert ledger(quiz[1])[-1] == (100, 200, False)


def test_repairs_are_taken_back_one_after_the_other(cast: Cast, quiz: Stage) -> None:
    take(*quiz, right=False)
    first = version_of("an-02").definition
    repair(cast, "an-02", Kind.KEY, definition=other_key(version_of("an-02")))
    repair(cast, "an-02", Kind.DROP, never_lower=False)
    assert ledger(quiz[1])[-1] == (0, 100, False), "the second repair finds the attempts of the first version as well"
    take_back(cast, "an-02")
    assert ledger(quiz[1])[-1] == (100, 200, False)
    take_back(cast, "an-02")
    assert ledger(quiz[1])[-1] == (0, 200, False)
    assert version_of("an-02").definition == first
    with pytest.raises(Refusal) as refused:
        mended_version(version_of("an-02"), Kind.TAKE_BACK)
    assert refused.value.reason is RepairReason.NOTHING_TO_TAKE_BACK
    kinds = [one.kind for one in list_chain(version_of("an-02"))]
    assert kinds == ["key", "drop", "take_back", "take_back"]
    repair(cast, "an-02", Kind.FULL_POINTS)
    take_back(cast, "an-02")
    assert version_of("an-02").definition == first


def test_a_new_key_brings_a_dropped_question_back(cast: Cast, quiz: Stage) -> None:
    take(*quiz, right=False)
    old = version_of("an-02")
    repair(cast, "an-02", Kind.DROP)
    with pytest.raises(Refusal) as refused:
        repair(cast, "an-02", Kind.DROP)
    assert refused.value.reason is RepairReason.NOTHING_CHANGED
    repair(cast, "an-02", Kind.KEY, definition=other_key(old))
    assert ledger(quiz[1])[-1] == (100, 200, False)
    assert asked(quiz) == ["an-01", "an-02"]


@pytest.mark.parametrize(
    ("kinds", "left"),
    [([], []), (["key"], [0]), (["key", "take_back"], []), (["key", "drop", "take_back"], [0]),
     (["drop", "take_back", "key"], [2]), (["key", "drop", "take_back", "take_back", "full_points"], [4])],
)  # fmt: skip
def test_which_repairs_stand(kinds: list[str], left: list[int]) -> None:
    class Made:
        def __init__(self, number: int, kind: str) -> None:
            self.from_version_id, self.to_version_id, self.kind = number, number + 1, kind

    repairs = [Made(number, kind) for number, kind in enumerate(kinds)]
    found = chain([*repairs[::-1], Made(50, "key")], len(kinds))
    assert found == repairs
    assert [one.from_version_id for one in standing(found)] == left


def test_the_dry_run_says_what_later_attempts_are_asked(cast: Cast, quiz: Stage) -> None:
    old = version_of("an-02")
    for kind, after in ((Kind.DROP, 1), (Kind.FULL_POINTS, 1), (Kind.KEY, 2)):
        [later] = list_later(old, mended_version(old, kind, other_key(old)))
        assert (later.quiz.activity_id, later.before, later.after) == (quiz[0].activity_id, 2, after)
    with transaction():
        quiz[0].draw = 1
    [later] = list_later(old, mended_version(old, Kind.DROP))
    assert (later.before, later.after) == (1, 1), "there are others to draw"


@pytest.mark.usefixtures("without_tokens")
def test_the_page_takes_back_with_a_dry_run_and_tells_it(app: Flask, cast: Cast, quiz: Stage) -> None:
    attempt = take(*quiz, right=False)
    repair(cast, "an-02", Kind.FULL_POINTS)
    path = f"/questions/{version_of('an-02').id}/repair"
    browser = signed_in(app, cast.coordinator)
    page = browser.get(path).text
    assert "Diese Frage wurde allen gutgeschrieben" in page
    assert "kind=take_back" in page
    offered = browser.get(f"{path}?kind=take_back").text
    assert re.search(r'<input[^>]*\bchecked\b[^>]*value="take_back"', offered)
    assert not re.search(r'<input[^>]*\bchecked\b[^>]*name="never_lower"', offered), "what is taken back is taken back wholly"
    fields = {"kind": "take_back", "reason": "War doch richtig.", "step": "preview"}
    shown = browser.post(path, data=fields).text
    assert cast.participant.family_name in shown
    assert "Ein Versuch hat 2 Fragen (bisher 1)" in " ".join(shown.split())
    assert ledger(quiz[1])[-1] == (100, 200, False), "nothing has happened yet"
    assert browser.post(path, data=fields | {"step": "apply", "outcome": shown_by(shown)}).status_code == 302
    assert ledger(quiz[1])[-1] == (0, 200, False)
    history = browser.get(f"/questions/{version_of('an-02').id}/repair").text
    assert "Berichtigung zurückgenommen" in history
    assert "Inzwischen zurückgenommen." in history
    assert cast.coordinator.full_name in history
    assert "kind=take_back" not in history
    result = signed_in(app, cast.participant).get(f"/attempts/{attempt.id}/result").text
    assert "Eine Berichtigung wurde am" in result
    assert "War doch richtig." in result


@pytest.fixture
def without_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests ask what the form does, not whether it was ours."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


# --- nothing is left of an attempt


def state_of(quiz: Stage) -> ActivityState:
    """Return where the participant stands with the quiz."""
    return states_of([quiz[1].id])[quiz[1].id][quiz[0].activity_id]


def test_nothing_of_nothing_is_no_result() -> None:
    assert not is_passed(0, 0, 60)
    assert not is_passed(0, 0, 0)
    assert is_passed(120, 200, 60)
    assert not is_passed(119, 200, 60)
    assert counting_result([(0, 0)], "best", 0) is None
    for grading in ("best", "first", "last", "average"):
        found = counting_result([(0, 0), (150, 200), (0, 0)], grading, 60)
        assert found is not None
        assert (found.given, found.maximum, found.passed) == (150, 200, True), grading
    assert counting_result([(0, 0), None], "first", 60) is None, "it waits for a mark"


def drawn_one(quiz: Stage, *, right: bool) -> tuple[Attempt, str]:
    """Take the quiz with one drawn question, and return the attempt and the question's key."""
    with transaction():
        quiz[0].draw = 1
    attempt = take(*quiz, right=right)
    return attempt, next(one.key for one in list_pool(quiz[0])
                         if one.id == get_state(attempt).slots[0].item_version_id)  # fmt: skip


@pytest.mark.usefixtures("without_tokens")
def test_an_attempt_whose_questions_were_all_dropped_is_neither_result_nor_try(
    app: Flask, cast: Cast, quiz: Stage
) -> None:
    with transaction():
        quiz[0].max_attempts = 1
    attempt, key = drawn_one(quiz, right=False)
    assert state_of(quiz) is ActivityState.FAILED
    repair(cast, key, Kind.DROP)
    session.refresh(attempt)
    assert is_empty(attempt)
    assert ledger(quiz[1])[-1] == (0, 0, False)
    assert tries(list_attempts(quiz[1].id, quiz[0].activity_id)) == (0, None)
    assert state_of(quiz) is ActivityState.BEGUN, "the try is given back"
    browser = signed_in(app, cast.participant)
    page = browser.get(f"/attempts/{attempt.id}/result").text
    assert "Ohne Ergebnis" in page
    assert "Bestanden" not in page
    assert "Noch einmal versuchen" in browser.get(f"/learn/{quiz[1].id}/quizzes/{quiz[0].activity_id}").text
    assert take(*quiz, right=True).number == 2
    assert state_of(quiz) is ActivityState.DONE


@pytest.mark.parametrize("running", [False, True])
def test_a_try_is_given_back_also_where_the_result_stays_the_same(cast: Cast, quiz: Stage, *, running: bool) -> None:
    with transaction():
        quiz[0].max_attempts = 2
    _first, key = drawn_one(quiz, right=False)
    take(*quiz, right=False)
    assert state_of(quiz) is ActivityState.FAILED
    before = ledger(quiz[1])[-1]
    repair(cast, key, Kind.DROP)
    assert ledger(quiz[1])[-1] == before == (0, 100, False)
    assert state_of(quiz) is ActivityState.BEGUN
    if running:
        with transaction():
            start_attempt(*quiz, actor=cast.participant, at=now())
    take_back(cast, key)
    assert ledger(quiz[1])[-1] == before
    assert state_of(quiz) is (ActivityState.BEGUN if running else ActivityState.FAILED)


def test_who_had_passed_keeps_it_unless_that_was_taken_on_purpose(cast: Cast, quiz: Stage) -> None:
    _attempt, key = drawn_one(quiz, right=True)
    old = version_of(key)
    kept = try_repair(old, mended_version(old, Kind.DROP), never_lower=True)
    assert (kept.kept, kept.rescorings) == (1, [])
    lost = try_repair(old, mended_version(old, Kind.DROP), never_lower=False)
    assert summary(lost.effects) == {"concerned": 1, "changed": 1, "passed": 0, "failed": 1}
    repair(cast, key, Kind.DROP, never_lower=False)
    assert state_of(quiz) is ActivityState.BEGUN
    take_back(cast, key)
    assert state_of(quiz) is ActivityState.DONE


def test_an_attempt_that_is_running_can_end_without_a_result(cast: Cast, quiz: Stage) -> None:
    with transaction():
        quiz[0].draw = 1
        attempt = start_attempt(*quiz, actor=cast.participant, at=now())
        answer_all(attempt, right=True)
    key = next(one.key for one in list_pool(quiz[0]) if one.id == get_state(attempt).slots[0].item_version_id)
    repair(cast, key, Kind.DROP)
    with transaction():
        submit_attempt(attempt, actor=cast.participant, at=now())
    assert ledger(quiz[1]) == []
    assert is_empty(attempt)


def test_the_last_question_can_be_given_to_everybody_but_then_nobody_begins(cast: Cast, quiz: Stage) -> None:
    take(*quiz, right=False)
    repair(cast, "an-01", Kind.DROP)
    old = version_of("an-02")
    [later] = list_later(old, mended_version(old, Kind.FULL_POINTS))
    assert (later.before, later.after) == (1, 0)
    repair(cast, "an-02", Kind.FULL_POINTS)
    assert ledger(quiz[1])[-1] == (100, 100, True)
    values: dict[str, Any] = {"actor": cast.participant, "at": now()}
    with pytest.raises(Refusal, match="empty_pool"), transaction():
        start_attempt(*quiz, **values)
