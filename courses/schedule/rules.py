"""When sessions can be, and what keeps one from being planned, moved or cancelled."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from lms.sentences import N_, Reason

UE_MINUTES = 45
BREAK_MINUTES = 15


class SessionReason(Reason):
    """Why a session cannot be planned, moved or cancelled."""

    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins", N_("The end lies before the beginning.")
    TOO_LONG = "too_long", N_("A session lasts at most one day.")
    TOO_SHORT = "too_short", N_("The time between beginning and end is too short for %(ue)s UE of 45 minutes.")
    NO_SUCH_TIME = "no_such_time", N_("The clocks go forward in this night: this time does not exist.")
    CANCELLED = "cancelled", N_("This session was cancelled. Plan a new one instead.")
    MARKED = "marked", N_("Attendance of this session has been marked, so it was held.")
    COMPLETED = "completed", N_("The teaching of this cohort is finished.")


class SessionState(StrEnum):
    """Where a session stands at a moment."""

    PLANNED = "planned"
    RUNNING = "running"
    HELD = "held"
    CANCELLED = "cancelled"


def session_state(
    *, starts_at: datetime, ends_at: datetime, cancelled_at: datetime | None, now: datetime
) -> SessionState:
    """Return where a session stands."""
    if cancelled_at is not None:
        return SessionState.CANCELLED
    if now < starts_at:
        return SessionState.PLANNED
    return SessionState.RUNNING if now < ends_at else SessionState.HELD


def refuse_times(*, starts_at: datetime, ends_at: datetime, ue: int) -> SessionReason | None:
    """Return why a session cannot last from ``starts_at`` to ``ends_at``, or None."""
    if ends_at <= starts_at:
        return SessionReason.ENDS_BEFORE_IT_BEGINS
    if ends_at - starts_at > timedelta(days=1):
        return SessionReason.TOO_LONG
    if ends_at - starts_at < timedelta(minutes=ue * UE_MINUTES):
        return SessionReason.TOO_SHORT
    return None


def refuse_change(*, cancelled: bool, marked: bool, completed: bool) -> SessionReason | None:
    """Return why a session can be neither moved nor cancelled, or None."""
    if cancelled:
        return SessionReason.CANCELLED
    if marked:
        return SessionReason.MARKED
    return SessionReason.COMPLETED if completed else None


def usual_minutes(ue: int) -> int:
    """Return how long so many units last with a break after every second one, but not at the end."""
    return ue * UE_MINUTES + BREAK_MINUTES * max((ue - 1) // 2, 0)


def local_instant(day: date, clock: time, zone: str) -> datetime | None:
    """Return the instant in UTC that a clock in this zone shows; None when it never does (summer time begins).

    Of an hour that comes twice, the first is meant.
    """
    local = datetime.combine(day, clock, tzinfo=ZoneInfo(zone))
    instant = local.astimezone(UTC)
    return instant if instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local.replace(tzinfo=None) else None


def propose_days(first: date, count: int, holidays: Collection[date]) -> list[date]:
    """Return ``count`` days, a week apart each, beginning at ``first`` and leaving public holidays out."""
    days: list[date] = []
    day = first
    while len(days) < count:
        if day not in holidays:
            days.append(day)
        day += timedelta(weeks=1)
    return days
