"""Proposing, and deciding on what was proposed."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, IntegerField, StringField, TextAreaField
from wtforms import Form as AnyForm
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, StopValidation

from lms.forms import Form


class TogetherWith:
    """Demands a text where another field has one; both may be empty."""

    def __init__(self, other: str, message: Any) -> None:
        self.other, self.message = other, message
        self.field_flags = {"optional": True}

    def __call__(self, form: AnyForm, field: Field) -> None:
        """Stop at an empty field, with the message if the other one is not."""
        if not (field.data or "").strip():
            field.errors = []
            raise StopValidation(self.message if (form[self.other].data or "").strip() else "")


_BOXES = _l("I have read what these documents lack. They are to be issued all the same.")


class ClosingForm(Form):
    """That one means it: nobody has earned a document, so there is nothing to sign."""

    sure = BooleanField(
        _l("I have checked the list."), [InputRequired(_l("Please confirm that you have checked the list."))]
    )


class ConferralForm(Form):
    """Who signs, where, how long it is valid, and that one means it."""

    first_name = StringField(_l("First signature: name"), [DataRequired(), Length(max=120)])
    first_function = StringField(_l("First signature: function"), [DataRequired(), Length(max=120)])
    second_name = StringField(
        _l("Second signature: name"),
        [
            TogetherWith("second_function", _l("Please enter the name as well, or leave the function empty.")),
            Length(max=120),
        ],
    )
    second_function = StringField(
        _l("Second signature: function"),
        [
            TogetherWith("second_name", _l("Please enter the function as well: it is printed below the name.")),
            Length(max=120),
        ],
    )
    place = StringField(_l("Place"), [DataRequired(), Length(max=80)])
    valid_months = IntegerField(_l("Valid for how many months"), [Optional(), NumberRange(1, 240)])
    sure = BooleanField(
        _l("I have checked the list."), [InputRequired(_l("Please confirm that you have checked the list."))]
    )
    #: Asked only where something is missing, and where one person confers alone.
    boxes = BooleanField(_BOXES)

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
    #: Asked only where something is missing.
    boxes = BooleanField(_BOXES)
    reason = TextAreaField(_l("Reason for sending it back"), [Length(max=2000)], render_kw={"rows": 3})
