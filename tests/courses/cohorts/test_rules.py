"""Who may miss the certificate, and when a trainer is told."""

from __future__ import annotations

import pytest

from courses.cohorts.rules import list_risks
from courses.progress.rules import Attendance, Record, Tally, evaluate

ATTENDANCE = [{"kind": "attendance", "percent": 80}]


@pytest.mark.parametrize(
    ("attended", "open_ue", "behind", "words"),
    [
        (20, 20, 0, []),
        (20, 20, 1, []),  # one week late is nothing to call about
        (20, 20, 2, ["modules are not done"]),
        (20, 12, 0, ["no more UE may be missed"]),
        (20, 8, 3, ["can no longer be reached", "modules are not done"]),
        (36, 0, 0, []),
    ],
)
def test_risks_are_told_while_something_can_be_done(attended: int, open_ue: int, behind: int, words: list[str]) -> None:
    risks = list_risks(evaluate(ATTENDANCE, Record(Attendance(40, attended, open_ue))), behind)
    assert len(risks) == len(words)
    assert all(word in risk.text for word, risk in zip(words, risks, strict=True))


def test_a_lost_quiz_is_a_risk_and_an_open_one_is_not() -> None:
    rules = [{"kind": "quizzes"}]
    assert list_risks(evaluate(rules, Record(Attendance(0, 0, 0), {"quiz": Tally(10, 3)})), 0) == []
    assert len(list_risks(evaluate(rules, Record(Attendance(0, 0, 0), {"quiz": Tally(10, 3, failed=1)})), 0)) == 1
