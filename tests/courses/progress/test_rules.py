"""The completion rules by tables."""

from __future__ import annotations

import pytest

from courses.progress.rules import (
    Achievement,
    ActivityState,
    Attendance,
    Record,
    RuleState,
    Tally,
    achievement,
    evaluate,
    fold_state,
    needed_ue,
)
from tests.cast import RULES

MET, POSSIBLE, LOST = RuleState.MET, RuleState.STILL_POSSIBLE, RuleState.NOT_MET


@pytest.mark.parametrize(
    ("planned", "attended", "open_ue", "state", "words"),
    [
        (40, 40, 0, MET, "were needed"),
        (40, 32, 8, MET, "were needed"),
        (40, 31, 9, POSSIBLE, "at most"),
        (40, 28, 8, POSSIBLE, "at most"),
        (40, 28, 4, POSSIBLE, "no more UE may be missed"),
        (40, 28, 3, LOST, "can no longer be reached"),
        (40, 31, 0, LOST, "can no longer be reached"),
        (40, 0, 40, POSSIBLE, "at most"),
        (42, 33, 1, POSSIBLE, "no more UE"),
        (42, 34, 0, MET, "were needed"),
        (0, 0, 0, MET, "were needed"),
    ],
)
def test_attendance_counts_all_planned_units(
    planned: int, attended: int, open_ue: int, state: RuleState, words: str
) -> None:
    [result] = evaluate([{"kind": "attendance", "percent": 80}], Record(Attendance(planned, attended, open_ue)))
    assert (result.state, result.value, result.target, result.total) == (
        state,
        attended,
        needed_ue(planned, 80),
        planned,
    )
    assert words in result.text.text


def test_how_many_units_may_still_be_missed_is_said() -> None:
    [result] = evaluate([{"kind": "attendance", "percent": 80}], Record(Attendance(40, 28, 8)))
    assert result.text.values == {"attended": 28, "planned": 40, "n": 4}


@pytest.mark.parametrize("kind", ["lessons", "quizzes", "assignments"])
@pytest.mark.parametrize(
    ("tally", "state"),
    [
        (Tally(3, 3), MET),
        (Tally(3, 2), POSSIBLE),
        (Tally(3, 0), POSSIBLE),
        (Tally(3, 2, 1), LOST),
        (Tally(0, 0), MET),
    ],
)
def test_activities_are_counted(kind: str, tally: Tally, state: RuleState) -> None:
    activity_kind = {"lessons": "lesson", "quizzes": "quiz", "assignments": "assignment"}[kind]
    [result] = evaluate([{"kind": kind}], Record(Attendance(40, 0, 40), {activity_kind: tally}))
    assert (result.state, result.value, result.total) == (state, tally.done, tally.total)


@pytest.mark.parametrize(
    ("attended", "lessons_done", "expected"),
    [
        (40, 2, Achievement.CERTIFICATE),
        (32, 2, Achievement.CERTIFICATE),
        (40, 1, Achievement.ATTENDANCE),
        (31, 2, Achievement.ATTENDANCE),
        (20, 0, Achievement.ATTENDANCE),
        (19, 2, Achievement.NONE),
        (0, 0, Achievement.NONE),
    ],
)
def test_what_a_person_gets(attended: int, lessons_done: int, expected: Achievement) -> None:
    attendance = Attendance(40, attended, 40 - attended)
    results = evaluate(RULES, Record(attendance, {"lesson": Tally(2, lessons_done)}))
    assert achievement(results, attendance) is expected


@pytest.mark.parametrize(
    ("verbs", "state"),
    [
        ([], "open"),
        (["launched"], "begun"),
        (["launched", "submitted"], "handed_in"),
        (["submitted", "returned"], "returned"),
        (["submitted", "returned", "launched"], "returned"),
        (["submitted", "returned", "submitted"], "handed_in"),
        (["submitted", "returned", "submitted", "failed"], "failed"),
        (["submitted", "passed", "returned"], "returned"),
        (["launched", "attempted"], "begun"),
        (["completed"], "done"),
        (["completed", "launched"], "done"),
        (["completed", "reopened"], "begun"),
        (["completed", "reopened", "completed"], "done"),
        (["attempted", "failed"], "failed"),
        (["failed", "passed"], "done"),
        (["passed", "attempted"], "done"),
    ],
)
def test_facts_are_folded(verbs: list[str], state: str) -> None:
    assert fold_state(verbs) is ActivityState(state)


def test_an_unknown_rule_is_an_error() -> None:
    with pytest.raises(ValueError, match="charm"):
        evaluate([{"kind": "charm"}], Record(Attendance(0, 0, 0)))
