"""Which documents can share a layout: those in one script whose HTML differs only in texts, addresses and metadata."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lms.printing.manuscripts import Manuscript

_TAG = re.compile(r"(<[^>]*>)")
_FREE_VALUE = re.compile(r'(?<= )(alt|content|href)="([^"]*)"')
_BLANK = " \t\n\r\f"
#: Letters outside of the blocks of Latin letters, marks, punctuation and symbols.
_OTHER_SCRIPT = re.compile("[\u0370-\u1dff\u1f00-\u1fff\u2c00-\U0010ffff]")
_WHITE_SPACE = re.compile(f"[{_BLANK}]+")


@dataclass(frozen=True)
class Reading:
    """A manuscript's HTML taken apart: the texts that are not blank, the free values of its tags, and all the rest."""

    rest: str
    texts: tuple[str, ...]
    values: tuple[str, ...]


def read(source: str) -> Reading:
    """Take HTML apart; the texts and values come in the order of the source, without entities."""
    texts: list[str] = []
    values: list[str] = []

    rest = []
    for number, piece in enumerate(_TAG.split(source)):
        if number % 2:
            tag, own = _read_tag(piece)
            rest.append(tag)
            values += own
        elif piece.strip(_BLANK):
            texts.append(html.unescape(piece))
            rest.append("\0")
    return Reading("".join(rest), tuple(texts), tuple(values))


@lru_cache(maxsize=1 << 12)  # nearly all tags of a document stand in every other one
def _read_tag(tag: str) -> tuple[str, tuple[str, ...]]:
    """Return a tag without its free values, and these."""
    return _FREE_VALUE.sub(r'\1=""', tag), tuple(html.unescape(found[2]) for found in _FREE_VALUE.finditer(tag))


@dataclass
class Member:
    """One document of a family; ``boxes``, ``operators`` and ``changes`` are what it puts into a forme."""

    number: int
    manuscript: Manuscript
    reading: Reading
    boxes: list[Any] = field(default_factory=list)
    operators: dict[tuple[str, int], bytes] = field(default_factory=dict)
    changes: dict[bytes, bytes] = field(default_factory=dict)


def families(manuscripts: Sequence[Manuscript]) -> list[list[Member]]:
    """Return the manuscripts with their numbers, those that can share a layout together."""
    found: dict[object, list[Member]] = defaultdict(list)
    for number, one in enumerate(manuscripts):
        reading = read(one.html)
        key = (
            reading.rest, len(reading.values), one.css, tuple(sorted(one.files)), one.at, len(one.attached), bool(one.note),
            _scripts(reading.texts),
        )  # fmt: skip
        found[key].append(Member(number, one, reading))
    return list(found.values())


def _scripts(texts: Sequence[str]) -> frozenset[str]:
    """Return the scripts other than Latin that texts are written in, as Unicode names them.

    A family's fonts carry the letters of all its documents. Without this, a few names in Greek and Cyrillic would make
    every document of a cohort larger.
    """
    return frozenset(unicodedata.name(letter, "").partition(" ")[0] for letter in _OTHER_SCRIPT.findall("".join(texts)))


def collapsed(text: str) -> str:
    """Return a text as it is printed: white space counts as one space, and none at the ends."""
    return _WHITE_SPACE.sub(" ", text).strip(" ")


def differing(sequences: Sequence[Sequence[str]]) -> set[int]:
    """Return the positions at which sequences of the same length differ."""
    return {number for number, values in enumerate(zip(*sequences, strict=True)) if len(set(values)) > 1}
