"""Several people word one question at the same moment: one version, and the others are told."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from assessments.items.models import Item, ItemRepair, ItemVersion
from assessments.wording.actions import reword_item
from lms.db import session, transaction
from lms.people.models import Person
from lms.permissions import Role
from tests.cast import NOW
from tests.test_races import at_once, set_stage


def test_of_eight_at_once_one_is_taken(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        set_stage(1)
    numbers = iter(range(8))

    def word(text: str) -> int | None:
        item = session.scalars(select(Item).where(Item.key == "an-01")).one()
        seen = session.scalars(select(ItemVersion).where(ItemVersion.item_id == item.id, ItemVersion.number == 1)).one()
        actor = session.scalars(select(Person).where(Person.role_grants.any(role=Role.COORDINATOR.value))).one()
        made = reword_item(item, {"prompt": text}, seen=seen, actor=actor, at=NOW)
        return made.number if made else None

    assert sorted(at_once(own_app, 8, lambda: word(f"Wortlaut {next(numbers)}")), key=str) == [2, *["overtaken"] * 7]
    with own_app.app_context():
        [stands] = session.scalars(select(ItemVersion.definition).where(ItemVersion.number == 2)).all()
    assert at_once(own_app, 4, lambda: word(stands["prompt"])) == [None] * 4
    with own_app.app_context():
        assert session.scalar(select(func.count()).select_from(ItemRepair)) == 1
