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
from lms.printing.isolation import print_isolated
from lms.printing.layouts import Sheet, print_sheet
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


def render_batch(orders: Sequence[Order], *, layout: str | LayoutFiles = DEFAULT) -> list[bytes]:
    """Return the unsealed PDFs of several snapshots of one layout, in their order.

    Layouts that come along are printed here; those of others in a process with limits, one for the whole batch. Raises
    PrintingImpossibleError or LayoutFaultError.
    """
    chosen = shipped_layout(layout) if isinstance(layout, str) else layout
    sheets = [make_sheet(order) for order in orders]
    if not chosen.trusted:
        return print_isolated(chosen.files, sheets)
    return [print_sheet(chosen.files, sheet) for sheet in sheets]


def make_sheet(order: Order) -> Sheet:
    """Return what is printed: the facts with their sentences, and the QR code."""
    facts = order.facts
    return Sheet(
        values={
            # Snapshots of the first format have no code to type.
            "code": None,
            **facts,
            "words": document_words(dict(facts)),
            "issued_at": order.issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
        identifier=facts["serial"],
        at=order.issued_at,
        files={"qr.svg": qr_code(facts["verify_url"])},
        attached=order.attached,
    )
