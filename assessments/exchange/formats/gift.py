"""GIFT: text with ``=``, ``~`` and ``#`` in braces, as Moodle reads and writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assessments.exchange import making
from assessments.exchange.decoding import decode
from assessments.exchange.entries import Entry, read_entry
from assessments.exchange.formats.gift_writing import write
from assessments.exchange.limits import check_count, check_parts, without_pictures
from assessments.exchange.making import Given
from assessments.exchange.reasons import NotTaken, Unreadable, Why, shortened
from assessments.exchange.texts import FORMATS, Text
from assessments.items.rules import MAX_TEXT
from lms.sentences import Sentence

__all__ = ["parse", "write"]

#: An escaped character stands as a control character, which no text has, until the marks are read.
_ESCAPES = {"\\": "\x01", ":": "\x02", "#": "\x03", "=": "\x04", "{": "\x05", "}": "\x06", "~": "\x07", "n": "\x08"}
_BACK = {value: "\n" if key == "n" else key for key, value in _ESCAPES.items()}
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d*)?)%")
_META = re.compile(r"\[(id|tag):")
_TRUE_FALSE = {"T": True, "TRUE": True, "F": False, "FALSE": False}
#: All texts of a question together; what is longer has lost its end.
MAX_BLOCK = 25 * MAX_TEXT
_TOPS = frozenset({"", "top", "$course$", "$module$", "$system$", "$cat$"})


@dataclass(frozen=True)
class _Block:
    line: int
    text: str
    categories: list[str]
    identifiers: list[str]
    tags: list[str]

    @property
    def identifier(self) -> str:
        """The first that a comment gives it."""
        return next(iter(self.identifiers), "")


def parse(content: bytes) -> list[Entry]:
    """Return every question of the file. Raises Unreadable."""
    text = decode(content)
    blocks = list(_blocks(text))
    check_count(len(blocks))
    entries = [_entry(block) for block in blocks]
    if not entries:
        raise Unreadable(Why.NO_QUESTIONS, line=text.count("\n") + 1)
    return entries


def category_tags(path: str) -> list[str]:
    """Return the names in a category's path as tags; a doubled slash stands for one inside a name."""
    names = [name.replace("\x00", "/").strip() for name in path.replace("//", "\x00").split("/")]
    return [name for name in names if name.casefold() not in _TOPS]


def _blocks(text: str) -> Iterator[_Block]:
    """Yield what stands between empty lines, with the category that holds there.

    A line that begins with the next question's name ends a question as well, where that has all its braces: people leave
    the empty line out.
    """
    categories: list[str] = []
    lines: list[str] = []
    notes: list[str] = []
    later: list[str] = []
    start = opened = closed = 0

    def block() -> _Block | None:
        joined = "\n".join(lines).strip()
        found = [entry for note in notes for entry in _meta(note)]
        identifiers = list(dict.fromkeys(value for kind, value in found if kind == "id"))
        tags = [value for kind, value in found if kind == "tag"]
        return _Block(start, joined, list(categories), identifiers, tags) if joined else None

    for number, line in enumerate([*text.split("\n"), ""], start=1):
        bare = line.strip()
        category = re.match(r"\$CATEGORY:(.*)", bare)
        ends, whole = not bare or category, 0 < opened == closed
        if ends or (whole and bare.startswith("::")):
            if ends:
                notes, later = notes + later, []
            if made := block():
                yield made
            lines, notes, later = [], later, []
            opened = closed = 0
        if ends:
            if category:
                categories = category_tags(_plain(_escaped(category[1])))
        elif bare.startswith("//"):
            (later if whole else notes).append(bare)
        else:
            if not lines:
                start = number
            lines.append(line)
            marks = _escaped(line)
            opened, closed = opened + marks.count("{"), closed + marks.count("}")


def _meta(note: str) -> Iterator[tuple[str, str]]:
    """Yield what a comment says in brackets: ``[id:x]`` and ``[tag:y]``, where ``\\]`` is a bracket in a name."""
    at = 0
    while found := _META.search(note, at):
        end = found.end()
        while (end := note.find("]", end)) >= 0 and note[end - 1] == "\\":
            end += 1
        if end < 0:
            return
        if end > found.end():
            yield found[1], note[found.end() : end].replace("\\]", "]")
        at = end + 1


def _escaped(text: str) -> str:
    return re.sub(r"\\([\\:#={}~n])", lambda found: _ESCAPES[found[1]], text)


def _plain(text: str) -> str:
    return "".join(_BACK.get(letter, letter) for letter in text)


def _entry(block: _Block) -> Entry:
    length = len(without_pictures(_plain(_escaped(block.text))))
    if length > MAX_BLOCK:
        values = {"length": length, "most": MAX_BLOCK, "text": shortened(block.text[:200])}
        return Entry(shortened(block.text[:200]), "", None, Sentence(Why.LONG_TEXT.text, values), block.identifier)
    text = _escaped(block.text)
    name = ""
    if text.startswith("::"):
        title, separator, rest = text[2:].partition("::")
        if separator:
            name, text = " ".join(_plain(title).split()), rest.strip()
    begin, end = text.find("{"), text.find("}")
    shown = name or shortened(re.sub(r"^\[\w+\]", "", _plain(text if begin < 0 else text[:begin]).strip()))
    if begin < 0 and end < 0:
        return Entry(shown, "description", None, Sentence(Why.DESCRIPTION.text, {}), block.identifier)
    inner = text[begin + 1 : end].strip() if 0 <= begin < end else ""
    kind = _kind(inner if end > begin else text[begin + 1 :].strip())

    def read() -> dict[str, Any]:
        line = block.line + block.text.count("\n", 0, max(block.text.find("{"), 0))
        if begin < 0 or 0 <= end < begin:
            raise NotTaken(Why.NO_OPENING_BRACE, line=line)
        if end < 0 or "{" in inner:
            raise NotTaken(Why.NO_CLOSING_BRACE, line=line)
        if len(block.identifiers) > 1:
            raise NotTaken(Why.PART_TWICE, part="id")
        after = text[end + 1 :]
        if "{" in after or "}" in after:
            raise NotTaken(Why.UNKNOWN_PART, part=shortened(_plain(after)))
        prompt = text[:begin] + ("_____" + after if after.strip() else "")
        return _question(block, prompt, inner, kind)

    return read_entry(shown, kind, block.identifier, read)


def _kind(inner: str) -> str:
    bare = inner.partition("####")[0].strip()
    if not bare:
        return "essay"
    if bare.startswith("#"):
        return "numerical"
    if "~" in bare:
        return "single_choice" if "=" in bare else "multiple_choice"
    if "=" in bare and "->" in bare:
        return "matching"
    return "true_false" if bare.partition("#")[0].strip() in _TRUE_FALSE else "short_text"


def _question(block: _Block, prompt_text: str, inner: str, kind: str) -> dict[str, Any]:
    answers, separator, general = inner.rpartition("####")
    if not separator:
        answers, general = inner, ""
    prompt = _text(prompt_text, "moodle")
    explanation = _text(general, prompt.format)
    made = _READERS[kind](answers.strip(), prompt.format)
    return making.question(prompt.block(), made, explanation=explanation.block(), tags=[*block.categories, *block.tags])


def _text(raw: str, usual: str) -> Text:
    """Return a text with the format that may stand in brackets before it."""
    raw = raw.strip()
    found = re.match(r"\[(\w+)\]", raw)
    if found and found[1] in FORMATS:
        return Text(_plain(raw[found.end() :].strip()), FORMATS[found[1]])
    return Text(_plain(raw), usual)


def _parts(answers: str, marks: str) -> list[tuple[str, str]]:
    """Split answers at their marks: (mark, rest)."""
    pieces = re.split(f"([{marks}])", answers)
    if pieces[0].strip():
        raise NotTaken(Why.TEXT_BEFORE_ANSWERS, text=shortened(_plain(pieces[0])))
    check_parts(len(pieces) // 2)
    return list(zip(pieces[1::2], pieces[2::2], strict=True))


def _weight(mark: str, rest: str) -> tuple[making.Number, str]:
    rest = rest.strip()
    found = _WEIGHT.match(rest)
    if found:
        return making.percentage(found[1]), rest[found.end() :]
    return (100 if mark == "=" else 0), rest


def _choice(answers: str, usual: str) -> dict[str, Any]:
    given = []
    parts = _parts(answers, "=~")
    for mark, rest in parts:
        percent, body = _weight(mark, rest)
        text, _hash, feedback = body.partition("#")
        given.append(Given(_text(text, usual).inline(), percent, _text(feedback, usual).inline()))
    return making.choice(given, single=any(mark == "=" for mark, _rest in parts))


def _short_text(answers: str, usual: str) -> dict[str, Any]:
    given = []
    for mark, rest in _parts(answers, "="):
        percent, body = _weight(mark, rest)
        text, _mark, feedback = body.partition("#")
        given.append(Given(_text(text, "plain").text, percent, _text(feedback, usual).inline()))
    return making.short_text(given, case_sensitive=False)


def _numerical(answers: str, usual: str) -> dict[str, Any]:
    # The first number may stand without its mark.
    body = answers[1:].strip()
    parts = _parts(body if body[:1] in {"=", "~"} else f"={body}", "=~")
    given = []
    for mark, rest in parts:
        percent, text = _weight(mark, rest)
        value, _mark, feedback = text.partition("#")
        middle, tolerance = _number(_plain(value).strip())
        given.append(Given(middle or "*", percent, _text(feedback, usual).inline(), tolerance))
    return making.numerical(given)


def _number(text: str) -> tuple[str, str]:
    if ".." in text:
        low, _dots, high = text.partition("..")
        return making.from_range(low, high)
    # The colon of a tolerance is not escaped, unlike others.
    value, _colon, tolerance = text.partition(":")
    return value.strip(), tolerance.strip() or "0"


def _matching(answers: str, usual: str) -> dict[str, Any]:
    pairs = []
    for _mark, rest in _parts(answers, "="):
        left, arrow, right = rest.partition("->")
        if not arrow:
            raise NotTaken(Why.NO_ARROW, text=shortened(_plain(rest)))
        pairs.append((_text(left, usual).inline(), _plain(right.strip())))
    return making.matching(pairs)


def _true_false(answers: str, usual: str) -> dict[str, Any]:
    key, *feedback = answers.split("#", 2)
    correct = _TRUE_FALSE[key.strip()]
    wrong, right = (_text(part, usual).inline() for part in (*feedback, "", "")[:2])
    return making.true_false(
        correct=correct, when_true=right if correct else wrong, when_false=wrong if correct else right
    )


def _essay(_answers: str, _usual: str) -> dict[str, Any]:
    return {"type": "essay"}


_READERS = {
    "essay": _essay,
    "numerical": _numerical,
    "single_choice": _choice,
    "multiple_choice": _choice,
    "matching": _matching,
    "true_false": _true_false,
    "short_text": _short_text,
}
