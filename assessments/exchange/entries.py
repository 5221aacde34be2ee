"""What was read: one entry for each question of a file, taken or refused, in the file's order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from assessments.exchange.reasons import NotTaken, Why, shortened
from lms.sentences import Sentence

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Entry:
    """A question of a file. ``question`` is as FORMAT.md describes it (``id`` is given later), or None with a ``reason``.

    ``type`` is our name for the type, or the format's own where we have none. ``identifier`` is what the file itself
    calls the question for good; empty where it has only a name.
    """

    name: str
    type: str
    question: dict[str, Any] | None
    reason: Sentence | None = None
    identifier: str = ""
    #: The pictures that the question shows, by address (see pictures.py).
    media: dict[str, bytes] = field(default_factory=dict)
    #: What is said of a question that is taken.
    note: Sentence | None = None

    @property
    def taken(self) -> bool:
        """Say whether the question can be taken."""
        return self.question is not None


def read_entry(name: str, type_name: str, identifier: str, read: Callable[[], dict[str, Any]]) -> Entry:
    """Return what ``read`` makes of a question, or the refusal that it raises."""
    try:
        question = read()
    except NotTaken as refused:
        return Entry(name, type_name, None, refused.sentence, identifier)
    except (ArithmeticError, LookupError, ValueError, RecursionError) as error:
        # A number that is none, an attribute that is missing: whatever a broken question holds, only it is refused.
        broken = NotTaken(Why.BAD_VALUE, error=shortened(str(error) or type(error).__name__))
        return Entry(name, type_name, None, broken.sentence, identifier)
    return Entry(name or shortened(str(question.get("prompt", ""))), question["type"], question, None, identifier)
