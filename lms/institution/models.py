"""The certificates that the institution's documents have been sealed with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class SealCertificate(Base):
    """A certificate that sealed a document once. Kept for ever: what an older key has sealed stays the institution's."""

    __tablename__ = "seal_certificates"

    #: The SHA-256 of the certificate (DER), in hex.
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    subject: Mapped[str] = mapped_column(Text)
    is_development: Mapped[bool]
    #: The certificate in PEM, and those of its issuers as far as the key's file held them.
    chain_pem: Mapped[str] = mapped_column(Text)
    first_used_at: Mapped[datetime]
