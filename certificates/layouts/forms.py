"""Uploading and choosing layouts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField
from wtforms.validators import Optional

from certificates.layouts.models import Layout
from lms.forms import Form


class UploadForm(Form):
    """A layout as a ZIP file."""

    archive = FileField(_l("ZIP file of the layout"), [FileRequired(_l("Please choose a file."))])


class ChoiceForm(Form):
    """What is printed with which layout; an empty choice leaves it to the course, or to the formal layout."""

    cohort_certificate = SelectField(_l("Certificate, in this cohort"), [Optional()])
    cohort_attendance = SelectField(_l("Confirmation of attendance, in this cohort"), [Optional()])
    course_certificate = SelectField(_l("Certificate, in the whole course"), [Optional()])
    course_attendance = SelectField(_l("Confirmation of attendance, in the whole course"), [Optional()])
    #: What was chosen when the page was shown.
    seen = HiddenField()

    def __init__(self, *args: Any, layouts: Sequence[Layout], **kwargs: Any) -> None:
        """``layouts`` are those that can be chosen."""
        super().__init__(*args, **kwargs)
        named = [(one.slug, one.title) for one in layouts]
        for field in (self.cohort_certificate, self.cohort_attendance):
            field.choices = [("", _("as in the course")), *named]
        for field in (self.course_certificate, self.course_attendance):
            field.choices = [("", _("the formal one")), *named]

    def what_was_seen(self) -> dict[str, str] | None:
        """Return the choices that the page showed, as slugs by place; None: it does not say so."""
        try:
            found = json.loads(self.seen.data or "")
            return {str(place): str(slug) for place, slug in found.items()}
        except (ValueError, AttributeError):
            return None
