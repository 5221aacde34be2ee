"""New wordings in the archive of a course: what is exported says what is asked, and is otherwise as it was imported."""

from __future__ import annotations

import io
from typing import Any

import yaml
from sqlalchemy import select
from yaml.nodes import CollectionNode, Node, SequenceNode

from assessments.exchange.formats.archive_yaml import as_yaml
from assessments.items.models import ItemVersion
from assessments.items.rules import reword, texts_of
from assessments.quizzes.models import QuizItem
from courses.content.models import Activity
from courses.events import ArchiveAsked
from lms.db import session

Question = dict[str, Any]


def answer_archive(event: ArchiveAsked) -> dict[str, bytes]:
    """Return the files with questions that are asked in other words by now; keys and all else stay as the file has them."""
    asked = _list_asked(event.version.id)
    found = {}
    for path, content in event.files.items():
        if "/questions/" in path and path.endswith(".yaml"):
            new = reworded_file(content.decode(), asked)
            if new != content.decode():
                found[path] = new.encode()
    return found


def reworded_file(text: str, asked: dict[str, ItemVersion]) -> str:
    """Return a file of questions in the words of these versions, by key. Entries that say the same stay to the letter."""
    before: list[Question] = yaml.safe_load(text) or []
    wanted = [_reworded(question, asked.get(question["id"])) for question in before]
    whole = yaml.compose(text, yaml.SafeLoader)
    if wanted == before or not isinstance(whole, SequenceNode):
        return text
    new = text
    for node, old, question in reversed(list(zip(whole.value, before, wanted, strict=True))):
        if old != question:
            start, end = node.start_mark.index, _end(node)
            indent = " " * node.start_mark.column
            written = as_yaml(question).rstrip("\n").replace("\n", "\n" + indent)
            new = new[:start] + written + ("\n" if text[end - 1] == "\n" else "") + new[end:]
    # However somebody may have written the file: it must say just this.
    return new if _read(new) == wanted else as_yaml(wanted)


def _reworded(question: Question, version: ItemVersion | None) -> Question:
    if version is None:
        return question
    texts = texts_of(version.type, version.definition)
    same = texts.keys() == texts_of(question["type"], question).keys()
    return reword(question["type"], question, texts) if same else question


def _end(node: Node) -> int:
    """Return where a node's last letter stands; a block's own mark stands behind the comments that follow."""
    if isinstance(node, CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _read(text: str) -> Any:
    try:
        return yaml.safe_load(io.StringIO(text))
    except yaml.YAMLError:
        return None


def _list_asked(version_id: int) -> dict[str, ItemVersion]:
    query = (
        select(ItemVersion)
        .join(QuizItem, QuizItem.item_version_id == ItemVersion.id)
        .join(Activity, Activity.id == QuizItem.quiz_id)
        .where(Activity.version_id == version_id)
    )
    return {one.item.key: one for one in session.scalars(query)}
