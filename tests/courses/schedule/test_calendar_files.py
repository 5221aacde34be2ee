"""Calendar files are right over both changes of summer time, to 2036."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from courses.schedule.calendar_files import Event, write_calendar
from courses.schedule.public_holidays import public_holidays
from courses.schedule.rules import (
    SessionReason,
    SessionState,
    local_instant,
    propose_days,
    refuse_change,
    refuse_times,
    session_state,
    usual_minutes,
)
from tests.cast import NOW

BERLIN = "Europe/Berlin"


def event(starts_at: datetime, **changes: object) -> Event:
    """Make an event of three hours and a quarter."""
    values: dict[str, object] = {
        "uid": "a@b",
        "sequence": 0,
        "summary": "Auftakt",
        "starts_at": starts_at,
        "zone": BERLIN,
        "ends_at": starts_at + timedelta(minutes=195),
        "cancelled": False,
    }
    return Event(**{**values, **changes})  # type: ignore[arg-type]  # a table of arguments


def offset_by_vtimezone(text: str, local: datetime) -> timedelta:
    """Return the offset that the file's VTIMEZONE says for a local time, read as a calendar program reads it."""
    onsets = []
    for block in re.findall(r"BEGIN:(?:STANDARD|DAYLIGHT)\r\n(.*?)END:(?:STANDARD|DAYLIGHT)", text, re.DOTALL):
        values = dict(line.split(":", 1) for line in block.strip().split("\r\n"))
        start = datetime.strptime(values["DTSTART"], "%Y%m%dT%H%M%S")  # noqa: DTZ007 - local time by definition
        assert values["RRULE"] == f"FREQ=YEARLY;BYMONTH={start.month};BYDAY=-1SU"
        for year in range(start.year, 2040):
            last = date(year, start.month, 31)
            day = last - timedelta(days=(last.weekday() + 1) % 7)
            onsets.append((datetime.combine(day, start.time()), values["TZOFFSETTO"]))
    _onset, offset = max(one for one in onsets if one[0] <= local)
    return timedelta(hours=int(offset[:3]), minutes=int(offset[0] + offset[3:]))


@pytest.mark.parametrize("year", range(2026, 2037))
@pytest.mark.parametrize(("month", "day"), [(3, 24), (3, 31), (7, 1), (10, 23), (10, 31), (12, 15)])
def test_nine_o_clock_is_nine_o_clock(year: int, month: int, day: int) -> None:
    starts_at = local_instant(date(year, month, day), time(9), BERLIN)
    assert starts_at is not None
    text = write_calendar([event(starts_at)], name="Termine", at=NOW)
    assert f"DTSTART;TZID=Europe/Berlin:{year}{month:02}{day:02}T090000\r\n" in text
    assert f"DTEND;TZID=Europe/Berlin:{year}{month:02}{day:02}T121500\r\n" in text
    local = datetime(year, month, day, 9)  # noqa: DTZ001 - what the clock on the wall shows
    assert offset_by_vtimezone(text, local) == local.replace(tzinfo=ZoneInfo(BERLIN)).utcoffset()


def test_lines_texts_and_states_are_as_rfc_5545_says() -> None:
    text = write_calendar(
        [event(NOW, summary="Ä; b, c\\d\ne" + "ü" * 80, cancelled=True, sequence=2)], name="N", at=NOW
    )
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert "SUMMARY:Ä\\; b\\, c\\\\d\\ne" + "ü" * 80 in unfolded
    assert "STATUS:CANCELLED" in unfolded
    assert "SEQUENCE:2" in unfolded
    assert f"DTSTAMP:{NOW:%Y%m%dT%H%M%SZ}" in unfolded
    assert "\n" not in text.replace("\r\n", "")


def test_a_zone_without_summer_time_and_one_with_other_rules() -> None:
    text = write_calendar([event(NOW, zone="UTC"), event(NOW, zone="America/New_York")], name="N", at=NOW)
    assert text.count("BEGIN:VTIMEZONE") == 2
    assert "TZOFFSETTO:-0400" in text


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        (date(2026, 3, 29), time(2, 30), None),
        (date(2026, 3, 29), time(3, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(9, 0), datetime(2026, 10, 25, 8, 0, tzinfo=UTC)),
    ],
)
def test_local_times_become_instants(day: date, clock: time, expected: datetime | None) -> None:
    assert local_instant(day, clock, BERLIN) == expected


def test_proposed_days_leave_out_the_holidays_of_brandenburg() -> None:
    holidays = public_holidays(date(2026, 10, 1), date(2027, 1, 31))
    assert date(2026, 10, 31) in holidays  # Reformation Day
    assert date(2026, 11, 1) not in holidays  # All Saints is none there
    assert propose_days(date(2026, 12, 18), 3, holidays) == [date(2026, 12, 18), date(2027, 1, 8), date(2027, 1, 15)]


@pytest.mark.parametrize(
    ("minutes", "ue", "expected"),
    [
        (195, 4, None),
        (180, 4, None),
        (179, 4, SessionReason.TOO_SHORT),
        (0, 1, SessionReason.ENDS_BEFORE_IT_BEGINS),
        (-5, 1, SessionReason.ENDS_BEFORE_IT_BEGINS),
        (1441, 4, SessionReason.TOO_LONG),
    ],
)
def test_how_long_a_session_can_be(minutes: int, ue: int, expected: SessionReason | None) -> None:
    assert refuse_times(starts_at=NOW, ends_at=NOW + timedelta(minutes=minutes), ue=ue) is expected


@pytest.mark.parametrize(
    ("cancelled", "marked", "completed", "expected"),
    [
        (False, False, False, None),
        (True, False, False, SessionReason.CANCELLED),
        (False, True, False, SessionReason.MARKED),
        (False, False, True, SessionReason.COMPLETED),
    ],
)
def test_what_keeps_a_session_where_it_is(
    cancelled: bool, marked: bool, completed: bool, expected: SessionReason | None
) -> None:
    assert refuse_change(cancelled=cancelled, marked=marked, completed=completed) is expected


def test_states_and_lengths() -> None:
    end = NOW + timedelta(hours=1)
    states = [
        session_state(starts_at=NOW, ends_at=end, cancelled_at=None, now=NOW + timedelta(minutes=at))
        for at in (-1, 0, 60)
    ]
    assert states == [SessionState.PLANNED, SessionState.RUNNING, SessionState.HELD]
    assert [usual_minutes(ue) for ue in (1, 2, 3, 4, 5)] == [45, 90, 150, 195, 255]
