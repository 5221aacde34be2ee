"""Take questions into the item bank."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import func, insert, select
from sqlalchemy.orm.attributes import set_committed_value

from assessments.items.models import Item, ItemVersion
from lms.db import session
from lms.people.models import Person

Row = TypeVar("Row", Item, ItemVersion)


def take_questions(
    course_id: int, questions: Sequence[dict[str, Any]], *, at: datetime, actor: Person | None
) -> list[ItemVersion]:
    """Take good questions into a course's bank and return their versions in the same order.

    A question that the bank has in just this wording and key keeps its version; a changed one gets the next number.
    """
    keys = list(dict.fromkeys(question["id"] for question in questions))
    items = {
        item.key: item for item in session.scalars(select(Item).where(Item.course_id == course_id, Item.key.in_(keys)))
    }
    standing = _newest_versions([item.id for item in items.values()])
    fresh = [{"course_id": course_id, "key": key, "created_at": at} for key in keys if key not in items]
    items |= {item.key: item for item in _insert(Item, fresh)}
    # The number and hash of each item's newest version, and the version: one that stands, or the place of a new row.
    newest: dict[int, tuple[int, str, ItemVersion | int]] = {
        item_id: (version.number, version.sha256, version) for item_id, version in standing.items()
    }
    rows: list[dict[str, Any]] = []
    taken: list[ItemVersion | int] = []
    for question in questions:
        definition = {key: value for key, value in question.items() if key not in {"id", "type"}}
        sha256 = content_hash(question["type"], definition)
        item_id = items[question["id"]].id
        number, before, place = newest.get(item_id, (0, "", 0))
        if before == sha256:
            taken.append(place)
            continue
        newest[item_id] = (number + 1, sha256, len(rows))
        taken.append(len(rows))
        rows.append(
            {
                "item_id": item_id,
                "number": number + 1,
                "type": question["type"],
                "definition": definition,
                "sha256": sha256,
                "created_at": at,
                "created_by_id": actor.id if actor else None,
            }
        )
    made = {(version.item_id, version.number): version for version in _insert(ItemVersion, rows)}
    by_id = {item.id: item for item in items.values()}
    for version in made.values():
        set_committed_value(version, "item", by_id[version.item_id])
    return [made[rows[one]["item_id"], rows[one]["number"]] if isinstance(one, int) else one for one in taken]


def _insert(table: type[Row], rows: list[dict[str, Any]]) -> list[Row]:
    """Write rows in one go, since thousands one by one would hold the database for long; return them in some order."""
    if not rows:
        return []
    return list(session.scalars(insert(table).returning(table), rows))


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
