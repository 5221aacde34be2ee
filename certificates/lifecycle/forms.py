"""Revoking, correcting, renewing."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from certificates.lifecycle.rules import MOST_MONTHS
from lms.forms import Form

_LINES = {"rows": 3}


class AmendForm(Form):
    """What the office can do with a document on its page; which of it, the button says."""

    reason = TextAreaField(_l("Reason (internal)"), [Length(max=2000)], render_kw=_LINES)
    months = IntegerField(_l("Valid for how many months from today"), [Optional(), NumberRange(1, MOST_MONTHS)])


class RequestForm(Form):
    """What is wrong, and evidence."""

    text = TextAreaField(
        _l("What is wrong, and how should it be?"),
        [InputRequired(_l("Please say what is wrong and how it should be.")), Length(max=4000)],
        render_kw={"rows": 5},
    )
    evidence = FileField(_l("Evidence (PDF, JPEG or PNG, at most 10 MB)"), [Optional()])


class DecisionForm(Form):
    """The facts as they are to be printed, and why."""

    name = StringField(_l("Name"), [Length(max=200)])
    municipality = StringField(_l("Municipality"), [Length(max=200)])
    begin_date = DateField(_l("Begin"), [InputRequired()])
    end_date = DateField(_l("End"), [InputRequired()])
    live_attended = IntegerField(_l("UE attended in live sessions"), [InputRequired(), NumberRange(0, 1000)])
    reason = TextAreaField(_l("Reason for the decision (the person reads it)"), [Length(max=2000)], render_kw=_LINES)
    #: Asked only after it was said which letters cannot be printed.
    boxes = BooleanField(_l("Issue it all the same, with empty boxes in place of these letters."))

    def corrections(self) -> dict[str, Any]:
        """Return the corrected facts."""
        return {
            "name": self.name.data or "",
            "municipality": self.municipality.data or "",
            "begin_date": self.begin_date.data,
            "end_date": self.end_date.data,
            "live_attended": self.live_attended.data,
        }
