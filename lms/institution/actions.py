"""Keep what the institution's documents were sealed with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from lms.db import session
from lms.institution.keys import Seal
from lms.institution.models import SealCertificate


def keep_seal_certificate(seal: Seal, *, at: datetime) -> str:
    """Keep the certificate of a seal that is in use, once, and return its fingerprint.

    Two that do so together both find it kept: the fingerprint is the key of the table.
    """
    if session.get(SealCertificate, seal.fingerprint) is None:
        try:
            with session.begin_nested():
                session.add(
                    SealCertificate(
                        fingerprint=seal.fingerprint,
                        subject=seal.subject,
                        is_development=seal.is_development,
                        chain_pem=seal.chain_pem,
                        first_used_at=at,
                    )
                )
                session.flush()
        except IntegrityError:
            pass  # somebody else kept it a moment ago
    return seal.fingerprint
