"""Forms about time extensions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from assessments.time_factors.rules import LEAST, MOST
from lms.forms import Form


class TimeFactorForm(Form):
    """Whose time, how much, and why."""

    person = SelectField(_l("For whom?"), [InputRequired()], coerce=int)
    percent = IntegerField(
        _l("Time in per cent of the usual time"),
        [InputRequired(_l("Please enter the time, for example 125.")), NumberRange(LEAST, MOST)],
        render_kw={"inputmode": "numeric"},
    )
    reason = StringField(_l("Reason"), [InputRequired(), Length(max=500)])
