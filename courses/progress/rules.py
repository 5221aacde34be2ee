"""What completes a course, evaluated from plain values: each rule says where the person stands, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lms.sentences import N_, Sentence, sentence

#: From this share of the planned units on, taking part is confirmed even when the certificate is missed; a course may
#: state another one beside its rule of attendance (``confirmation_percent``).
CONFIRMATION_PERCENT = 50


class RuleKind(StrEnum):
    """The rules that a course archive can state."""

    ATTENDANCE = "attendance"
    LESSONS = "lessons"
    QUIZZES = "quizzes"
    ASSIGNMENTS = "assignments"


class RuleState(StrEnum):
    """How a rule stands."""

    MET = "met"
    STILL_POSSIBLE = "still_possible"
    NOT_MET = "not_met"


class Achievement(StrEnum):
    """What a person gets."""

    CERTIFICATE = "certificate"
    ATTENDANCE = "attendance"
    NONE = "none"


class ActivityState(StrEnum):
    """Where a person stands with an activity, folded from the facts about it."""

    OPEN = "open"
    BEGUN = "begun"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Attendance:
    """Live units (UE) of one person: all that are planned, those attended, and those not yet decided.

    ``open_ue`` are the units of sessions that nobody has marked yet for this person, held or not.
    """

    planned_ue: int
    attended_ue: int
    open_ue: int


@dataclass(frozen=True)
class Tally:
    """How many required activities of a kind there are, are done, and can no longer be done."""

    total: int
    done: int
    failed: int = 0


@dataclass(frozen=True)
class Record:
    """Everything about one enrolment that the rules look at. ``tallies`` are by activity kind."""

    attendance: Attendance
    tallies: Mapping[str, Tally] = field(default_factory=dict)


@dataclass(frozen=True)
class RuleResult:
    """One rule, its state, the figure (``value`` of ``target``, in ``unit``) and what is said about it.

    ``at_risk``: it cannot be met any more, or only if nothing else goes wrong.
    """

    kind: RuleKind
    state: RuleState
    value: int
    target: int
    total: int
    unit: str
    title: Sentence
    text: Sentence
    at_risk: bool = False


_ACTIVITY_KIND = {RuleKind.LESSONS: "lesson", RuleKind.QUIZZES: "quiz", RuleKind.ASSIGNMENTS: "assignment"}

_WORDS = {
    RuleKind.LESSONS: (
        N_("Lessons"),
        N_("All lessons are done."),
        N_("One lesson is still to do."),
        N_("%(n)s lessons are still to do."),
        N_("A lesson can no longer be done."),
    ),
    RuleKind.QUIZZES: (
        N_("Quizzes"),
        N_("All quizzes are passed."),
        N_("One quiz is still to pass."),
        N_("%(n)s quizzes are still to pass."),
        N_("A quiz was not passed and has no attempts left."),
    ),
    RuleKind.ASSIGNMENTS: (
        N_("Transfer project"),
        N_("The transfer project is passed."),
        N_("The transfer project is still to pass."),
        N_("%(n)s projects are still to pass."),
        N_("The transfer project was not passed and cannot be handed in again."),
    ),
}


def evaluate(rules: Iterable[Mapping[str, Any]], record: Record) -> list[RuleResult]:
    """Return how each rule stands, in the rules' order. Raises ValueError for a rule of an unknown kind."""
    return [_evaluate_one(rule, record) for rule in rules]


def confirmation_percent(rules: Iterable[Mapping[str, Any]]) -> int:
    """Return from which share of the planned units on taking part is confirmed, in per cent."""
    stated = (rule.get("confirmation_percent") for rule in rules if rule["kind"] == RuleKind.ATTENDANCE.value)
    return next((int(percent) for percent in stated if percent is not None), CONFIRMATION_PERCENT)


def achievement(
    results: Sequence[RuleResult], attendance: Attendance, percent: int = CONFIRMATION_PERCENT
) -> Achievement:
    """Return what the person would get if it were decided now: what is only possible does not count.

    ``percent`` of the planned units are needed for a confirmation of attendance.
    """
    if all(result.state is RuleState.MET for result in results):
        return Achievement.CERTIFICATE
    if attendance.planned_ue and attendance.attended_ue * 100 >= percent * attendance.planned_ue:
        return Achievement.ATTENDANCE
    return Achievement.NONE


def fold_state(verbs: Iterable[str]) -> ActivityState:
    """Return where a person stands after these facts, the oldest first. Opening something done again undoes nothing."""
    state = ActivityState.OPEN
    for verb in verbs:
        if verb in {"completed", "passed"}:
            state = ActivityState.DONE
        elif verb == "failed":
            state = ActivityState.FAILED
        elif verb == "returned":
            state = ActivityState.RETURNED
        elif verb == "submitted":
            state = state if state is ActivityState.DONE else ActivityState.HANDED_IN
        elif verb == "reopened" or (verb in {"launched", "attempted"} and state is ActivityState.OPEN):
            state = ActivityState.BEGUN
    return state


def needed_ue(planned_ue: int, percent: int) -> int:
    """Return how many units make ``percent`` of the planned ones: the next whole unit."""
    return -(-planned_ue * percent // 100)


def _evaluate_one(rule: Mapping[str, Any], record: Record) -> RuleResult:
    kind = RuleKind(rule["kind"])
    if kind is RuleKind.ATTENDANCE:
        return _evaluate_attendance(record.attendance, rule["percent"])
    return _evaluate_tally(kind, record.tallies.get(_ACTIVITY_KIND[kind], Tally(0, 0)))


def _evaluate_attendance(attendance: Attendance, percent: int) -> RuleResult:
    needed = needed_ue(attendance.planned_ue, percent)
    spare = attendance.attended_ue + attendance.open_ue - needed
    if attendance.attended_ue >= needed:
        state = RuleState.MET
        text = sentence(
            N_("%(attended)s of %(planned)s UE attended; %(needed)s were needed."),
            attended=attendance.attended_ue,
            planned=attendance.planned_ue,
            needed=needed,
        )
    elif spare < 0:
        state = RuleState.NOT_MET
        text = sentence(
            N_("%(attended)s of %(planned)s UE attended; %(needed)s can no longer be reached."),
            attended=attendance.attended_ue,
            planned=attendance.planned_ue,
            needed=needed,
        )
    elif spare == 0:
        state = RuleState.STILL_POSSIBLE
        text = sentence(
            N_("%(attended)s of %(planned)s UE attended; still possible, but no more UE may be missed."),
            attended=attendance.attended_ue,
            planned=attendance.planned_ue,
        )
    else:
        state = RuleState.STILL_POSSIBLE
        text = sentence(
            N_("%(attended)s of %(planned)s UE attended; still possible: at most one more UE may be missed."),
            N_("%(attended)s of %(planned)s UE attended; still possible: at most %(n)s more UE may be missed."),
            attended=attendance.attended_ue,
            planned=attendance.planned_ue,
            n=spare,
        )
    return RuleResult(
        RuleKind.ATTENDANCE,
        state,
        attendance.attended_ue,
        needed,
        attendance.planned_ue,
        "UE",
        sentence(N_("Attendance")),
        text,
        at_risk=state is not RuleState.MET and spare <= 0,
    )


def _evaluate_tally(kind: RuleKind, tally: Tally) -> RuleResult:
    title, all_done, one_left, some_left, lost = _WORDS[kind]
    left = tally.total - tally.done
    if left == 0:
        state, text = RuleState.MET, sentence(all_done)
    elif tally.failed:
        state, text = RuleState.NOT_MET, sentence(lost)
    else:
        state, text = RuleState.STILL_POSSIBLE, sentence(one_left) if left == 1 else sentence(some_left, n=left)
    return RuleResult(kind, state, tally.done, tally.total, tally.total, kind.value, sentence(title), text,
                      at_risk=state is RuleState.NOT_MET)  # fmt: skip
