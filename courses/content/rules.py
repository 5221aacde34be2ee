"""What is open to a participant, and what closes it."""

from __future__ import annotations

from datetime import date

from lms.sentences import N_, Reason


class ClosedReason(Reason):
    """Why something of a course cannot be opened yet."""

    NOT_BEGUN = "not_begun", N_("Opens when the cohort begins, on %(begin_date)s.")


def closed_reason(*, begin_date: date, today: date) -> ClosedReason | None:
    """Return why the content of a cohort is closed on this day (in the cohort's zone), or None."""
    return ClosedReason.NOT_BEGUN if today < begin_date else None
