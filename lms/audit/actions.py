"""Write the audit log."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import g, has_request_context, request
from sqlalchemy import delete, select

from lms.audit.models import AuditEntry
from lms.db import Base, name_of, session
from lms.people.models import Person


def record_audit(
    action: str, subject: Base | tuple[str, str | int], *, actor: Person | None, at: datetime, **details: Any
) -> AuditEntry:
    """Append who did what on what, inside the running transaction. ``details`` are plain JSON values, never secrets.

    Nor what somebody wrote, such as a reason: it may tell of people's health, stands in a row of its own where those
    concerned with it read it, and is erased there.
    ``action`` is a past participle with its noun (``certificate_issued``); ``subject`` a stored row or (type, id).
    """
    subject_type, subject_id = _named(subject)
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


def forget_detail(subject: Base, name: str) -> None:
    """Take a detail out of everything the log says about a row, because it was lawfully erased.

    That it happened, when, and who did it stays.
    """
    subject_type, subject_id = _named(subject)
    about = (AuditEntry.subject_type == subject_type, AuditEntry.subject_id == subject_id)
    for entry in session.scalars(select(AuditEntry).where(*about)):
        if name in entry.details:
            entry.details = {key: value for key, value in entry.details.items() if key != name}
    session.flush()


def forget_entries(actions: Collection[str], *, before: datetime) -> None:
    """Delete old entries of these actions, on which nobody's result depends."""
    session.execute(delete(AuditEntry).where(AuditEntry.action.in_(actions), AuditEntry.at < before))


def _named(subject: Base | tuple[str, str | int]) -> tuple[str, str]:
    if isinstance(subject, Base):
        kind, _colon, key = name_of(subject).partition(":")
        return kind, key
    return subject[0], str(subject[1])
