"""Plain sealed documents: protocols, receipts. Their templates extend ``printing/report.html`` and share one look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, render_template
from flask_babel import get_locale

from lms.institution.seal import sign_pdf
from lms.printing.rendering import AttachedFile, print_pdf
from lms.settings import current_config

#: Only for its templates; it has no routes.
bp = Blueprint("printing", __name__, template_folder="templates")
_STYLE = Path(__file__).parent / "report.css"


def print_report(
    template: str,
    *,
    title: str,
    identifier: str,
    at: datetime,
    sealed_at: datetime | None = None,
    files: Mapping[str, bytes] | None = None,
    attached: Sequence[AttachedFile] = (),
    **values: Any,
) -> bytes:
    """Return a sealed PDF/A-3a and PDF/UA-1 of a template that extends ``printing/report.html``.

    ``at`` dates what it says; it is sealed as of ``sealed_at``, if that is another moment: a seal that was made later than
    what it says would be refused. It is written in the language of the running request or ``force_locale`` block.
    ``values`` are the template's own.
    Raises PrintingImpossibleError or SealError.
    """
    config = current_config()
    html = render_template(
        template,
        title=title,
        identifier=identifier,
        language=str(get_locale()),
        issuer=config.institution_name,
        printed_at=at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        **values,
    )
    pdf = print_pdf(html, _style(), files=files or {}, identifier=identifier, at=at, attached=attached)
    return sign_pdf(pdf, at=sealed_at or at, reason=identifier, location=config.institution_name)


@lru_cache(maxsize=1)
def _style() -> str:
    return _STYLE.read_text("utf-8")
