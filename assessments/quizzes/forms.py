"""Forms about a cohort's quizzes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from assessments.quizzes.rules import Allowance, Window
from courses.schedule.rules import SessionReason, local_instant
from lms.forms import Form
from lms.sentences import Refusal

_FORMATS = ["%H:%M", "%H:%M:%S"]


def instant(day: date | None, clock: time | None, zone: str, otherwise: time) -> datetime | None:
    """Return the instant of a day and a time; without a day None, without a time ``otherwise``. Raises Refusal."""
    if day is None:
        return None
    found = local_instant(day, clock or otherwise, zone)
    if found is None:
        raise Refusal(SessionReason.NO_SUCH_TIME)
    return found


class WindowForm(Form):
    """When a cohort can take a quiz."""

    opens_day = DateField(_l("Opens on"), [Optional()])
    opens_time = TimeField(_l("at"), [Optional()], format=_FORMATS)
    closes_day = DateField(_l("Closes on"), [Optional()])
    closes_time = TimeField(_l("at"), [Optional()], format=_FORMATS)
    seen = HiddenField()

    def window(self, zone: str) -> Window:
        """Return the window; a day without a time opens as it begins and closes at its last minute. Raises Refusal."""
        return Window(
            instant(self.opens_day.data, self.opens_time.data, zone, time(0)),
            instant(self.closes_day.data, self.closes_time.data, zone, time(23, 59)),
        )


def pack_window(window: Window) -> str:
    """Return a window as one hidden value."""
    return "/".join(at.isoformat() if at else "" for at in (window.opens_at, window.closes_at))


def unpack_window(text: str) -> Window | None:
    """Return the window of a hidden value; None: it is unreadable."""
    opens, slash, closes = text.partition("/")
    try:
        return Window(*(datetime.fromisoformat(at) if at else None for at in (opens, closes))) if slash else None
    except ValueError:
        return None


def window_values(window: Window, zone: str) -> dict[str, Any]:
    """Return what the form shows of a window."""
    values: dict[str, Any] = {"seen": pack_window(window)}
    for name, at in (("opens", window.opens_at), ("closes", window.closes_at)):
        if at is not None:
            local = at.astimezone(ZoneInfo(zone))
            values |= {f"{name}_day": local.date(), f"{name}_time": local.time()}
    return values


class ExceptionForm(Form):
    """Other terms for one person."""

    enrolment = SelectField(_l("For whom?"), [InputRequired()], coerce=int)
    extra_attempts = IntegerField(_l("Additional attempts"), [Optional(), NumberRange(0, 20)], default=0)
    extra_minutes = IntegerField(
        _l("Additional minutes for each attempt"), [Optional(), NumberRange(0, 600)], default=0
    )
    closes_day = DateField(_l("Closes for this person on"), [Optional()])
    closes_time = TimeField(_l("at"), [Optional()], format=_FORMATS)
    ends_day = DateField(_l("Last day of the exception"), [Optional()])
    reason = StringField(_l("Reason"), [InputRequired(), Length(max=500)])

    def allowance(self, zone: str) -> Allowance:
        """Return what is granted. Raises Refusal."""
        last_day = self.ends_day.data
        return Allowance(
            self.extra_attempts.data or 0,
            self.extra_minutes.data or 0,
            instant(self.closes_day.data, self.closes_time.data, zone, time(23, 59)),
            instant(last_day + timedelta(days=1) if last_day else None, None, zone, time(0)),
        )
