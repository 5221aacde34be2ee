"""Forms for cohorts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional, Regexp

from courses.archive.shapes import SLUG
from lms.forms import Form


class CohortForm(Form):
    """A new cohort."""

    version = SelectField(_l("Course"), [InputRequired()], coerce=int)
    title = StringField(_l("Title"), [InputRequired(), Length(max=200)])
    slug = StringField(_l("Short name for addresses"), [
        InputRequired(), Regexp(SLUG + r"\Z", message=_l("Small letters, figures and hyphens, for example herbst-2026.")),
    ])
    begin_date = DateField(_l("First day"), [InputRequired()])
    end_date = DateField(_l("Last day"), [InputRequired()])
    seats = IntegerField(_l("Seats"), [InputRequired(), NumberRange(1, 1000)], default=16)
    trainers = SelectMultipleField(_l("Trainers"), coerce=int)
    plan_sessions = BooleanField(_l("Propose the live sessions weekly from the first day on, without public holidays"),
                                 default=True)


class EnrolForm(Form):
    """A person to enrol, with an account or without."""

    email = StringField(_l("E-mail address"), [InputRequired(), Email(), Length(max=254)])
    given_name = StringField(_l("Given name"), [Length(max=100)])
    family_name = StringField(_l("Family name"), [Length(max=100)])
    municipality = SelectField(_l("Municipality"), [Optional()])
