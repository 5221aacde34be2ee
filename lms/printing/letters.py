"""Which letters can be printed: what no print font has would come out as an empty box."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import uharfbuzz

from lms.printing.rendering import print_fonts


def unprintable_letters(text: str) -> str:
    """Return the letters of a text that no print font has, each once and in their order; empty: all can be printed.

    Letters with marks count as one where Unicode knows them as one (NFC), as the shaping does when it prints.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(dict.fromkeys(letter for letter in composed if ord(letter) not in printable_letters()))


@lru_cache(maxsize=1)
def printable_letters() -> frozenset[int]:
    """Return the code points that every weight of the fallback font can print."""
    weights = [name for name in print_fonts() if name.startswith("fallback-")]
    return frozenset.intersection(*(frozenset(uharfbuzz.Face(print_fonts()[name]).unicodes) for name in weights))
