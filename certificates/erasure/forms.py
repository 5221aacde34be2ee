"""Erasing: the second confirmation, and finding what is meant."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from lms.forms import Form

_LINES = {"rows": 3}


class ConfirmationForm(Form):
    """What every erasure asks for."""

    reason = TextAreaField(
        _l("Legal ground (without names; it stays)"), [InputRequired(), Length(max=500)], render_kw=_LINES
    )
    sure = BooleanField(
        _l("I know that this cannot be undone."), [InputRequired(_l("Please confirm that this cannot be undone."))]
    )


class DocumentForm(ConfirmationForm):
    """A document's number, typed."""

    serial = StringField(
        _l("Number of the document, to confirm"), [InputRequired(), Length(max=40)], render_kw={"autocomplete": "off"}
    )


class ResultForm(ConfirmationForm):
    """A person's name, typed."""

    name = StringField(
        _l("Name of the person, to confirm"), [InputRequired(), Length(max=200)], render_kw={"autocomplete": "off"}
    )


class FindForm(Form):
    """What stands on the document, or whom the request is from."""

    sought = StringField(
        _l("Number of the document, or e-mail address of a person without one"), [InputRequired(), Length(max=254)]
    )
