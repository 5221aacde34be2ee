"""Forms of the schedule."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from courses.schedule.rules import SessionReason, local_instant
from lms.forms import Form
from lms.sentences import Refusal

_FORMATS = ("%H:%M", "%H:%M:%S")
_A_LINK = Regexp(r"https?://\S+\Z", message=_l("A link begins with https:// or http://."))


class TimesForm(Form):
    """When and where a session is."""

    day = DateField(_l("Day"), [InputRequired()])
    begins = TimeField(_l("Begins"), [InputRequired()], format=_FORMATS)
    ends = TimeField(_l("Ends"), [InputRequired()], format=_FORMATS)
    location = StringField(_l("Place"), [Length(max=300)])
    link = StringField(_l("Link to join online"), [Optional(), Length(max=500), _A_LINK])

    def instants(self, zone: str) -> tuple[datetime, datetime]:
        """Return beginning and end as instants. Raises Refusal when the clocks of the zone never show one of them."""
        begin = local_instant(self.day.data, self.begins.data, zone)
        end = local_instant(self.day.data, self.ends.data, zone)
        if begin is None or end is None:
            raise Refusal(SessionReason.NO_SUCH_TIME)
        return begin, end


class SessionForm(TimesForm):
    """A new session. ``activity`` is what of the course it carries out; 0 is an additional meeting."""

    activity = SelectField(_l("Part of the course"), coerce=int)
    title = StringField(_l("Title"), [InputRequired(), Length(max=200)])
    ue = IntegerField(_l("UE of 45 minutes"), [InputRequired(), NumberRange(1, 40)])
    note = TextAreaField(_l("Note for everybody"), [Length(max=2000)])
