"""A question's discrimination is said only where no single person decides it."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.statistics.rules import Answer, add_attempt, describe_item


@pytest.mark.parametrize(
    ("wrong", "said"), [(0, False), (1, False), (2, False), (3, True), (9, True), (10, False), (12, False)]
)
def test_one_odd_answer_raises_no_alarm(wrong: int, said: bool) -> None:
    figures: dict[str, Any] = {}
    for number in range(12):
        first = Answer(1, 0 if number < wrong else 100, 100, [], 5)
        figures = add_attempt(figures, [first, Answer(2, 100 if number % 2 else 0, 100, [], 5)])
    described = describe_item(figures["items"]["1"])
    assert (described.discrimination is not None) is said
    assert said or described.doubtful != "reversed"
