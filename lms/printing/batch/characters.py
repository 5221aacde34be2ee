"""Which texts are one glyph a character, wherever they stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import uharfbuzz

from lms.printing.rendering import print_fonts

_LETTERS_NUMBERS_PUNCTUATION_SYMBOLS_SPACES = "LNPSZ"
_RIGHT_TO_LEFT = ("R", "AL")


def are_simple(texts: Iterable[str]) -> bool:
    """Whether the print fonts have every character, and none combines with another or changes the direction.

    Only then does a glyph mean the same in every document of a batch, whose fonts are shared.
    """
    return all(map(_is_simple, set("".join(texts))))


@lru_cache(maxsize=4096)
def _is_simple(character: str) -> bool:
    if character in "\n\r\t":
        return True
    return (
        unicodedata.category(character)[0] in _LETTERS_NUMBERS_PUNCTUATION_SYMBOLS_SPACES
        and unicodedata.bidirectional(character) not in _RIGHT_TO_LEFT
        and ord(character) in _known()
    )


@lru_cache(maxsize=1)
def _known() -> frozenset[int]:
    return frozenset(code for font in print_fonts().values() for code in uharfbuzz.Face(font).unicodes)
