"""Put a question in other words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from assessments.items.actions import content_hash
from assessments.items.models import Item, ItemVersion
from assessments.items.rules import list_wordings, question_problems, reword, texts_of
from assessments.repair.actions import put_in_place
from assessments.repair.rules import Kind
from assessments.wording.queries import get_newest
from assessments.wording.rules import WordingReason, is_overtaken, typed_texts
from lms.audit.actions import record_audit
from lms.db import lock
from lms.people.models import Person
from lms.sentences import Refusal, Sentence


def reword_item(
    item: Item, typed: Mapping[str, str], *, seen: ItemVersion, actor: Person, at: datetime
) -> ItemVersion | None:
    """Make a version of an item with these texts, by name, for attempts that begin from now on. Raises Refusal.

    Nothing that was answered is scored anew, and attempts that were asked an earlier version keep it. None when the
    question says all this already, so that pressing twice makes one version. The item is held; ``seen`` is the version that
    the page had shown: when somebody put the question in other words meanwhile, nothing is changed.
    """
    lock(item)
    old = get_newest(item)
    standing, before = texts_of(old.type, old.definition), texts_of(seen.type, seen.definition)
    texts = typed_texts(list_wordings(old.type, old.definition), typed)
    if is_overtaken(before, standing, texts):
        raise Refusal(WordingReason.OVERTAKEN)
    definition = reword(old.type, old.definition, texts)
    if definition == old.definition:
        return None
    known = _problems(old, old.definition)  # a repaired key can be one that no author could write
    broken = next((one for one in _problems(old, definition) if one not in known), None)
    if broken is not None:
        raise Refusal(WordingReason.BROKEN, problem=broken)
    new = ItemVersion(
        item_id=old.item_id, type=old.type, definition=definition, sha256=content_hash(old.type, definition)
    )
    put_in_place(old, new, Kind.WORDING, never_lower=False, reason="", actor=actor, at=at)
    record_audit("item_reworded", item, actor=actor, at=at, key=item.key, before=old.number, number=new.number)
    return new


def _problems(version: ItemVersion, definition: dict[str, object]) -> list[Sentence]:
    question = {"id": version.item.key, "type": version.type} | definition
    return question_problems(question, needs_explanation="explanation" in version.definition)
