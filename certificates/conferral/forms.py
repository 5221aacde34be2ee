"""Conferring."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length, Optional

from lms.forms import Form


class ConferralForm(Form):
    """Who signs, where, and that one means it."""

    first_name = StringField(_l("First signature: name"), [InputRequired(), Length(max=120)])
    first_function = StringField(_l("First signature: function"), [InputRequired(), Length(max=120)])
    second_name = StringField(_l("Second signature: name"), [Optional(), Length(max=120)])
    second_function = StringField(_l("Second signature: function"), [Optional(), Length(max=120)])
    place = StringField(_l("Place"), [InputRequired(), Length(max=80)])
    sure = BooleanField(
        _l("I have checked the list. The documents will be issued and sent."),
        [InputRequired(_l("Please confirm that you have checked the list."))],
    )

    def signatories(self) -> list[dict[str, str]]:
        """Return who signs."""
        pairs = ((self.first_name, self.first_function), (self.second_name, self.second_function))
        return [
            {"name": name.data.strip(), "function": (function.data or "").strip()}
            for name, function in pairs
            if name.data and name.data.strip()
        ]
