"""Write the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import g, has_request_context, request

from lms.audit.models import AuditEntry
from lms.db import Base, session
from lms.people.models import Person


def record_audit(
    action: str, subject: Base | tuple[str, str | int], *, actor: Person | None, at: datetime, **details: Any
) -> AuditEntry:
    """Append who did what on what, inside the running transaction. ``details`` are plain JSON values, never secrets.

    ``action`` is a past participle with its noun (``certificate_issued``); ``subject`` a stored row or (type, id).
    """
    if isinstance(subject, Base):
        session.flush()  # a new row gets its key here
        key = ",".join(str(part) for part in subject.__mapper__.primary_key_from_instance(subject))
        subject_type, subject_id = subject.__tablename__, key
    else:
        subject_type, subject_id = subject[0], str(subject[1])
    entry = AuditEntry(
        at=at,
        actor_id=actor.id if actor else None,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        details=details,
        address=request.remote_addr if has_request_context() else None,
        request_id=g.get("request_id") if has_request_context() else None,
    )
    session.add(entry)
    return entry
