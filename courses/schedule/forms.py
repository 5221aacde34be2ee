"""Forms of the schedule."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from courses.cohorts.forms import given
from courses.schedule.rules import SessionReason, local_instant
from lms.forms import Form
from lms.sentences import Refusal

_FORMATS = ["%H:%M", "%H:%M:%S"]
_A_LINK = Regexp(r"https?://\S+\Z", message=lazy_gettext("A link begins with https:// or http://."))


class TimesForm(Form):
    """When and where a session is."""

    day = DateField(lazy_gettext("Day"), [InputRequired()])
    begins = TimeField(lazy_gettext("Begins"), [InputRequired()], format=_FORMATS)
    ends = TimeField(lazy_gettext("Ends"), [InputRequired()], format=_FORMATS)
    location = StringField(lazy_gettext("Place"), [Length(max=300)])
    link = StringField(lazy_gettext("Link to join online"), [Optional(), Length(max=500), _A_LINK])

    def instants(self, zone: str) -> tuple[datetime, datetime]:
        """Return beginning and end as instants. Raises Refusal when the clocks of the zone never show one of them."""
        begin = local_instant(given(self.day.data), given(self.begins.data), zone)
        end = local_instant(given(self.day.data), given(self.ends.data), zone)
        if begin is None or end is None:
            raise Refusal(SessionReason.NO_SUCH_TIME)
        return begin, end


class SessionForm(TimesForm):
    """A new session. ``activity`` is what of the course it carries out; 0 is an additional meeting."""

    activity = SelectField(lazy_gettext("Part of the course"), coerce=int)
    title = StringField(lazy_gettext("Title"), [InputRequired(), Length(max=200)])
    ue = IntegerField(lazy_gettext("UE of 45 minutes"), [InputRequired(), NumberRange(1, 40)])
    note = TextAreaField(lazy_gettext("Note for everybody"), [Length(max=2000)])
