"""The form that takes a receipt back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from lms.forms import Form


class ValidationForm(Form):
    """A file that may be a receipt."""

    file = FileField(
        _l("The receipt (PDF)"),
        [FileRequired(_l("Please choose the file."))],
        render_kw={"accept": "application/pdf,.pdf"},
    )
