"""Forms about other people's attempts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.forms import Form


class VoidForm(Form):
    """Why an attempt is taken out."""

    reason = StringField(_l("Reason, for the person concerned"), [InputRequired(), Length(max=500)])


class ReopenForm(VoidForm):
    """Why an attempt is opened again, and for how long."""

    minutes = IntegerField(_l("Minutes that are left"), [Optional(), NumberRange(1, 24 * 60)])
