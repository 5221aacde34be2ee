"""About people."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, SelectField, SelectMultipleField, StringField
from wtforms.validators import Email, InputRequired, Length, Optional, ValidationError

from lms.forms import Form
from lms.frame.filters import say
from lms.people.queries import list_municipalities
from lms.people.rules import PersonReason, is_name
from lms.permissions import Role
from lms.sentences import N_

ROLE_NAMES = {
    Role.PARTICIPANT: N_("Participant"),
    Role.TRAINER: N_("Trainer"),
    Role.COORDINATOR: N_("Coordinator"),
    Role.AUDITOR: N_("Auditor"),
    Role.ADMIN: N_("Administrator"),
}


def a_name(_form: Form, field: Field) -> None:
    """Let only what can be read as a name through. Raises ValidationError."""
    if not is_name(field.data or ""):
        raise ValidationError(say(PersonReason.NAME_MISSING.text))


class DetailsForm(Form):
    """What a person says about themselves."""

    given_name = StringField(
        _l("Given name"), [InputRequired(), Length(max=100), a_name], render_kw={"autocomplete": "given-name"}
    )
    family_name = StringField(
        _l("Family name"), [InputRequired(), Length(max=100), a_name], render_kw={"autocomplete": "family-name"}
    )
    printed_name = StringField(_l("Name on the certificate"), [Optional(), Length(max=200), a_name])
    municipality_ags = SelectField(_l("Municipality"), [Optional()])

    def fill_municipalities(self) -> None:
        """Offer all municipalities."""
        self.municipality_ags.choices = [("", "–")] + [(one.ags, one.name) for one in list_municipalities()]


class InvitationForm(Form):
    """A new person."""

    email = EmailField(
        _l("E-mail address"), [InputRequired(), Email(_l("Please enter a whole e-mail address.")), Length(max=254)]
    )
    given_name = StringField(_l("Given name"), [InputRequired(), Length(max=100), a_name])
    family_name = StringField(_l("Family name"), [InputRequired(), Length(max=100), a_name])
    roles = SelectMultipleField(_l("Roles"))
