"""Reads about the audit log."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lms.audit.models import AuditEntry
from lms.audit.rules import EVERYTHING, ROUTINE
from lms.db import session
from lms.events import NamesAsked, publish
from lms.people.models import Person
from lms.sentences import Sentence

PAGE = 50


def list_entries(*, action: str, person: str, page: int) -> tuple[list[AuditEntry], int]:
    """Return one page of the log, the newest first, and how many entries there are in all.

    Without an action the routine ones are left out; EVERYTHING asks for these as well.
    """
    query = select(AuditEntry).outerjoin(AuditEntry.actor)
    if not action:
        query = query.where(AuditEntry.action.not_in(ROUTINE))
    elif action != EVERYTHING:
        query = query.where(AuditEntry.action == action)
    if person:
        like = f"%{person.strip().lower()}%"
        query = query.where(Person.email.like(like) | func.lower(Person.family_name).like(like))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = query.options(joinedload(AuditEntry.actor)).order_by(AuditEntry.id.desc())
    return list(session.scalars(query.limit(PAGE).offset((page - 1) * PAGE))), total


def find_names(entries: Sequence[AuditEntry]) -> dict[tuple[str, int], Sentence | str]:
    """Return what the rows that entries name by number are called now, by detail and number, as far as a room knows them."""
    rows = {(name, value) for entry in entries for name, value in entry.details.items() if isinstance(value, int)}
    return {row: called for answer in publish(NamesAsked(rows)) for row, called in answer.items()}


def list_actions() -> list[str]:
    """Return the actions that occur."""
    return list(session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)))
