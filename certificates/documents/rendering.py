"""From a snapshot to a PDF.

A layout is a folder. Its template runs in a sandbox with plain values, and can load nothing but the layout's own files,
the print fonts and the QR code of its own document. The same snapshot always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from certificates.documents.words import document_words
from certificates.layouts.files import DEFAULT, SHIPPED, LayoutFiles, shipped_layout
from lms.institution.seal import sign_pdf
from lms.printing.batch.printing import print_batch
from lms.printing.isolation import print_isolated
from lms.printing.layouts import Sheet, write_manuscript
from lms.printing.manuscripts import SealNote
from lms.printing.qr import qr_code
from lms.printing.rendering import AttachedFile

LAYOUTS = SHIPPED


@dataclass(frozen=True)
class Order:
    """One document to print: the snapshot, when it was issued, and what its file carries."""

    facts: Mapping[str, Any]
    issued_at: datetime
    attached: Sequence[AttachedFile] = ()


def render_pdf(
    facts: Mapping[str, Any],
    *,
    issued_at: datetime,
    layout: str | LayoutFiles = DEFAULT,
    attached: Sequence[AttachedFile] = (),
) -> bytes:
    """Return the unsealed PDF of a snapshot. Raises PrintingImpossibleError or LayoutFaultError."""
    return render_batch([Order(facts, issued_at, attached)], layout=layout)[0]


def render_batch(
    orders: Sequence[Order],
    *,
    layout: str | LayoutFiles = DEFAULT,
    sealed_at: datetime | None = None,
    strict: bool = False,
) -> list[bytes]:
    """Return the PDFs of several snapshots of one layout, in their order; with ``sealed_at`` sealed as of that time.

    Layouts that come along are printed here, by the fast path where it fits (see ``lms/printing/batch``); those of others
    in a process with limits, one for the whole batch, which is ``strict`` while they are tried out. Raises
    PrintingImpossibleError, LayoutFaultError or SealError.
    """
    chosen = shipped_layout(layout) if isinstance(layout, str) else layout
    sheets = [make_sheet(order) for order in orders]
    notes = [
        SealNote(sealed_at, reason=order.facts["serial"], location=order.facts["place"]) if sealed_at else None
        for order in orders
    ]
    if chosen.trusted:
        return print_batch(
            [write_manuscript(chosen.files, sheet, note) for sheet, note in zip(sheets, notes, strict=True)]
        )
    printed = print_isolated(chosen.files, sheets, strict=strict)
    return [
        sign_pdf(pdf, at=note.at, reason=note.reason, location=note.location) if note else pdf
        for pdf, note in zip(printed, notes, strict=True)
    ]


def make_sheet(order: Order) -> Sheet:
    """Return what is printed: the facts with their sentences, and the QR code."""
    facts = order.facts
    return Sheet(
        values={
            # Snapshots of the first format have neither a code to type nor these.
            "code": None,
            "valid_until_date": None,
            "replaces": None,
            **facts,
            "words": document_words(dict(facts)),
            "issued_at": order.issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
        identifier=facts["serial"],
        at=order.issued_at,
        files={"qr.svg": qr_code(facts["verify_url"])},
        attached=order.attached,
    )
