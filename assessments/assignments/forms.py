"""Handing in and grading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from assessments.assignments.rules import MAX_TEXT
from lms.forms import Form, SelectChoice


class SubmissionForm(Form):
    """A text and files."""

    text = TextAreaField(_l("Your text"), [Optional(), Length(max=MAX_TEXT)])
    keep = SelectMultipleField(
        _l("Files so far (untick to remove)"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    files = MultipleFileField(_l("Add files"))


def grading_form(criteria: Sequence[dict[str, Any]], *, graded: bool, **values: Any) -> Form:
    """Return the form that grades a submission: a level for each criterion, a comment, a reason when it changes."""

    class GradingForm(Form):
        comment = TextAreaField(_l("Comment for the participant"), [InputRequired(), Length(max=20_000)])

    for criterion in criteria:
        choices = [SelectChoice(str(points), text) for points, text in enumerate(criterion["levels"])]
        setattr(
            GradingForm,
            f"criterion_{criterion['id']}",
            RadioField(criterion["title"], [InputRequired(_l("Please choose a level."))], choices=choices),
        )
    if graded:
        GradingForm.reason = StringField(_l("Why does the grade change?"), [InputRequired(), Length(max=500)])
    return GradingForm(**values)
