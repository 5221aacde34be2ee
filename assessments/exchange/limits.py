"""How much a file may hold, so that reading it is work that ends: what is more is refused by name and never tried.

Reading is linear in a text's length; what costs are signs that mean something to Markdown or HTML. They are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from assessments.exchange.reasons import NotTaken, Unreadable, Why, shortened
from assessments.items.rules import MAX_TEXT

#: A text as it lies in a file, with all its HTML; what is made of it has the limit of every text (see items/rules.py).
MAX_SOURCE = 10 * MAX_TEXT
#: Signs of one text, and of all texts of a file. A question of a page's length has some dozens.
MAX_MARKS = 2_000
MAX_FILE_MARKS = 200_000
MAX_QUESTIONS = 5_000
#: Answers, pairs or steps that are looked at before a type's own limit is.
MAX_PARTS = 200
MAX_TAGS = 50
MAX_TAG = 200
_MARKS = re.compile(r"[*_~`\[\]<&\\]")
_EMBEDDED = re.compile(r"data:image/[a-z+]{1,10};base64,[A-Za-z0-9+/=\s]*")


@dataclass
class Work:
    """How many signs were looked at in a file so far."""

    marks: int = 0


_work: ContextVar[Work | None] = ContextVar("work", default=None)


@contextmanager
def one_file() -> Iterator[Work]:
    """Count together what is read inside."""
    work = Work()
    token = _work.set(work)
    try:
        yield work
    finally:
        _work.reset(token)


def without_pictures(text: str) -> str:
    """Return a text without the pictures that are embedded in it: they are long, but only decoded."""
    return _EMBEDDED.sub("", text)


def weigh(text: str) -> None:
    """Count a text before it is turned into something else. Raises NotTaken when it, or the file, is too much.

    Pictures that are embedded in it do not count: they are only decoded.
    """
    bare = without_pictures(text)
    if len(bare) > MAX_SOURCE:
        raise NotTaken(Why.LONG_TEXT, length=len(bare), most=MAX_SOURCE, text=shortened(bare[:200], 40))
    marks = len(_MARKS.findall(bare))
    if marks > MAX_MARKS:
        raise NotTaken(Why.DENSE_TEXT, marks=marks, most=MAX_MARKS, text=shortened(bare[:200], 40))
    work = _work.get()
    if work is not None:
        if work.marks + marks > MAX_FILE_MARKS:
            raise NotTaken(Why.DENSE_FILE, most=MAX_FILE_MARKS)
        work.marks += marks


def check_count(count: int) -> None:
    """Refuse a file with too many questions, before any is read."""
    if count > MAX_QUESTIONS:
        raise Unreadable(Why.MANY_QUESTIONS, count=count, most=MAX_QUESTIONS)


def check_parts(count: int) -> None:
    """Refuse a question with too many answers, before any is read."""
    if count > MAX_PARTS:
        raise NotTaken(Why.MANY_ANSWERS, most=MAX_PARTS)


def check_tags(tags: list[str]) -> None:
    """Refuse more tags, or longer ones, than anybody reads."""
    if len(tags) > MAX_TAGS:
        raise NotTaken(Why.MANY_TAGS, most=MAX_TAGS)
    if too_long := next((tag for tag in tags if len(tag) > MAX_TAG), None):
        raise NotTaken(Why.LONG_TAG, tag=shortened(too_long[:200]), most=MAX_TAG)
