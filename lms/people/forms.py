"""About people."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Email, InputRequired, Length, Optional

from lms.forms import Form
from lms.people.queries import list_municipalities
from lms.permissions import Role
from lms.sentences import N_

ROLE_NAMES = {
    Role.PARTICIPANT: N_("Participant"),
    Role.TRAINER: N_("Trainer"),
    Role.COORDINATOR: N_("Coordinator"),
    Role.AUDITOR: N_("Auditor"),
    Role.ADMIN: N_("Administrator"),
}


class DetailsForm(Form):
    """What a person says about themselves."""

    given_name = StringField(
        _l("Given name"), [InputRequired(), Length(max=100)], render_kw={"autocomplete": "given-name"}
    )
    family_name = StringField(
        _l("Family name"), [InputRequired(), Length(max=100)], render_kw={"autocomplete": "family-name"}
    )
    printed_name = StringField(_l("Name on the certificate"), [Optional(), Length(max=200)])
    municipality_ags = SelectField(_l("Municipality"), [Optional()])

    def fill_municipalities(self) -> None:
        """Offer all municipalities."""
        self.municipality_ags.choices = [("", "–")] + [(one.ags, one.name) for one in list_municipalities()]


class InvitationForm(Form):
    """A new person."""

    email = EmailField(
        _l("E-mail address"), [InputRequired(), Email(_l("Please enter a whole e-mail address.")), Length(max=254)]
    )
    given_name = StringField(_l("Given name"), [InputRequired(), Length(max=100)])
    family_name = StringField(_l("Family name"), [InputRequired(), Length(max=100)])
    roles = SelectMultipleField(_l("Roles"), choices=[(role.value, name) for role, name in ROLE_NAMES.items()])
