"""The order of names in lists, the same on every database."""

from __future__ import annotations

import unicodedata

#: Letters that Unicode does not take apart into a letter and its accent.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def collation_key(text: str) -> str:
    """Return the text without case and accents, as dictionaries sort (DIN 5007-1: ä as a, ß as ss)."""
    apart = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(plain.translate(_LETTERS).split())
