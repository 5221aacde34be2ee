"""The form that mends a question; the key's own controls are drawn by the template."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from assessments.repair.rules import Kind
from lms.forms import Form, SelectChoice

KINDS = [
    SelectChoice(Kind.KEY.value, _l("Change the key, or accept another answer")),
    SelectChoice(Kind.FULL_POINTS.value, _l("Give everybody who was asked all the points; it is not asked again")),
    SelectChoice(Kind.DROP.value, _l("Drop the question: it counts for nobody and is not asked again")),
    SelectChoice(Kind.TAKE_BACK.value, _l("Take the last repair back: the question is again what it was before")),
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

    def offer(self, *, key: bool, take_back: bool) -> list[str]:
        """Leave out what cannot be done with this question (change its key, take a repair back), and return what can."""
        without = ({Kind.KEY.value} if not key else set()) | ({Kind.TAKE_BACK.value} if not take_back else set())
        offered = [one for one in KINDS if one.value not in without]
        self.kind.choices = offered
        return [one.value for one in offered]
