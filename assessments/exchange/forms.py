"""Choosing a file to import, and a format to export."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField

from assessments.exchange.formats.registry import NAMES, READERS
from lms.forms import Form, SelectChoice


class UploadForm(Form):
    """A file with questions."""

    file = FileField(_l("File"), [FileRequired(_l("Please choose a file."))])
    format = RadioField(
        _l("Format"),
        choices=[
            SelectChoice("", _l("Tell it by the content")),
            *(SelectChoice(name, label) for name, label in NAMES.items() if name in READERS),
        ],
        default="",
    )
