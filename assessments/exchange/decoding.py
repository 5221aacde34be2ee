"""From bytes to text: UTF-8 and UTF-16 with or without their mark, Windows-1252; and never by guessing away an error."""

from __future__ import annotations

import re

from assessments.exchange.reasons import Unreadable, Why

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED = re.compile(r"\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"'][^>]*\?>", re.ASCII)
#: What no text of a question file has: control characters other than tab and line ends.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_NAMES = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    # What calls itself Latin 1 is Windows-1252 in practice, as the WHATWG's encoding standard has it.
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
}


def decode(content: bytes) -> str:
    """Return a text file's text with line ends as LF. Raises Unreadable with the place of the first wrong byte."""
    if not content.strip():
        raise Unreadable(Why.EMPTY)
    marked = _by_mark(content)
    if marked is not None:
        return _checked(_strict(content[len(marked[0]) :], marked[1]))
    if guessed := _unmarked_utf16(content):
        return _checked(_strict(content, guessed))
    declared = _DECLARED.match(content[:300].decode("latin-1"))
    if declared:
        name = _NAMES.get(declared[1].lower())
        if name is None:
            raise Unreadable(Why.UNKNOWN_ENCODING, encoding=declared[1])
        if name.startswith("utf-16"):  # its bytes would have shown it
            raise Unreadable(Why.ENCODING, encoding=declared[1], at=0, line=1)
        return _checked(_strict(content, name))
    if content.lstrip().startswith(b"<?xml"):  # XML without an encoding is UTF-8, by its standard
        return _checked(_strict(content, "utf-8"))
    try:
        return _checked(content.decode("utf-8"))
    except UnicodeDecodeError:
        if _CONTROL.search(content.decode("latin-1")):
            raise _binary(content.decode("latin-1")) from None
        return _checked(_strict(content, "cp1252"))


def _by_mark(content: bytes) -> tuple[bytes, str] | None:
    return next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), None)


def _unmarked_utf16(content: bytes) -> str | None:
    """Tell UTF-16 by the zero bytes that Latin letters have in it: all on one side."""
    start = content[:2000]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = max(1, len(start) // 2)
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.05:
        return "utf-16-be"
    return None


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(Why.ENCODING, encoding=encoding.upper(), at=error.start, line=line) from None


def _checked(text: str) -> str:
    if found := _CONTROL.search(text):
        raise _binary(text, found.start())
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")


def _binary(text: str, at: int | None = None) -> Unreadable:
    if at is None:
        found = _CONTROL.search(text)
        at = found.start() if found else 0
    return Unreadable(Why.BINARY, at=at, line=text.count("\n", 0, at) + 1)
