"""What a document's file carries beside its pages."""

from __future__ import annotations

from collections.abc import Sequence

from certificates.conferral.models import Certificate
from lms.printing.rendering import AttachedFile


def list_attachments(_certificate: Certificate) -> Sequence[AttachedFile]:
    """Return the files that a certificate's PDF carries."""
    return ()
