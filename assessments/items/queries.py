"""Reads about items."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from assessments.items.models import ItemRepair, ItemVersion
from assessments.items.rules import WORDING
from lms.db import session

_VERSIONS = select(ItemVersion).where(ItemVersion.id.in_(bindparam("ids", expanding=True)))


def get_item_versions(ids: Collection[int]) -> dict[int, ItemVersion]:
    """Return item versions by their id."""
    return {version.id: version for version in session.scalars(_VERSIONS, {"ids": list(ids)})}


class Wording(NamedTuple):
    """What an answer is read and scored by: a version's type and definition."""

    type: str
    definition: dict[str, Any]


_TABLE = ItemVersion.__table__.c
# Read with every saved answer and every scoring: of columns, since all else about a version is of no use there.
_WORDINGS = select(_TABLE.id, _TABLE.type, _TABLE.definition).where(_TABLE.id.in_(bindparam("ids", expanding=True)))


def get_wordings(version_ids: Collection[int]) -> dict[int, Wording]:
    """Return what answers to item versions are read and scored by, by their id."""
    rows = session.execute(_WORDINGS, {"ids": list(version_ids)})
    return {version_id: Wording(type_, definition) for version_id, type_, definition in rows}


_ITEMS = select(_TABLE.item_id).where(_TABLE.id.in_(bindparam("ids", expanding=True)))


def list_items_of(version_ids: Collection[int]) -> set[int]:
    """Return whose versions these are: the ids of items."""
    return set(session.scalars(_ITEMS, {"ids": list(version_ids)}))


def list_repairs(item_ids: Collection[int]) -> list[ItemRepair]:
    """Return the repairs of items, the oldest first."""
    query = (
        select(ItemRepair)
        .join(ItemVersion, ItemVersion.id == ItemRepair.from_version_id)
        .where(ItemVersion.item_id.in_(item_ids))
        .order_by(ItemRepair.id)
    )
    return list(session.scalars(query))


def get_repairs(ids: Collection[int]) -> list[ItemRepair]:
    """Return these repairs; none for none, without asking."""
    return list(session.scalars(select(ItemRepair).where(ItemRepair.id.in_(ids)))) if ids else []


_SUCCESSORS = select(ItemRepair.from_version_id, ItemRepair.to_version_id, ItemRepair.kind).where(
    ItemRepair.from_version_id.in_(bindparam("ids", expanding=True))
)


def find_successors(version_ids: Collection[int]) -> dict[int, int]:
    """Return which of these versions were repaired, and by which version in the end.

    A new wording alone leaves answers as they are; one that was repaired since then is the repaired one for them too.
    """
    links = _links(version_ids)
    found = {}
    for version_id in version_ids:
        present = version_id
        while present in links:
            present, kind = links[present]
            if kind != WORDING:
                found[version_id] = present
    return found


def find_present(version_id: int) -> int:
    """Return the version that stands in the place of this one, by repairs and new wordings; itself if none does."""
    return find_all_present([version_id])[version_id]


def find_all_present(version_ids: Collection[int]) -> dict[int, int]:
    """Return for each of these versions the one that stands in its place, by repairs and new wordings, or itself."""
    links, found = _links(version_ids), {}
    for version_id in version_ids:
        present = version_id
        while present in links:
            present, _kind = links[present]
        found[version_id] = present
    return found


def _links(version_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """Return which version came in the place of which one and how, from these on; a query for each generation."""
    links: dict[int, tuple[int, str]] = {}
    wanted = set(version_ids)
    while wanted:
        rows = session.execute(_SUCCESSORS, {"ids": list(wanted)}).all()
        links |= {row.from_version_id: (row.to_version_id, row.kind) for row in rows}
        wanted = {row.to_version_id for row in rows}
    return links
