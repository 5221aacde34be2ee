"""Keep what later verifiers need."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from certificates.credentials.keys import load_keys
from certificates.credentials.models import CredentialKey
from certificates.events import CohortConferred
from lms.db import session
from lms.institution.seal import SealError


def remember_keys(*, at: datetime) -> None:
    """Keep the public keys that credentials are signed with from now on; what is kept already stays as it is.

    Two that do so together both find it kept: the name is the key of the table. Raises SealError.
    """
    for name, jwk in load_keys().jwks.items():
        if session.get(CredentialKey, name) is not None:
            continue
        try:
            with session.begin_nested():
                session.add(CredentialKey(thumbprint=name, jwk=jwk, first_used_at=at))
                session.flush()
        except IntegrityError:
            pass  # somebody else kept it a moment ago


def remember_keys_in_use(conferred: CohortConferred) -> None:
    """Keep the keys when documents are issued. A seal that cannot be used now holds up their printing, not their issue."""
    with suppress(SealError):  # no credential can be signed either; a job keeps the keys when the seal is back
        remember_keys(at=conferred.at)
