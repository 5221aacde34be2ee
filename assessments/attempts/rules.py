"""Decisions about attempts: may one start, what stands after a log of steps. Which result counts: ``results``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from assessments.attempts.edits import apply_edit, edit_between
from assessments.quizzes.rules import GRACE, Terms
from lms.sentences import N_, Reason, Refusal

#: So many files can be handed in for one question, one after the other.
MAX_UPLOADS = 20


class StepKind(StrEnum):
    """What can happen in an attempt."""

    STARTED = "started"
    ANSWERED = "answered"
    FLAGGED = "flagged"
    SUBMITTED = "submitted"
    SCORED = "scored"
    MARKED = "marked"
    CHECKED = "checked"
    VOIDED = "voided"
    REOPENED = "reopened"


class AttemptReason(Reason):
    """Why an attempt cannot be started, saved or submitted."""

    NO_ATTEMPTS_LEFT = "no_attempts_left", N_("You have used all attempts that there are (%(max_attempts)s).")
    EMPTY_POOL = "empty_pool", N_("This quiz has no questions at present. Please tell the programme office.")
    SUBMITTED = "submitted", N_("This attempt was handed in on %(at)s. Its answers can no longer be changed.")
    TIME_OVER = "time_over", N_("The time for this attempt ended at %(at)s. What was saved by then counts.")
    NOT_OPEN = "not_open", N_("This quiz opens on %(at)s.")
    CLOSED = "closed", N_("This quiz was closed on %(at)s.")
    PAUSE = "pause", N_("There is a pause between two attempts. The next one is possible from %(at)s.")
    VOIDED = "voided", N_("This attempt was taken out by the trainers. Nothing can be changed in it.")
    CHECKED = "checked", N_("You have had this answer checked. It can no longer be changed.")
    COHORT_COMPLETED = "cohort_completed", N_("This cohort is completed. Quizzes can no longer be taken.")
    LOG_FULL = (
        "log_full",
        N_("This attempt has been changed too often to be saved any further. What was saved counts: please hand it in."),
    )


#: So many steps a person may add to a log: hours of writing have some thousand, and each saving reads all of them.
MOST_STEPS = 10_000


@dataclass(frozen=True)
class Slot:
    """A question of an attempt: the version of the item (after a repair the mended one), and its answers' shuffle."""

    item_version_id: int
    order: tuple[int, ...]


@dataclass(frozen=True)
class Mark:
    """What a person gave for an answer, in hundredths of a point."""

    points: int
    comment: str
    at: datetime
    actor_id: int | None


@dataclass(frozen=True)
class Scored:
    """One scoring of an attempt, in hundredths of a point.

    ``maximum`` is None in logs from before it was kept, ``repair_id`` where no repair caused it.
    """

    at: datetime
    given: int
    maximum: int | None
    repair_id: int | None


@dataclass
class State:
    """Where an attempt stands; folded from its steps."""

    #: How many steps there are; the next one's sequence.
    length: int = 0
    started_at: datetime | None = None
    slots: list[Slot] = field(default_factory=list)
    responses: dict[int, dict[str, Any] | None] = field(default_factory=dict)
    flagged: set[int] = field(default_factory=set)
    #: The last device that is named in the log.
    device: str | None = None
    #: The newest counter that each device has sent, by slot and device.
    writers: dict[tuple[int, str], int] = field(default_factory=dict)
    #: The same of flags, which wait on a device beside the answers.
    flaggers: dict[tuple[int, str], int] = field(default_factory=dict)
    #: When the flag that stands was set or taken away, and by which device, by slot.
    flag_stamps: dict[int, tuple[datetime, str | None]] = field(default_factory=dict)
    #: The sequence and the device of the step that the answer stands by, by slot: by them two devices are told apart.
    stamps: dict[int, tuple[int, str | None]] = field(default_factory=dict)
    #: When the answer that stands was given, by slot: earlier than it arrived, if there was no line.
    given_at: dict[int, datetime] = field(default_factory=dict)
    #: Questions whose answer was checked, and so stands.
    checked: set[int] = field(default_factory=set)
    submitted_at: datetime | None = None
    voided_at: datetime | None = None
    #: Whether staff opened it again: its end is then the one that was given with that.
    reopened: bool = False
    #: Hundredths of a point by slot, from the last scoring.
    scores: list[int] = field(default_factory=list)
    #: Questions that waited for a mark at the last scoring.
    pending: list[int] = field(default_factory=list)
    #: The mark that stands for an answer, by slot. A changed answer has none.
    marks: dict[int, Mark] = field(default_factory=dict)
    scorings: list[Scored] = field(default_factory=list)

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

    A client's answers to one question count in the order of its counter, however they arrive and however often. Between
    two clients the answer counts that was given later: a step may say how many seconds it had waited on its device
    (``age``), and one that says nothing was given when it arrived. What lost stays in the log.
    """
    state = State()
    for step in steps:
        apply(state, step)
    return state


def apply(state: State, step: Step) -> None:
    """Change a state by the step that follows."""
    sequence, payload, slot = state.length, step.payload or {}, step.slot
    state.length += 1
    state.device = step.device or state.device
    if step.kind == StepKind.STARTED:
        state.started_at = step.at
        state.slots = [Slot(item_version_id, tuple(order)) for item_version_id, order in payload["draw"]]
    elif step.kind == StepKind.ANSWERED and slot is not None:
        if is_stale(state, slot, step.device, step.counter):
            return
        if step.device is not None and step.counter is not None:
            state.writers[slot, step.device] = step.counter
        age = payload.get("age", 0)
        if not is_outdone(state, slot, step.device, age, step.at):
            before = state.responses.get(slot)
            after = apply_edit(before, payload["edit"]) if "edit" in payload else payload.get("response")
            if after != before:
                state.marks.pop(slot, None)
            state.responses[slot] = after
            state.stamps[slot] = sequence, step.device
            state.given_at[slot] = step.at - timedelta(seconds=age)
    elif step.kind == StepKind.FLAGGED and slot is not None:
        if step.device is not None and step.counter is not None:
            state.flaggers[slot, step.device] = step.counter
        (state.flagged.add if payload.get("flag") else state.flagged.discard)(slot)
        state.flag_stamps[slot] = step.at - timedelta(seconds=payload.get("age", 0)), step.device
    elif step.kind == StepKind.CHECKED and slot is not None:
        state.checked.add(slot)
    elif step.kind == StepKind.SUBMITTED:
        state.submitted_at = step.at
    elif step.kind == StepKind.REOPENED:
        state.submitted_at, state.scores, state.pending, state.reopened = None, [], [], True
    elif step.kind == StepKind.MARKED and slot is not None:
        state.marks[slot] = Mark(payload["points"], payload["comment"], step.at, payload.get("actor"))
    elif step.kind == StepKind.VOIDED:
        state.voided_at = step.at
    elif step.kind == StepKind.SCORED:
        state.scores, state.pending = list(payload["scores"]), list(payload.get("pending", ()))
        scored = Scored(step.at, sum(state.scores), payload.get("maximum"), payload.get("repair"))
        state.scorings.append(scored)
        for number, version_id in payload.get("versions", {}).items():
            state.slots[int(number)] = replace(state.slots[int(number)], item_version_id=version_id)


def next_answer(
    state: State,
    slot: int,
    response: dict[str, Any] | None,
    device: str | None,
    counter: int | None,
    at: datetime,
    *,
    age: int = 0,
    upon: int | None = None,
) -> Step | None:
    """Return the step that an arriving answer (None takes it back) adds to the log, or None when it changes nothing.

    ``age`` is for how many seconds it has waited on its device, as that says; ``upon`` is the stamp of the answer that
    its writer saw. Neither decides whether it is still taken (see ``may_write``).

    What a client sends twice, or sends late after something newer, changes nothing. An answer that stands already is
    written again only for a client's newer counter: something older of it may still be on its way, and must stay behind.
    """
    if is_stale(state, slot, device, counter):
        return None
    before = state.responses.get(slot)
    if before == response and (device is None or counter is None):
        return None
    age = _possible_age(state, slot, age, upon, at)
    # What does not take the place of the answer that stands cannot be kept as a change of it.
    edit = None if is_outdone(state, slot, device, age, at) else edit_between(before, response)
    payload: dict[str, Any] = {"response": response} if edit is None else {"edit": edit}
    if age:
        payload["age"] = age
    return Step(StepKind.ANSWERED.value, at, slot, device, counter, payload)


def next_flag(
    state: State, slot: int, device: str | None, counter: int | None, at: datetime, *, flag: bool, age: int = 0
) -> Step | None:
    """Return the step that an arriving flag adds to the log, or None when it changes nothing (see ``next_answer``).

    One that was set, or taken away, before another device's that stands changes nothing, and is not worth a step.
    """
    if device is not None and counter is not None:
        if counter <= state.flaggers.get((slot, device), -1):
            return None
    elif (slot in state.flagged) is flag:
        return None
    age = _possible_age(state, slot, age, None, at)
    if age and slot in state.flag_stamps:
        since, by = state.flag_stamps[slot]
        if by != device and at - timedelta(seconds=age) < since:
            return None
    return Step(StepKind.FLAGGED.value, at, slot, device, counter, {"flag": flag} | ({"age": age} if age else {}))


def is_stale(state: State, slot: int, device: str | None, counter: int | None) -> bool:
    """Say whether an answer is one that this client has already sent, or older than one it has already sent."""
    if device is None or counter is None:
        return False
    return counter <= state.writers.get((slot, device), -1)


def is_outdone(state: State, slot: int, device: str | None, age: int, at: datetime) -> bool:
    """Say whether an answer that had waited for ``age`` seconds was given before another device's that stands."""
    if not age or slot not in state.stamps or state.stamps[slot][1] == device:
        return False
    return at - timedelta(seconds=age) < state.given_at[slot]


def _possible_age(state: State, slot: int, age: int, upon: int | None, at: datetime) -> int:
    """Return the age that an answer can have at most: clocks are set, and then a device says nonsense."""
    earliest = state.started_at
    if upon is not None and slot in state.stamps and upon >= state.stamps[slot][0]:
        earliest = state.given_at[slot]  # the writer saw the answer that stands, and so wrote after it
    most = int((at - earliest).total_seconds()) if earliest is not None else 0
    return max(0, min(age, most))


def is_overtaken(state: State, slot: int, device: str | None, counter: int | None) -> bool:
    """Say whether an answer came before, and something newer, perhaps from another device, stands in its place."""
    if device is None or not is_stale(state, slot, device, counter):
        return False
    return state.stamps[slot][1] != device or state.writers[slot, device] != counter


def may_start(terms: Terms, taken: int, last_ended_at: datetime | None, now: datetime) -> Refusal | None:
    """Return why another attempt cannot be started, or None; ``taken`` counts the attempts that there are."""
    if terms.cohort_completed:
        return Refusal(AttemptReason.COHORT_COMPLETED)
    if terms.opens_at is not None and now < terms.opens_at:
        return Refusal(AttemptReason.NOT_OPEN, at=terms.opens_at)
    if terms.closes_at is not None and now >= terms.closes_at:
        return Refusal(AttemptReason.CLOSED, at=terms.closes_at)
    if terms.max_attempts is not None and taken >= terms.max_attempts:
        return Refusal(AttemptReason.NO_ATTEMPTS_LEFT, max_attempts=terms.max_attempts)
    if last_ended_at is not None and now < last_ended_at + terms.pause:
        return Refusal(AttemptReason.PAUSE, at=last_ended_at + terms.pause)
    return None


def may_write(submitted_at: datetime | None, due_at: datetime | None, now: datetime) -> AttemptReason | None:
    """Return why an answer is no longer taken, or None; a short grace is for what was in flight when the time ended."""
    if submitted_at is not None:
        return AttemptReason.SUBMITTED
    if due_at is not None and now > due_at + GRACE:
        return AttemptReason.TIME_OVER
    return None


class End(NamedTuple):
    """What ends an attempt: handing it in, staff, or its time."""

    submitted_at: datetime | None
    voided_at: datetime | None
    due_at: datetime | None


class HasEnd(Protocol):
    """An attempt, or an End. All are instants or None."""

    @property
    def submitted_at(self) -> Any: ...
    @property
    def voided_at(self) -> Any: ...
    @property
    def due_at(self) -> Any: ...


def is_running(attempt: HasEnd, now: datetime) -> bool:
    """Say whether answers of this attempt are still taken."""
    return attempt.voided_at is None and may_write(attempt.submitted_at, attempt.due_at, now) is None
