"""Forms for cohorts."""

from __future__ import annotations

from typing import Any, TypeVar

from flask_babel import lazy_gettext
from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput

from courses.archive.shapes import SLUG
from courses.cohorts.details import NAMES, Details, differing, pack, unpack
from lms.forms import Form

Value = TypeVar("Value")


def given(value: Value | None) -> Value:
    """Return the data of a field that InputRequired has found filled."""
    if value is None:
        raise ValueError("A required field is empty after validation.")
    return value


class CohortDetailsForm(Form):
    """What a cohort is called, when it is, how many take part, and who teaches it."""

    title = StringField(lazy_gettext("Title"), [InputRequired(), Length(max=200)])
    begin_date = DateField(lazy_gettext("First day"), [InputRequired()])
    end_date = DateField(lazy_gettext("Last day"), [InputRequired()])
    seats = IntegerField(lazy_gettext("Seats"), [InputRequired(), NumberRange(1, 1000)], default=16)
    trainers = SelectMultipleField(lazy_gettext("Trainers"), coerce=int, option_widget=CheckboxInput())


class CohortEditForm(CohortDetailsForm):
    """The details of a cohort, and in ``seen`` what they were when the page was filled."""

    seen = HiddenField()

    def details(self) -> dict[str, Any]:
        """Return what was entered, when the form is good."""
        entered = {name: given(self[name].data) for name in NAMES[:-1]}
        return entered | {"trainers": sorted(self.trainers.data or [])}

    def fill_again(self, standing: Details) -> None:
        """Show what stands now, except where something else was entered than the page had shown."""
        kept = differing(self.details(), unpack(self.seen.data or ""))
        for name in NAMES:
            if name not in kept:
                self[name].data, self[name].raw_data = standing[name], None
        self.seen.data = pack(standing)


class CohortForm(CohortDetailsForm):
    """A new cohort."""

    version = SelectField(lazy_gettext("Course"), [InputRequired()], coerce=int)
    slug = StringField(
        lazy_gettext("Short name for addresses"),
        [
            InputRequired(),
            Regexp(SLUG + r"\Z", message=lazy_gettext("Small letters, figures and hyphens, for example herbst-2026.")),
        ],
    )
    plan_sessions = BooleanField(
        lazy_gettext("Propose the live sessions weekly from the first day on, without public holidays"), default=True
    )


class EnrolForm(Form):
    """A person to enrol, with an account or without."""

    email = StringField(lazy_gettext("E-mail address"), [InputRequired(), Email(), Length(max=254)])
    given_name = StringField(lazy_gettext("Given name"), [Length(max=100)])
    family_name = StringField(lazy_gettext("Family name"), [Length(max=100)])
    municipality = SelectField(lazy_gettext("Municipality"), [Optional()])
