"""A document before it is printed: everything that its PDF is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lms.printing.rendering import AttachedFile


@dataclass(frozen=True)
class SealNote:
    """What a document's signature says of itself."""

    at: datetime
    reason: str
    location: str


@dataclass(frozen=True)
class Manuscript:
    """One document to be printed; the same values as ``print_pdf`` takes. With a ``note`` it is sealed as well."""

    html: str
    css: str
    files: Mapping[str, bytes]
    identifier: str
    at: datetime
    attached: tuple[AttachedFile, ...] = ()
    note: SealNote | None = None
