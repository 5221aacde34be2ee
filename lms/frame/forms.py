"""The form on the page of all components: a field of each kind."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lms.forms import Form, SelectChoice


class PatternsForm(Form):
    """Fields that nobody sends."""

    name = StringField(_l("Name"))
    password = PasswordField(_l("Password"))
    day = DateField(_l("Day"), [Optional()])
    place = SelectField(
        _l("Place"), choices=[SelectChoice("hall", _l("Town hall")), SelectChoice("online", _l("Online"))]
    )
    way = RadioField(_l("Kind"), choices=[SelectChoice("hall", _l("Town hall")), SelectChoice("online", _l("Online"))])
    days = SelectMultipleField(
        _l("Weekdays"),
        choices=[SelectChoice("tuesday", _l("Tuesday")), SelectChoice("thursday", _l("Thursday"))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    agreed = BooleanField(_l("I have checked everything"))
    text = TextAreaField(_l("Your text"))
    file = FileField(_l("File"))


def wrong_form() -> PatternsForm:
    """Return the form with an error at each field."""
    form = PatternsForm(formdata=None, prefix="wrong-")
    for field in form:
        if field.name != "wrong-csrf_token":
            field.errors = [_l("Please check this entry.")]
    return form
