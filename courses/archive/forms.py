"""Choosing an archive."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from lms.forms import Form


class ArchiveForm(Form):
    """A course as a ZIP."""

    file = FileField(_l("ZIP file"), [FileRequired(_l("Please choose a file."))])
