"""The form that mends a question; the key's own controls are drawn by the template."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from assessments.repair.rules import Kind
from lms.forms import Form

KINDS = [
    SelectChoice(Kind.KEY.value, _l("Change the key, or accept another answer")),
    SelectChoice(Kind.FULL_POINTS.value, _l("Give everybody who was asked all the points")),
    SelectChoice(Kind.DROP.value, _l("Drop the question: it counts for nobody and is not asked again")),
]


class RepairForm(Form):
    """How, for whom and why."""

    kind = RadioField(
        _l("What should happen?"),
        [InputRequired(_l("Please choose what should happen."))],
        choices=KINDS,
    )
    never_lower = BooleanField(_l("Nobody's attempt may get worse"), default=True)
    reason = StringField(_l("Reason, for the people concerned"), [InputRequired(), Length(max=500)])

    def offer_no_key(self) -> None:
        """Leave out the change of a key, for questions whose key cannot be changed here."""
        self.kind.choices = KINDS[1:]
