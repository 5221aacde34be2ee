"""Calendar files as RFC 5545 describes them, with the zone's own rules so that every program shows the right hour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_LINE_OCTETS = 75


@dataclass(frozen=True)
class Event:
    """One event of a calendar; all texts are plain."""

    uid: str
    sequence: int
    summary: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    cancelled: bool
    location: str = ""
    description: str = ""
    url: str = ""


@dataclass(frozen=True)
class _Transition:
    """A moment at which the clocks change."""

    instant: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool

    @property
    def local(self) -> datetime:
        """What the clocks show at this moment before they change (RFC 5545, 3.6.5: the onset in local time)."""
        return (self.instant + self.before).replace(tzinfo=None)


def write_calendar(events: Iterable[Event], *, name: str, at: datetime) -> str:
    """Return a calendar (RFC 5545, 3.4) of these events; ``at`` is its time stamp."""
    events = list(events)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Wegmarke//Wegmarke//DE",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escape(name)}",
    ]
    for zone in sorted({event.zone for event in events}):
        years = [event.starts_at.year for event in events if event.zone == zone]
        lines += _zone_lines(zone, min(years) - 1, max(years) + 1)
    for event in events:
        lines += _event_lines(event, at)
    lines.append("END:VCALENDAR")
    return "".join(_fold(line) + "\r\n" for line in lines)


def _event_lines(event: Event, at: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;TZID={event.zone}:{_local(event.starts_at, event.zone)}",
        f"DTEND;TZID={event.zone}:{_local(event.ends_at, event.zone)}",
        f"SUMMARY:{_escape(event.summary)}",
        f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}",
    ]
    if event.location:
        lines.append(f"LOCATION:{_escape(event.location)}")
    if event.description:
        lines.append(f"DESCRIPTION:{_escape(event.description)}")
    if event.url:
        lines.append(f"URL:{event.url}")
    return [*lines, "END:VEVENT"]


def _local(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%Y%m%dT%H%M%S}"


def _zone_lines(zone: str, first_year: int, last_year: int) -> list[str]:
    """Return a VTIMEZONE (3.6.5): as yearly rules where the zone keeps to them, else each change by itself."""
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}"]
    changes = _transitions(zone, first_year, last_year)
    first = [change for change in changes if change.local.year == first_year]
    if not changes:
        start = datetime(first_year, 1, 1, tzinfo=ZoneInfo(zone))
        offset = start.utcoffset() or timedelta()
        lines += _observance("STANDARD", start.replace(tzinfo=None), offset, offset, start.tzname() or zone, None)
    elif all(_keeps_rule(change, changes) for change in first) and len(changes) == len(first) * (
        last_year - first_year + 1
    ):
        for change in first:
            rule = f"FREQ=YEARLY;BYMONTH={change.local.month};BYDAY=-1SU"
            lines += _change_lines(change, rule)
    else:
        for change in changes:
            lines += _change_lines(change, None)
    return [*lines, "END:VTIMEZONE"]


def _change_lines(change: _Transition, rule: str | None) -> list[str]:
    kind = "DAYLIGHT" if change.summer else "STANDARD"
    return _observance(kind, change.local, change.before, change.after, change.name, rule)


def _observance(
    kind: str, start: datetime, before: timedelta, after: timedelta, name: str, rule: str | None
) -> list[str]:
    lines = [
        f"BEGIN:{kind}",
        f"DTSTART:{start:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_offset(before)}",
        f"TZOFFSETTO:{_offset(after)}",
        f"TZNAME:{name}",
    ]
    if rule:
        lines.append(f"RRULE:{rule}")
    return [*lines, f"END:{kind}"]


def _keeps_rule(change: _Transition, changes: list[_Transition]) -> bool:
    """Whether this change comes on the last Sunday of its month at the same hour in every year looked at."""
    same = [other for other in changes if other.local.month == change.local.month]
    return all(_is_last_sunday(other.local.date()) and other.local.time() == change.local.time() for other in same)


def _is_last_sunday(day: date) -> bool:
    return day.weekday() == 6 and (day + timedelta(weeks=1)).month != day.month


def _transitions(zone: str, first_year: int, last_year: int) -> list[_Transition]:
    """Find when the clocks of a zone change, by comparing days and halving the one in which they differ."""
    rules = ZoneInfo(zone)
    found = []
    day = datetime(first_year, 1, 1, tzinfo=UTC)
    while day < datetime(last_year + 1, 1, 1, tzinfo=UTC):
        low, high = day, day + timedelta(days=1)
        if low.astimezone(rules).utcoffset() != high.astimezone(rules).utcoffset():
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                middle = middle.replace(second=0, microsecond=0)
                if middle <= low:
                    break
                if middle.astimezone(rules).utcoffset() == day.astimezone(rules).utcoffset():
                    low = middle
                else:
                    high = middle
            before, after = day.astimezone(rules), high.astimezone(rules)
            found.append(
                _Transition(
                    high,
                    before.utcoffset() or timedelta(),
                    after.utcoffset() or timedelta(),
                    after.tzname() or zone,
                    bool(after.dst()),
                )
            )
        day += timedelta(days=1)
    return found


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"


def _escape(text: str) -> str:
    r"""Escape a text value (3.3.11): \ ; , and line breaks."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _fold(line: str) -> str:
    """Fold a line of more than 75 octets (3.1), never inside a character."""
    folded, length = [], 0
    for letter in line:
        octets = len(letter.encode())
        if length + octets > _LINE_OCTETS:
            folded.append("\r\n ")
            length = 1
        folded.append(letter)
        length += octets
    return "".join(folded)
