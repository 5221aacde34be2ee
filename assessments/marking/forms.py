"""The form that marks the answers of an attempt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Length, Optional

from assessments.marking.views import Answer
from lms.forms import Form


def marking_form(answers: Sequence[Answer]) -> Form:
    """Return the form: points and a comment for each answer, and a reason where a mark stands already."""

    class MarkingForm(Form):
        pass

    values: dict[str, Any] = {}
    for answer in answers:
        number = answer.question["number"]
        fields = {
            "points": StringField(_l("Points for question %(number)s", number=number), [Optional(), Length(max=12)]),
            "comment": TextAreaField(
                _l("Comment on question %(number)s, for the participant", number=number),
                [Optional(), Length(max=20_000)],
                render_kw={"rows": 4},
            ),
        }
        if answer.mark is not None:
            fields["reason"] = StringField(_l("Why does this mark change?"), [Optional(), Length(max=500)])
            values[f"points_{answer.slot}"] = f"{answer.mark.points / 100:g}".replace(".", ",")
            values[f"comment_{answer.slot}"] = answer.mark.comment
        for name, field in fields.items():
            setattr(MarkingForm, f"{name}_{answer.slot}", field)
    return MarkingForm(**values)
