"""Start, answer and submit attempts."""

from __future__ import annotations

import os
import random
from datetime import datetime
from typing import Any

from assessments.attempts.log import append, append_step, hold_results, lock_state, make_attempt_if_next
from assessments.attempts.models import Attempt
from assessments.attempts.queries import (
    get_state,
    list_attempts,
    list_seen_items,
)
from assessments.attempts.results import Result, counting_result
from assessments.attempts.rules import (
    MOST_STEPS,
    AttemptReason,
    HasEnd,
    State,
    Step,
    StepKind,
    is_running,
    is_stale,
    may_start,
    may_write,
    next_answer,
    next_flag,
)
from assessments.attempts.scoring import Scoring, score_state, scores_of, tries, unfinished, waiting
from assessments.grading.actions import record_grade
from assessments.grading.queries import get_standing_grade
from assessments.items.interactions.registry import get_interaction
from assessments.items.models import ItemRepair
from assessments.items.queries import find_successors, get_wordings
from assessments.quizzes.models import Quiz
from assessments.quizzes.queries import as_candidates, get_terms, list_pool
from assessments.quizzes.rules import draw, read_options
from courses.cohorts.models import Enrolment
from courses.progress.actions import Verb, record_progress
from courses.progress.queries import states_of
from courses.progress.rules import ActivityState
from lms.db import begin_writing, session
from lms.jobs.registry import nudge
from lms.people.models import Person
from lms.sentences import Refusal


def start_attempt(quiz: Quiz, enrolment: Enrolment, *, actor: Person, at: datetime) -> Attempt:
    """Start an attempt, or return the one that is open. Raises Refusal.

    Scarce: the number of attempts. What is asked is drawn before anything is held; if there was another start meanwhile, all
    is decided again, so that of simultaneous starts all get the attempt that the first one made. They meet at the unique
    constraints of the attempts; who changes the terms meets them at the rows that ``access.quiz_to_start`` holds.
    """
    attempts = list_attempts(enrolment.id, quiz.activity_id)
    for attempt in unfinished(attempts):
        if may_write(None, attempt.due_at, at) is None:
            return attempt
        begin_writing()
        close_overdue_attempt(attempt.id, at=at)
        return start_attempt(quiz, enrolment, actor=actor, at=at)  # with what there is now
    payload = {"draw": _draw(quiz, enrolment, again=bool(attempts))}
    begin_writing(keep=True)
    terms = get_terms(quiz, enrolment, at)  # the last that is read: nobody changes them from here on
    refusal = may_start(terms, *tries(attempts), at)
    if refusal:
        raise refusal
    made = make_attempt_if_next(quiz, enrolment, number=len(attempts) + 1, at=at, due_at=terms.due(at))
    if made is None:  # there was another start meanwhile
        session.expire_all()
        return start_attempt(quiz, enrolment, actor=actor, at=at)
    append_step(made, State(), StepKind.STARTED, at, payload=payload)
    if not attempts:
        record_progress(enrolment, quiz.activity, Verb.ATTEMPTED, actor=actor, at=at)
    elif waiting(attempts):
        record_waiting([*attempts, made], actor=actor, at=at)
    return made


def _draw(quiz: Quiz, enrolment: Enrolment, *, again: bool) -> list[tuple[int, list[int]]]:
    pool = list_pool(quiz)
    if not pool:
        raise Refusal(AttemptReason.EMPTY_POOL)
    # From the system's randomness, but asked once: each number of SystemRandom is a call of its own.
    chance = random.Random(os.urandom(32))  # noqa: S311 - as hard to foresee as its seed
    options = read_options(quiz.options)
    seen = list_seen_items(enrolment.id, quiz.activity_id) if again else set()
    candidates = as_candidates(pool, seen)
    pooled = {one.id: one for one in pool}
    drawn = []
    for number in draw(candidates, quiz.draw, options, chance):
        order = get_interaction(pooled[number].type).shuffle(pooled[number].definition, chance)
        drawn.append((number, order if options.shuffle_answers else sorted(order)))
    return drawn


def save_response(
    attempt: Attempt,
    slot: int,
    response: dict[str, Any] | None,
    *,
    at: datetime,
    device: str | None = None,
    counter: int | None = None,
    state: State | None = None,
) -> State:
    """Append an answer (None takes it back) and return the state. Raises Refusal once the attempt is closed.

    ``state`` is what ``lock_state`` returned in this transaction, for who needed it before.
    """
    state = state or lock_state(attempt)
    step = next_step(attempt, state, slot, response, at=at, device=device, counter=counter)
    if step is not None:
        append(attempt.id, state, step)
    return state


def next_step(
    attempt: HasEnd,
    state: State,
    slot: int,
    response: dict[str, Any] | None,
    *,
    at: datetime,
    device: str | None,
    counter: int | None,
    age: int = 0,
    upon: int | None = None,
) -> Step | None:
    """Return the step that saves an answer (None takes it back), or None when it changes nothing.

    Saving is idempotent (see ``rules.next_answer``). Raises Refusal once the attempt is closed.
    """
    if not 0 <= slot < len(state.slots):
        raise ValueError(f"The attempt has no question {slot}.")
    if is_stale(state, slot, device, counter):
        return None
    refuse_closed(attempt, at)
    refuse_full(state)
    if slot in state.checked:
        raise Refusal(AttemptReason.CHECKED)
    return next_answer(state, slot, response, device, counter, at, age=age, upon=upon)


def flag_question(
    attempt: Attempt,
    slot: int,
    *,
    flag: bool,
    at: datetime,
    device: str | None = None,
    counter: int | None = None,
    age: int = 0,
) -> None:
    """Mark a question to come back to, or take the mark away. Raises Refusal once the attempt is closed.

    What a device sends twice, or late after something newer, changes nothing; what stands already is written again only for
    a newer counter, so that what may still be on its way stays behind. Of two devices the later flag counts: ``age`` is for how
    many seconds it has waited on its device.
    """
    state = lock_state(attempt)
    refuse_closed(attempt, at)
    refuse_full(state)
    step = next_flag(state, slot, device, counter, at, flag=flag, age=age)
    if step is not None:
        append(attempt.id, state, step)


def check_answer(attempt: Attempt, slot: int, *, at: datetime) -> None:
    """Note that the person asked whether the answer that stands is right; from then on it stands. Raises Refusal.

    What a person marks cannot be checked at once, and asking for it changes nothing.
    """
    state = lock_state(attempt)
    refuse_closed(attempt, at)
    version_id = state.slots[slot].item_version_id
    if get_interaction(get_wordings([version_id])[version_id].type).MANUAL:
        return
    if state.responses.get(slot) is not None and slot not in state.checked:
        append_step(attempt, state, StepKind.CHECKED, at, slot=slot)


def submit_attempt(attempt: Attempt, *, actor: Person | None, at: datetime) -> Result:
    """Hand an attempt in, score it, and record what counts now. Handing in twice changes nothing.

    ``actor`` is empty when the time was over and nobody handed in. With answers that a person marks, nothing of this
    attempt counts until they are marked (see assessments/marking).
    """
    attempts = hold_results(attempt)
    quiz = attempt.quiz
    if attempt.submitted_at is None:
        if attempt.voided_at is not None:
            raise Refusal(AttemptReason.VOIDED)
        state = get_state(attempt)
        append_step(attempt, state, StepKind.SUBMITTED, at, payload=None if actor else {"overdue": True})
        scoring = score_attempt(state)  # before anything of the attempt changes, so that its row is written once
        attempt.submitted_at = at
        record_scoring(attempt, state, scoring, at=at)
        nudge("count_statistics")
        result = current_result(attempts, quiz)
        if is_settled(attempts, quiz) and not attempt.unmarked:
            record_result(attempt, attempts, result, grader=None, actor=actor, at=at)
        if waiting(attempts):
            record_waiting(attempts, actor=actor, at=at)
        return result
    return current_result(attempts, quiz)


def close_overdue_attempt(attempt_id: int, *, at: datetime) -> None:
    """Hand in an attempt whose time is over, with what had been saved; one that goes on after all is left alone."""
    attempt = session.get_one(Attempt, attempt_id, populate_existing=True)
    hold_results(attempt)
    if attempt.submitted_at is None and attempt.voided_at is None and not is_running(attempt, at):
        submit_attempt(attempt, actor=None, at=at)


def record_scoring(
    attempt: Attempt, state: State, scoring: Scoring, *, at: datetime, repair: ItemRepair | None = None
) -> None:
    """Append what the answers are worth, and keep it beside the log. An earlier scoring stays readable in the log."""
    payload = scoring.payload() | ({"repair": repair.id} if repair else {})
    append_step(attempt, state, StepKind.SCORED, at, payload=payload)
    attempt.recount = True
    attempt.score_hundredths = scoring.given
    attempt.score_maximum_hundredths = scoring.maximum
    attempt.unmarked = len(scoring.pending)
    session.flush()


def score_attempt(state: State) -> Scoring:
    """Return what the answers that stand are worth, with the newest keys and the marks that there are."""
    drawn = [slot.item_version_id for slot in state.slots]
    successors = find_successors(drawn)
    return score_state(state, get_wordings({*drawn, *successors.values()}), successors)


def refuse_closed(attempt: HasEnd, at: datetime) -> None:
    """Raise Refusal when answers of this attempt are no longer taken."""
    if attempt.voided_at is not None:
        raise Refusal(AttemptReason.VOIDED)
    refused = may_write(attempt.submitted_at, attempt.due_at, at)
    if refused:
        raise Refusal(refused, at=attempt.submitted_at or attempt.due_at)


def refuse_full(state: State) -> None:
    """Raise Refusal when a log has as many steps as its person may add; there is always room for handing in and for staff."""
    if state.length >= MOST_STEPS:
        raise Refusal(AttemptReason.LOG_FULL)


def current_result(attempts: list[Attempt], quiz: Quiz) -> Result:
    """Return what counts of these attempts: of those that are marked, while others wait; without any, nothing of nothing."""
    scores = scores_of(attempts)
    marked = [one for one in scores if one is not None]
    result = counting_result(scores, quiz.grading, quiz.pass_percent)
    return result or counting_result(marked, quiz.grading, quiz.pass_percent) or Result(0, 0, passed=False)


def is_settled(attempts: list[Attempt], quiz: Quiz) -> bool:
    """Say whether something counts of these attempts, and does not wait for a mark."""
    return counting_result(scores_of(attempts), quiz.grading, quiz.pass_percent) is not None


def record_result(
    attempt: Attempt,
    attempts: list[Attempt],
    result: Result,
    *,
    grader: Person | None,
    actor: Person | None,
    at: datetime,
    reason: str = "",
) -> None:
    """Write what counts now into the ledger, and tell the course. ``reason`` says why an earlier grade is replaced.

    A quiz that was passed before and is not any more is open again, or failed when no attempts are left and none waits
    for a mark.
    """
    quiz, enrolment = attempt.quiz, attempt.enrolment
    standing = None if result.passed else get_standing_grade(enrolment.id, quiz.activity_id)
    # A correction can give a try back to somebody who had none left.
    failed = bool(reason) and states_of([enrolment.id])[enrolment.id].get(quiz.activity_id) is ActivityState.FAILED
    record_grade(
        enrolment,
        quiz.activity,
        source=f"attempt:{attempt.id}",
        given=result.given,
        maximum=result.maximum,
        passed=result.passed,
        grader=grader,
        at=at,
        reason=reason,
    )
    if result.passed:
        record_progress(enrolment, quiz.activity, Verb.PASSED, actor=actor, at=at)
        return
    taken = tries(attempts)[0]
    more_comes = waiting(attempts) or unfinished(attempts)
    most = None if more_comes else quiz.max_attempts
    if most is not None and taken >= most:
        most = get_terms(quiz, enrolment, at).max_attempts  # exceptions can only grant more
    if most is not None and taken >= most:
        record_progress(enrolment, quiz.activity, Verb.FAILED, actor=actor, at=at)
    elif failed or (standing is not None and standing.passed):
        record_progress(enrolment, quiz.activity, Verb.REOPENED, actor=actor, at=at)


def record_waiting(attempts: list[Attempt], *, actor: Person | None, at: datetime) -> None:
    """Tell the course that a quiz waits for marks and nothing of it is left to do, or that this is over.

    ``attempts`` are all of one person at one quiz. What is decided stays so: a quiz that was passed stays passed.
    """
    enrolment, activity = attempts[0].enrolment, attempts[0].quiz.activity
    state = states_of([enrolment.id])[enrolment.id].get(activity.id, ActivityState.OPEN)
    runs = bool(unfinished(attempts))
    waits = bool(waiting(attempts)) and not runs
    if waits and state in {ActivityState.OPEN, ActivityState.BEGUN}:
        record_progress(enrolment, activity, Verb.SUBMITTED, actor=actor, at=at)
    elif not waits and state is ActivityState.HANDED_IN:
        record_progress(enrolment, activity, Verb.REOPENED, actor=actor, at=at)
