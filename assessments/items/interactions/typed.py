"""Comparing what people type with what is accepted."""

from __future__ import annotations

import re
import unicodedata

MAX_TYPED = 500
#: Characters of any text of a question.
MAX_TEXT = 20_000
#: Characters of a long text: some forty pages.
MAX_WRITTEN = 100_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def tidy(text: str) -> str:
    """Return a typed text as it is kept: NFC, without control characters, spaces folded, cut at MAX_TYPED."""
    composed = unicodedata.normalize("NFC", text)
    printable = "".join(
        " " if character.isspace() else character
        for character in composed
        if character.isspace() or unicodedata.category(character) != "Cc"
    )
    return re.sub(r" +", " ", printable).strip()[:MAX_TYPED].rstrip()


def tidy_long(text: str) -> str:
    """Return a long text as it is kept: NFC, lines as written, without control characters, cut at MAX_WRITTEN."""
    return _CONTROL.sub("", unicodedata.normalize("NFC", with_plain_lines(text)))[:MAX_WRITTEN].rstrip()


def with_plain_lines(text: str) -> str:
    """Return a text whose lines all end alike; forms send two characters for an end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def count_words(text: str) -> int:
    """Return how many words a text has: runs without spaces that hold a letter or a digit."""
    return sum(1 for run in text.split() if any(map(str.isalnum, run)))


def accepts_everything(accepted: str) -> bool:
    """Say whether an accepted text has nothing but wildcards, so that every answer would be right."""
    return not tidy(accepted).replace("*", "").strip()


def lines(text: str) -> list[str]:
    """Return the accepted texts of a form, one a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def matches(typed: str, accepted: str, *, case_sensitive: bool, ignore_diacritics: bool) -> bool:
    """Say whether a typed text is the accepted one; ``*`` in the accepted text stands for any run of characters."""
    pattern, text = (_fold(tidy(part), case_sensitive, ignore_diacritics) for part in (accepted, typed))
    return _glob(pattern.split("*"), text)


def _glob(parts: list[str], text: str) -> bool:
    """Match without a regular expression, so that no pattern can take more than linear time."""
    if len(parts) == 1:
        return text == parts[0]
    first, *middle, last = parts
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    position, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return True


def _fold(text: str, case_sensitive: bool, ignore_diacritics: bool) -> str:
    if ignore_diacritics:
        # German spells an umlaut with an e where it has none; both spellings fold to the bare letter pair.
        for letter, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue"), ("ß", "ss")):
            text = text.replace(letter, pair)
        decomposed = unicodedata.normalize("NFD", text)
        text = "".join(character for character in decomposed if not unicodedata.combining(character))
        text = text.replace("ł", "l").replace("Ł", "L")
    return text if case_sensitive else text.casefold()
