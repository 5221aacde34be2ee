"""Decisions about attempts: may one start, what is drawn, what stands after a log of steps, which result counts."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any

from lms.sentences import N_, Reason

#: What is in flight when the time ends still counts.
GRACE = timedelta(seconds=20)


class StepKind(StrEnum):
    """What can happen in an attempt."""

    STARTED = "started"
    ANSWERED = "answered"
    FLAGGED = "flagged"
    SUBMITTED = "submitted"
    SCORED = "scored"


class AttemptReason(Reason):
    """Why an attempt cannot be started, saved or submitted."""

    NO_ATTEMPTS_LEFT = "no_attempts_left", N_("You have used all %(max_attempts)s attempts.")
    EMPTY_POOL = "empty_pool", N_("This quiz has no questions yet. Please tell the programme office.")
    SUBMITTED = "submitted", N_("This attempt was handed in on %(at)s. Its answers can no longer be changed.")
    TIME_OVER = "time_over", N_("The time for this attempt ended at %(at)s. What was saved by then counts.")
    COHORT_COMPLETED = "cohort_completed", N_("This cohort is completed. Quizzes can no longer be taken.")


@dataclass(frozen=True)
class Slot:
    """A question of an attempt: the version of the item (after a repair the mended one), and its answers' shuffle."""

    item_version_id: int
    order: tuple[int, ...]


@dataclass
class State:
    """Where an attempt stands; folded from its steps."""

    #: How many steps there are; the next one's sequence.
    length: int = 0
    slots: list[Slot] = field(default_factory=list)
    responses: dict[int, dict[str, Any] | None] = field(default_factory=dict)
    flagged: set[int] = field(default_factory=set)
    #: The device and its counter of the answer that stands, by slot.
    writers: dict[int, tuple[str, int]] = field(default_factory=dict)
    submitted_at: datetime | None = None
    #: Hundredths of a point by slot, from the last scoring.
    scores: list[int] = field(default_factory=list)
    #: Every scoring: when, all hundredths, and the id of the repair that caused it.
    scorings: list[tuple[datetime, int, int | None]] = field(default_factory=list)

    @property
    def open_slots(self) -> list[int]:
        """The questions without an answer, counted from 0."""
        return [number for number in range(len(self.slots)) if self.responses.get(number) is None]


@dataclass(frozen=True)
class Step:
    """A step as the rules see it (see AttemptStep)."""

    kind: str
    at: datetime
    slot: int | None = None
    device: str | None = None
    counter: int | None = None
    payload: dict[str, Any] | None = None


def fold(steps: Iterable[Step]) -> State:
    """Return the state after these steps, in their order.

    A client's answers to one question count in the order of its counter, however they arrive and however often; between
    two clients the later arrival counts.
    """
    state = State()
    for step in steps:
        state.length += 1
        payload = step.payload or {}
        if step.kind == StepKind.STARTED:
            state.slots = [Slot(item_version_id, tuple(order)) for item_version_id, order in payload["draw"]]
        elif step.kind == StepKind.ANSWERED and step.slot is not None:
            if not is_stale(state, step.slot, step.device, step.counter):
                state.responses[step.slot] = payload.get("response")
                if step.device is not None and step.counter is not None:
                    state.writers[step.slot] = (step.device, step.counter)
        elif step.kind == StepKind.FLAGGED and step.slot is not None:
            (state.flagged.add if payload.get("flag") else state.flagged.discard)(step.slot)
        elif step.kind == StepKind.SUBMITTED:
            state.submitted_at = step.at
        elif step.kind == StepKind.SCORED:
            state.scores = list(payload["scores"])
            state.scorings.append((step.at, sum(state.scores), payload.get("repair")))
            for slot, version_id in payload.get("versions", {}).items():
                state.slots[int(slot)] = replace(state.slots[int(slot)], item_version_id=version_id)
    return state


def is_stale(state: State, slot: int, device: str | None, counter: int | None) -> bool:
    """Say whether an answer is one that this client has already sent, or older than one it has already sent."""
    if device is None or counter is None or slot not in state.writers:
        return False
    last_device, last_counter = state.writers[slot]
    return device == last_device and counter <= last_counter


def may_start(taken: int, max_attempts: int | None, *, cohort_completed: bool) -> AttemptReason | None:
    """Return why another attempt cannot be started, or None; ``taken`` counts the attempts there are."""
    if cohort_completed:
        return AttemptReason.COHORT_COMPLETED
    if max_attempts is not None and taken >= max_attempts:
        return AttemptReason.NO_ATTEMPTS_LEFT
    return None


def may_write(submitted_at: datetime | None, due_at: datetime | None, now: datetime) -> AttemptReason | None:
    """Return why an answer is no longer taken, or None; a short grace is for what was in flight when the time ended."""
    if submitted_at is not None:
        return AttemptReason.SUBMITTED
    if due_at is not None and now > due_at + GRACE:
        return AttemptReason.TIME_OVER
    return None


def due(started_at: datetime, limit_seconds: int | None, time_percent: int) -> datetime | None:
    """Return when an attempt must be in; a person's time factor lengthens the limit."""
    if limit_seconds is None:
        return None
    return started_at + timedelta(seconds=limit_seconds * time_percent / 100)


def draw(pool: Sequence[int], seen: set[int], count: int, chance: random.Random) -> list[int]:
    """Return which of the pool's item versions an attempt asks, in random order (count 0: all of them).

    Questions that the person has not seen come first, so that a second attempt is not the first one again.
    """
    fresh = [item for item in pool if item not in seen]
    known = [item for item in pool if item in seen]
    chance.shuffle(fresh)
    chance.shuffle(known)
    chosen = (fresh + known)[: count or len(pool)]
    chance.shuffle(chosen)
    return chosen


@dataclass(frozen=True)
class Result:
    """What counts of several attempts, as a share of the maximum in hundredths of a point."""

    given: int
    maximum: int
    passed: bool


def counting_result(scores: Sequence[tuple[int, int]], grading: str, pass_percent: int) -> Result | None:
    """Return what counts of submitted attempts, each (given, maximum) in their order; None when there is none.

    Shares are compared, because two draws can have different maxima. An average is passed like any other result.
    """
    if not scores:
        return None
    shares = [Fraction(given, maximum) if maximum else Fraction(0) for given, maximum in scores]
    if grading == "average":
        share, maximum = sum(shares, Fraction(0)) / len(shares), scores[-1][1]
        given = int(share * maximum + Fraction(1, 2))
    else:
        position = {"first": 0, "last": len(scores) - 1}.get(grading)
        if position is None:
            position = max(range(len(shares)), key=lambda number: shares[number])
        share, (given, maximum) = shares[position], scores[position]
    return Result(given, maximum, share * 100 >= pass_percent)
