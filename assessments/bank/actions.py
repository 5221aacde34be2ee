"""Retire items and bring them back; their versions, results and statistics stay."""

from __future__ import annotations

from datetime import datetime

from assessments.items.models import Item
from lms.audit.actions import record_audit
from lms.db import lock, session
from lms.people.models import Person


def retire_item(item: Item, *, actor: Person, at: datetime) -> None:
    """Take an item out of use: lists and exports leave it out. Quizzes that have it go on. Doing it twice changes nothing."""
    lock(item)
    if item.retired_at is None:
        item.retired_at = at
        record_audit("item_retired", item, actor=actor, at=at, key=item.key)
        session.flush()


def restore_item(item: Item, *, actor: Person, at: datetime) -> None:
    """Bring a retired item back. Doing it twice changes nothing."""
    lock(item)
    if item.retired_at is not None:
        item.retired_at = None
        record_audit("item_restored", item, actor=actor, at=at, key=item.key)
        session.flush()
