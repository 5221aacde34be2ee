"""Attendance by tables."""

from __future__ import annotations

import pytest

from courses.attendance.rules import MarkReason, PlannedUnits, Status, attended_ue, refuse_mark, sum_attendance
from courses.progress.rules import Attendance


@pytest.mark.parametrize(
    ("status", "ue", "expected"),
    [
        (Status.PRESENT, None, 4),
        (Status.PARTLY, 3, 3),
        (Status.EXCUSED, None, 0),
        (Status.EXCUSED, 4, 0),
        (Status.ABSENT, 4, 0),
    ],
)
def test_what_a_mark_is_worth(status: Status, ue: int | None, expected: int) -> None:
    assert attended_ue(status, 4, ue) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, None),
        ({"cancelled": True}, MarkReason.CANCELLED),
        ({"same_cohort": False}, MarkReason.NOT_IN_COHORT),
        ({"withdrawn": True}, MarkReason.WITHDRAWN),
        ({"status": Status.PARTLY}, MarkReason.UE_OUT_OF_RANGE),
        ({"status": Status.PARTLY, "partly_ue": 0}, MarkReason.UE_OUT_OF_RANGE),
        ({"status": Status.PARTLY, "partly_ue": 4}, MarkReason.UE_OUT_OF_RANGE),
        ({"status": Status.PARTLY, "partly_ue": 3}, None),
    ],
)
def test_what_keeps_a_mark_from_being_made(change: dict[str, object], expected: MarkReason | None) -> None:
    usual = {
        "status": Status.PRESENT,
        "planned_ue": 4,
        "partly_ue": None,
        "cancelled": False,
        "same_cohort": True,
        "withdrawn": False,
    }
    assert refuse_mark(**{**usual, **change}) is expected  # type: ignore[arg-type]  # a table of arguments


def test_planned_are_all_units_whether_held_or_not() -> None:
    sessions = [
        PlannedUnits(1, 10, 4, False),
        PlannedUnits(2, 11, 4, False),
        PlannedUnits(3, 12, 4, True),
        PlannedUnits(4, None, 2, False),
    ]
    activity_ue = {10: 4, 11: 4, 12: 4, 13: 4}
    # Session 3 was cancelled and is not replaced: it no longer counts. Activity 13 has no date yet: it does.
    assert sum_attendance(sessions, activity_ue, {}) == Attendance(14, 0, 14)
    assert sum_attendance(sessions, activity_ue, {1: 4, 2: 0, 3: 4}) == Attendance(14, 4, 6)
