"""From many snapshots to their PDFs at once, by the fast path where it fits (see ``lms/printing/batch``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from certificates.documents.rendering import write_manuscript
from lms.printing.batch.printing import print_batch
from lms.printing.manuscripts import SealNote
from lms.printing.rendering import AttachedFile


def render_batch(
    facts: Sequence[Mapping[str, Any]],
    *,
    issued_at: datetime,
    layout: str = "formal",
    attached: Sequence[Sequence[AttachedFile]] | None = None,
    sealed_at: datetime | None = None,
) -> list[bytes]:
    """Return the PDF of each snapshot, as ``render_pdf`` gives it; with ``sealed_at`` also sealed as of that time.

    ``attached`` holds the files of each snapshot. Raises PrintingImpossibleError or SealError.
    """
    files = attached or [()] * len(facts)
    return print_batch(
        [
            write_manuscript(one, issued_at=issued_at, layout=layout, attached=own, note=_note(one, sealed_at))
            for one, own in zip(facts, files, strict=True)
        ]
    )


def _note(facts: Mapping[str, Any], sealed_at: datetime | None) -> SealNote | None:
    return SealNote(sealed_at, reason=facts["serial"], location=facts["place"]) if sealed_at else None
