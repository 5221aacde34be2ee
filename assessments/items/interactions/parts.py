"""What a response consists of, in words: for statistics, receipts and the log that staff read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lms.sentences import Sentence


@dataclass(frozen=True)
class KeyProblem:
    """What is wrong with a key that was entered. ``field`` names the control of its form that is at fault."""

    field: str
    said: Sentence


#: A definition with another key, and what is wrong with that key.
Mended = tuple[dict[str, Any], list[KeyProblem]]


@dataclass(frozen=True)
class Part:
    """One thing that was chosen or typed. ``right`` says whether it alone is right; None where a person must judge."""

    text: str
    right: bool | None
    #: What pages say instead of ``text``, marked by N_; empty where the text is somebody's own.
    said: str = ""


def in_order(parts: list[Part], order: Sequence[int] | None) -> list[Part]:
    """Return parts in the order of an attempt; without one as the author wrote them."""
    return parts if order is None else [parts[position] for position in order]
