"""Files as rows: they commit and roll back with everything else, and every machine has them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class StoredFile(Base):
    """Some bytes under their SHA-256 (hex); the same bytes are kept once. What a file is called, its user says."""

    __tablename__ = "stored_files"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    stored_at: Mapped[datetime]
