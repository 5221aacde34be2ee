"""What a question is called for good: its key in the bank, the same each time the same file is read."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from assessments.items.actions import content_hash

MAX_KEY = 80
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ł": "l", "ø": "o", "æ": "ae"})


def slug(text: str, most: int = MAX_KEY) -> str:
    """Return a text as a key: a-z, 0-9, dot, underscore and hyphen; perhaps nothing."""
    folded = unicodedata.normalize("NFD", text.casefold().translate(_GERMAN))
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9._-]+", "-", plain).strip("-._")[:most].rstrip("-._")


def key_for(identifier: str, name: str, question: dict[str, Any], taken: Mapping[str, dict[str, Any]]) -> str:
    """Return a question's key. What the file itself calls it for good is kept as it is, if it can be.

    A mere name is not enough, since two files may both begin with “Question 1”: the prompt's hash goes with it. Where
    another question of the file has the key already (``taken``), the whole question's hash makes it another one; the very
    same question gets the same key.
    """
    if identifier:
        key = identifier if _KEY.fullmatch(identifier) else slug(identifier)
        if not key or (key != identifier and not slug(identifier)):
            key = f"q-{_hash(identifier)}"
    else:
        begin = slug(name, 60)
        key = f"{begin}-{_hash(question['prompt'])}" if begin else f"q-{_hash(question['prompt'])}"
    if key in taken and taken[key] != question:
        definition = {name: value for name, value in question.items() if name not in {"id", "type"}}
        key = f"{key[:70]}-{content_hash(question['type'], definition)[:8]}"
    return key


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
