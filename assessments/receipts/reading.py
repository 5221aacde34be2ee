"""The files that a receipt carries. Only to be called for a file whose seal over the whole file is the institution's."""

from __future__ import annotations

import io

import pikepdf

from assessments.receipts.document import CLAIM_FILE
from assessments.receipts.rules import Claim, read_claim


def claim_of(content: bytes) -> Claim | None:
    """Return what a PDF claims about a log; None when it is not a receipt."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if CLAIM_FILE not in pdf.attachments:
                return None
            return read_claim(pdf.attachments[CLAIM_FILE].get_file().read_bytes())
    except pikepdf.PdfError:
        return None
