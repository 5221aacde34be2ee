"""Keep and fetch files."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from lms.db import session
from lms.files.models import StoredFile


def store_file(content: bytes, *, at: datetime) -> StoredFile:
    """Keep these bytes under their SHA-256; bytes that are there already are not kept twice."""
    sha256 = hashlib.sha256(content).hexdigest()
    stored = session.get(StoredFile, sha256)
    if stored is None:
        stored = StoredFile(sha256=sha256, size=len(content), content=content, stored_at=at)
        session.add(stored)
        session.flush()
    return stored


def forget_file(sha256: str) -> bool:
    """Delete the bytes under this SHA-256; return False when somebody else still refers to the same bytes."""
    try:
        with session.begin_nested():
            session.execute(delete(StoredFile).where(StoredFile.sha256 == sha256))
    except IntegrityError:
        return False
    return True
