"""Verifying by number."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from lms.forms import Form


class NumberForm(Form):
    """The number on the document, and the family name so that nobody can go through all numbers."""

    serial = StringField(
        _l("Number on the document"),
        [InputRequired(_l("Please enter the number.")), Length(max=40)],
        render_kw={"placeholder": "SCM-2026-00001", "autocomplete": "off"},
    )
    family_name = StringField(
        _l("Family name on the document"),
        [InputRequired(_l("Please enter the family name.")), Length(max=100)],
        render_kw={"autocomplete": "off"},
    )
