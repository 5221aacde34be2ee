"""The form for feedback."""

from __future__ import annotations

import secrets

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import Email, InputRequired, Length, Optional

from lms.feedback.rules import MOST_CHARACTERS, MOST_PAGE, Kind, one_line, written
from lms.forms import Form, SelectChoice
from lms.frame.filters import number


def at_most(_form: Form, field: Field) -> None:
    """Refuse a text that is too long. Not by ``maxlength``: a browser would cut off silently what is pasted."""
    if len(field.data) > MOST_CHARACTERS:
        values = {"most": number(MOST_CHARACTERS), "count": number(len(field.data))}
        raise ValidationError(_("Please use at most %(most)s characters; there are %(count)s now.", **values))


class FeedbackForm(Form):
    """What it is about, the text, and if wanted the page and an address for the answer."""

    #: Tells a double click from a second message.
    draft = HiddenField(default=lambda: secrets.token_urlsafe(16))
    kind = RadioField(
        _l("What it is about"),
        [InputRequired(_l("Please choose one."))],
        choices=[
            SelectChoice(Kind.BARRIER.value, _l("A barrier: I cannot use something, or only with difficulty")),
            SelectChoice(Kind.FAULT.value, _l("Something is wrong")),
            SelectChoice(Kind.PRAISE.value, _l("Praise or an idea")),
        ],
        validate_choice=False,
    )
    text = TextAreaField(
        _l("Your message"),
        [InputRequired(_l("Please write a message.")), at_most],
        filters=[lambda text: written(text or "")],
    )
    page = StringField(
        _l("Page that it is about"),
        [Optional(), Length(max=MOST_PAGE, message=_l("Please use at most %(max)d characters."))],
        filters=[lambda text: one_line(text or "")],
    )
    email = EmailField(
        _l("E-mail address for the answer"),
        [Optional(), Email(_l("Please enter a whole e-mail address."))],
        filters=[lambda text: (text or "").strip()],
        render_kw={"autocomplete": "email"},
    )

    def validate_kind(self, field: Field) -> None:
        """Refuse what was not offered, in the words for nothing chosen."""
        if field.data not in set(Kind):
            raise ValidationError(_("Please choose one."))

    def validate_text(self, field: Field) -> None:
        """Refuse a text that shows nothing."""
        if not field.data:
            raise ValidationError(_("Please write a message."))
