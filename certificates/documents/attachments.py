"""What a document's file carries beside its pages."""

from __future__ import annotations

from collections.abc import Sequence

from certificates.conferral.models import Certificate
from certificates.credentials.issuing import credential_jwt
from lms.printing.rendering import AttachedFile


def list_attachments(certificate: Certificate) -> Sequence[AttachedFile]:
    """Return the files that a certificate's PDF carries: its credential. Raises SealError."""
    return [AttachedFile("credential.jwt", credential_jwt(certificate).encode(), "Open Badges 3.0")]
