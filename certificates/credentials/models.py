"""Which keys credentials have been signed with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class CredentialKey(Base):
    """A public key that a credential was signed with. Kept for ever: an old credential must find its key after a rotation."""

    __tablename__ = "credential_keys"

    #: RFC 7638 thumbprint of the key.
    thumbprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: The public key as a JWK (RFC 7517).
    jwk: Mapped[dict[str, Any]]
    first_used_at: Mapped[datetime]
