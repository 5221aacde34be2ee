"""From a snapshot to a PDF.

A layout is a folder. Its template runs in a sandbox with plain values, and can load nothing but the layout's own files,
the print fonts and the QR code of its own document. The same snapshot always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from certificates.documents.words import document_words
from lms.printing.manuscripts import Manuscript, SealNote
from lms.printing.qr import qr_code
from lms.printing.rendering import AttachedFile, print_pdf

LAYOUTS = Path(__file__).parent / "layouts"


def render_pdf(
    facts: Mapping[str, Any], *, issued_at: datetime, layout: str = "formal", attached: Sequence[AttachedFile] = ()
) -> bytes:
    """Return the unsealed PDF of a snapshot. Raises PrintingImpossibleError."""
    one = write_manuscript(facts, issued_at=issued_at, layout=layout, attached=attached)
    return print_pdf(
        one.html, one.css, files=one.files, identifier=one.identifier, at=one.at, attached=one.attached
    )  # fmt: skip


def write_manuscript(
    facts: Mapping[str, Any],
    *,
    issued_at: datetime,
    layout: str = "formal",
    attached: Sequence[AttachedFile] = (),
    note: SealNote | None = None,
) -> Manuscript:
    """Return a snapshot in its layout, ready to be printed."""
    files = _files(layout)
    html = _template(layout).render(
        # Snapshots of the first format have no code to type.
        **{"code": None, **facts},
        words=document_words(dict(facts)),
        issued_at=issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    return Manuscript(
        html=html,
        css=files["print.css"].decode(),
        files={**files, "qr.svg": qr_code(facts["verify_url"])},
        identifier=facts["serial"],
        at=issued_at,
        attached=tuple(attached),
        note=note,
    )


@lru_cache(maxsize=16)
def _files(layout: str) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((LAYOUTS / layout).iterdir())}


@lru_cache(maxsize=16)
def _template(layout: str) -> Any:
    environment = ImmutableSandboxedEnvironment(loader=BaseLoader(), autoescape=True, undefined=StrictUndefined)
    return environment.from_string(_files(layout)["template.html"].decode())
