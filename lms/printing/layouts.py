"""Layouts: a folder of ``template.html``, ``print.css`` and what they show, printed with plain values.

The template runs in Jinja's immutable sandbox. It gets values that JSON could hold and can load its own files, the
document's and the print fonts. A layout that nobody of ours has written is printed in a process of its own with limits
(``isolation.py``); this module is what both ways share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from lms.printing.manuscripts import Manuscript, SealNote
from lms.printing.rendering import AttachedFile, print_pdf

TEMPLATE, STYLE, METADATA = "template.html", "print.css", "metadata.toml"


@dataclass(frozen=True)
class Sheet:
    """One document to print: ``values`` are the template's, ``files`` the document's own (its QR code)."""

    values: Mapping[str, Any]
    identifier: str
    at: datetime
    files: Mapping[str, bytes] = field(default_factory=dict)
    attached: Sequence[AttachedFile] = ()


def write_manuscript(layout: Mapping[str, bytes], sheet: Sheet, note: SealNote | None = None) -> Manuscript:
    """Return one document in its layout, ready to be printed. Raises what the layout provokes."""
    return Manuscript(
        html=_compile(layout[TEMPLATE]).render(**sheet.values),
        css=layout[STYLE].decode("utf-8"),
        files={**layout, **sheet.files},
        identifier=sheet.identifier,
        at=sheet.at,
        attached=tuple(sheet.attached),
        note=note,
    )


def print_sheet(layout: Mapping[str, bytes], sheet: Sheet, refused: list[str] | None = None) -> bytes:
    """Return the unsealed PDF of one document; in ``refused`` is noted what was not loaded.

    Raises PrintingImpossibleError, or what the layout provokes.
    """
    one = write_manuscript(layout, sheet)
    return print_pdf(
        one.html,
        one.css,
        files=one.files,
        identifier=one.identifier,
        at=one.at,
        attached=one.attached,
        refused=refused,
    )


@lru_cache(maxsize=16)
def _compile(source: bytes) -> Template:
    environment = ImmutableSandboxedEnvironment(loader=BaseLoader(), autoescape=True, undefined=StrictUndefined)
    return environment.from_string(source.decode("utf-8"))
