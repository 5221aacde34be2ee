"""Read files."""

from __future__ import annotations

from sqlalchemy import select

from lms.db import session
from lms.files.models import StoredFile


def find_content(sha256: str | None) -> bytes | None:
    """Return the bytes under this SHA-256; None: there are none, or no longer."""
    return session.scalar(select(StoredFile.content).where(StoredFile.sha256 == sha256)) if sha256 else None


def get_content(sha256: str) -> bytes:
    """Return the bytes under this SHA-256. Raises NoResultFound when there are none."""
    return session.execute(select(StoredFile.content).where(StoredFile.sha256 == sha256)).scalar_one()
