"""Files that are handed in as answers: checked, kept, and named by the answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage, MultiDict

from assessments.attempts.models import AttemptFile
from assessments.attempts.rules import MAX_UPLOADS
from assessments.items.interactions.file_upload import USUAL_MEGABYTES
from assessments.items.queries import Wording
from lms.db import session
from lms.files.actions import store_file
from lms.files.rules import MEGABYTE, FileReason, clean_name, file_problem, labels, media_type_of
from lms.sentences import Refusal
from lms.settings import current_config


def with_file(
    attempt_id: int,
    slot: int,
    version: Wording,
    standing: dict[str, Any] | None,
    field: str,
    form: MultiDict[str, str],
    files: Mapping[str, FileStorage],
    *,
    at: datetime,
) -> MultiDict[str, str]:
    """Return a form that names the file which then stands under ``field``, as the type ``file_upload`` reads it.

    That is the posted one, none when it is to be taken away, otherwise the one that stood before. Raises Refusal.
    """
    posted = files.get(f"{field}-file")
    named = standing["file"] if standing else None
    if posted is not None and posted.filename:
        # What the installation lets through is the limit where a question, written elsewhere, allows more.
        most = min(version.definition.get("max_megabytes", USUAL_MEGABYTES), current_config().upload_megabytes)
        posted.stream.seek(0)  # it is read again where the answer is decided again
        # One byte more than allowed is enough to refuse it.
        named = _take(attempt_id, slot, version, posted.filename, posted.stream.read(most * MEGABYTE + 1), most, at)
    elif form.get(f"{field}-remove"):
        named = None
    return MultiDict({field: json.dumps(named)} if named else {})


def _take(
    attempt_id: int, slot: int, version: Wording, filename: str, content: bytes, most: int, at: datetime
) -> dict[str, Any]:
    name, media_types = clean_name(filename), version.definition["media_types"]
    problem = file_problem(name, content, media_types, most)
    if problem:
        raise Refusal(problem, filename=name, most=most, kinds=labels(media_types))
    sha256 = hashlib.sha256(content).hexdigest()
    row = session.scalar(
        select(AttemptFile).where(
            AttemptFile.attempt_id == attempt_id,
            AttemptFile.slot == slot,
            AttemptFile.sha256 == sha256,
            AttemptFile.filename == name,
        )
    )
    if row is None:  # the same file sent twice, because an answer got lost, is one
        if _count(attempt_id, slot) >= MAX_UPLOADS:
            raise Refusal(FileReason.TOO_MANY, most=MAX_UPLOADS)
        stored = store_file(content, at=at)  # only now: a refusal keeps what the request has written so far
        row = AttemptFile(
            attempt_id=attempt_id,
            slot=slot,
            sha256=stored.sha256,
            filename=name,
            media_type=media_type_of(name) or "application/octet-stream",
            size=stored.size,
            uploaded_at=at,
        )
        session.add(row)
        session.flush()
    return {
        "id": row.id,
        "filename": row.filename,
        "media_type": row.media_type,
        "size": row.size,
        "sha256": row.sha256,
    }


def _count(attempt_id: int, slot: int) -> int:
    query = select(func.count()).where(AttemptFile.attempt_id == attempt_id, AttemptFile.slot == slot)
    return session.scalar(query) or 0
