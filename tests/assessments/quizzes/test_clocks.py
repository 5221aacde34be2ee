"""Quizzes over both changes of summer time: limits are lengths of time, windows are what clocks show."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from assessments.attempts.actions import save_response, start_attempt
from assessments.attempts.jobs import close_overdue_attempts
from assessments.attempts.queries import list_overdue_attempts
from assessments.attempts.rules import AttemptReason
from assessments.quizzes.actions import set_window
from assessments.quizzes.forms import ExceptionForm, WindowForm, window_values
from assessments.quizzes.models import Quiz
from assessments.quizzes.rules import GRACE, Options, Window, terms_for
from courses.cohorts.models import Enrolment
from courses.schedule.rules import SessionReason
from lms.clock import now
from lms.db import session, transaction
from lms.frame.filters import datetime_text
from lms.sentences import Refusal
from tests.cast import Cast

BERLIN = "Europe/Berlin"
#: In spring 1:59 is followed by 3:00, in autumn 2:59 by 2:00.
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def local(day: date, clock: time, fold: int = 0) -> datetime:
    """Return what a clock in Berlin shows, as an instant."""
    return datetime.combine(day, clock.replace(fold=fold), tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)


def window_form(app: Flask, **fields: str) -> WindowForm:
    """Return the form as it was sent."""
    with app.test_request_context("/", method="POST"):
        return WindowForm(MultiDict(fields), meta={"csrf": False})


@pytest.mark.parametrize(
    ("day", "start", "minutes", "shown"),
    [
        (SPRING, local(SPRING, time(1, 45)), 30, "So., 29. März 2026, 3:15 Uhr"),
        (AUTUMN, local(AUTUMN, time(1, 45)), 30, "So., 25. Oktober 2026, 2:15 Uhr"),
        (AUTUMN, local(AUTUMN, time(2, 45)), 30, "So., 25. Oktober 2026, 2:15 Uhr"),
        (AUTUMN, local(AUTUMN, time(2, 45), fold=1), 30, "So., 25. Oktober 2026, 3:15 Uhr"),
    ],
)  # fmt: skip
def test_a_limit_is_a_length_of_time(app: Flask, day: date, start: datetime, minutes: int, shown: str) -> None:
    terms = terms_for(None, minutes * 60, Options(), Window(), [], 100, start)
    due = terms.due(start)
    assert due is not None
    assert due - start == timedelta(minutes=minutes)
    with app.test_request_context("/", headers={"Accept-Language": "de"}):
        assert datetime_text(due, BERLIN) == shown


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
@pytest.mark.parametrize("percent", [100, 125, 200])
def test_a_factor_lengthens_the_closing_by_time_that_passes(day: date, percent: int) -> None:
    opens, closes = local(day, time(0)), local(day, time(23, 59))
    really_open = closes - opens
    terms = terms_for(None, None, Options(), Window(opens, closes), [], percent, opens)
    assert terms.closes_at == closes + really_open * (percent - 100) / 100
    limited = terms_for(None, 5400, Options(), Window(opens, closes), [], percent, opens)
    assert limited.closes_at == closes + timedelta(seconds=5400) * (percent - 100) / 100
    assert limited.limit_seconds == 5400 * percent // 100


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 22), (AUTUMN, 24), (date(2026, 6, 1), 23)])
def test_a_whole_day_is_as_long_as_it_is(app: Flask, day: date, hours: int) -> None:
    window = window_form(app, opens_day=day.isoformat(), closes_day=day.isoformat()).window(BERLIN)
    assert window.opens_at is not None
    assert window.closes_at is not None
    assert window.closes_at - window.opens_at == timedelta(hours=hours, minutes=59)
    shown = window_values(window, BERLIN)
    assert (shown["opens_day"], shown["opens_time"], shown["closes_day"], shown["closes_time"]) == (
        day, time(0), day, time(23, 59),
    )  # fmt: skip


def test_a_time_that_no_clock_shows_is_refused_and_one_that_comes_twice_is_the_first(app: Flask) -> None:
    never = window_form(app, closes_day=SPRING.isoformat(), closes_time="02:30")
    with pytest.raises(Refusal) as refused:
        never.window(BERLIN)
    assert refused.value.reason is SessionReason.NO_SUCH_TIME
    twice = window_form(app, closes_day=AUTUMN.isoformat(), closes_time="02:30").window(BERLIN)
    assert twice.closes_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(("day", "end"), [(SPRING, "2026-03-29T22:00Z"), (AUTUMN, "2026-10-25T23:00Z")])
def test_an_exception_ends_when_its_last_day_is_over(app: Flask, day: date, end: str) -> None:
    with app.test_request_context("/", method="POST"):
        form = ExceptionForm(MultiDict({"ends_day": day.isoformat(), "extra_attempts": "1"}), meta={"csrf": False})
        assert form.allowance(BERLIN).ends_at == datetime.fromisoformat(end)


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_an_attempt_through_the_change_of_clocks(cast: Cast, quiz: tuple[Quiz, Enrolment], day: date) -> None:
    start = local(day, time(1, 30))
    due = start + timedelta(minutes=90)
    values: dict[str, Any] = {"actor": cast.coordinator, "at": start}
    with transaction():
        quiz[0].time_limit_seconds = 90 * 60
        set_window(quiz[0], quiz[1].cohort, Window(local(day, time(0)), local(day, time(12))), **values)
        attempt = start_attempt(*quiz, actor=cast.participant, at=start)
    assert attempt.due_at == due
    with transaction():
        save_response(attempt, 0, None, at=due + GRACE)
    for late in (due + GRACE + timedelta(seconds=1), due + timedelta(hours=1)):
        with pytest.raises(Refusal) as refused, transaction():
            save_response(attempt, 0, None, at=late)
        assert refused.value.reason is AttemptReason.TIME_OVER
    assert list_overdue_attempts(due + GRACE) == []
    assert [one.id for one in list_overdue_attempts(due + GRACE + timedelta(seconds=1))] == [attempt.id]
    if due < now():
        close_overdue_attempts()
        session.refresh(attempt)
        assert attempt.submitted_at is not None
