"""Reads for new wordings: what stands now, and which versions are the same question in other words."""

from __future__ import annotations

from sqlalchemy import select

from assessments.items.models import Item, ItemVersion
from assessments.items.rules import texts_of
from assessments.repair.queries import list_chain
from lms.db import session


def get_newest(item: Item) -> ItemVersion:
    """Return the newest version of an item; every item has one."""
    query = select(ItemVersion).where(ItemVersion.item_id == item.id).order_by(ItemVersion.number.desc()).limit(1)
    return session.scalars(query).one()


def find_version(item: Item, number: int | None) -> ItemVersion | None:
    """Return the version of an item with this number."""
    return session.scalar(select(ItemVersion).where(ItemVersion.item_id == item.id, ItemVersion.number == number))


def list_earlier(newest: ItemVersion) -> list[ItemVersion]:
    """Return the versions in whose place a version came by repairs and new wordings, and whose texts it can have again.

    Not those before an import: an answer may stand at another place there.
    """
    names = texts_of(newest.type, newest.definition).keys()
    earlier = [link.from_version for link in list_chain(newest)]
    return [one for one in earlier if texts_of(one.type, one.definition).keys() == names]


def list_earlier_wordings(newest: ItemVersion) -> set[int]:
    """Return the numbers of the earlier versions whose wording can be taken up again, since it is another one."""
    standing = texts_of(newest.type, newest.definition)
    return {one.number for one in list_earlier(newest) if texts_of(one.type, one.definition) != standing}
