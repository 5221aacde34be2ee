"""Keep what later verifiers need."""

from __future__ import annotations

from datetime import datetime

from certificates.credentials.keys import load_keys
from certificates.credentials.models import CredentialKey
from lms.db import session


def remember_keys(*, at: datetime) -> None:
    """Keep the public keys that credentials are signed with from now on; what is kept already stays as it is."""
    for name, jwk in load_keys().jwks.items():
        if session.get(CredentialKey, name) is None:
            session.add(CredentialKey(thumbprint=name, jwk=jwk, first_used_at=at))
    session.flush()
