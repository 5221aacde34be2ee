"""Read files."""

from __future__ import annotations

from sqlalchemy import select

from lms.db import session
from lms.files.models import StoredFile


def get_content(sha256: str) -> bytes:
    """Return the bytes under this SHA-256. Raises NoResultFound when there are none."""
    return session.execute(select(StoredFile.content).where(StoredFile.sha256 == sha256)).scalar_one()
