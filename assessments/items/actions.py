"""Take questions into the item bank."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from assessments.items.models import Item, ItemVersion
from lms.db import session
from lms.people.models import Person


def take_questions(
    course_id: int, questions: Sequence[dict[str, Any]], *, at: datetime, actor: Person | None
) -> list[ItemVersion]:
    """Take good questions into a course's bank and return their versions in the same order.

    A question that the bank has in just this wording and key keeps its version; a changed one gets the next number.
    """
    keys = [question["id"] for question in questions]
    items = {
        item.key: item for item in session.scalars(select(Item).where(Item.course_id == course_id, Item.key.in_(keys)))
    }
    newest = _newest_versions([item.id for item in items.values()])
    for key in dict.fromkeys(keys):
        if key not in items:
            items[key] = Item(course_id=course_id, key=key, created_at=at)
            session.add(items[key])
    session.flush()
    taken = []
    for question in questions:
        definition = {key: value for key, value in question.items() if key not in {"id", "type"}}
        sha256 = content_hash(question["type"], definition)
        item = items[question["id"]]
        latest = newest.get(item.id)
        if latest is None or latest.sha256 != sha256:
            latest = ItemVersion(
                item=item,
                number=latest.number + 1 if latest else 1,
                type=question["type"],
                definition=definition,
                sha256=sha256,
                created_at=at,
                created_by_id=actor.id if actor else None,
            )
            newest[item.id] = latest
            session.add(latest)
        taken.append(latest)
    session.flush()
    return taken


def content_hash(type_name: str, definition: dict[str, Any]) -> str:
    """Return the SHA-256 over a question's type and definition as canonical JSON."""
    canonical = json.dumps([type_name, definition], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _newest_versions(item_ids: Sequence[int]) -> dict[int, ItemVersion]:
    newest = (
        select(ItemVersion.item_id, func.max(ItemVersion.number).label("number"))
        .where(ItemVersion.item_id.in_(item_ids))
        .group_by(ItemVersion.item_id)
        .subquery()
    )
    query = select(ItemVersion).join(
        newest, (ItemVersion.item_id == newest.c.item_id) & (ItemVersion.number == newest.c.number)
    )
    return {version.item_id: version for version in session.scalars(query)}
