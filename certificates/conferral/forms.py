"""Proposing, and deciding on what was proposed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.forms import Form


class ConferralForm(Form):
    """Who signs, where, how long it is valid, and that one means it."""

    first_name = StringField(_l("First signature: name"), [InputRequired(), Length(max=120)])
    first_function = StringField(_l("First signature: function"), [InputRequired(), Length(max=120)])
    second_name = StringField(_l("Second signature: name"), [Optional(), Length(max=120)])
    second_function = StringField(_l("Second signature: function"), [Optional(), Length(max=120)])
    place = StringField(_l("Place"), [InputRequired(), Length(max=80)])
    valid_months = IntegerField(_l("Valid for how many months"), [Optional(), NumberRange(1, 240)])
    sure = BooleanField(
        _l("I have checked the list."), [InputRequired(_l("Please confirm that you have checked the list."))]
    )

    def signatories(self) -> list[dict[str, str]]:
        """Return who signs."""
        pairs = ((self.first_name, self.first_function), (self.second_name, self.second_function))
        return [
            {"name": name.data.strip(), "function": (function.data or "").strip()}
            for name, function in pairs
            if name.data and name.data.strip()
        ]


class DecisionForm(Form):
    """Approve what was proposed, or send it back with a reason."""

    sure = BooleanField(_l("I have compared the list. The documents will be issued and sent."))
    reason = TextAreaField(_l("Reason for sending it back"), [Length(max=2000)], render_kw={"rows": 3})
