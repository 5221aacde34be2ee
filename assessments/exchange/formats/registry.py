"""The formats: one module a format, all of one shape (see Format). Learn one, know all."""

from __future__ import annotations

import re
from typing import Any, Protocol

from assessments.exchange.decoding import decode
from assessments.exchange.entries import Entry
from assessments.exchange.formats import aiken, archive_yaml, gift, moodle_xml, qti
from assessments.exchange.formats.qti_package import is_zip
from assessments.exchange.reasons import Unreadable, Why
from assessments.exchange.written import Load, Written


class Reader(Protocol):
    """What every format can do."""

    def parse(self, content: bytes) -> list[Entry]:
        """Return an entry for each question of a file, in its order. Raises Unreadable, which says where."""


class Writer(Protocol):
    """What a format that is written can do."""

    def write(self, questions: list[dict[str, Any]], load: Load) -> Written:
        """Return a file with these questions, and by name those that the format cannot say."""


READERS: dict[str, Reader] = {"gift": gift, "moodle-xml": moodle_xml, "aiken": aiken, "qti": qti}
WRITERS: dict[str, Writer] = {"gift": gift, "moodle-xml": moodle_xml, "qti": qti, "yaml": archive_yaml}
#: What they are called in sentences and menus.
NAMES = {"gift": "GIFT", "moodle-xml": "Moodle XML", "aiken": "Aiken", "qti": "QTI", "yaml": "YAML"}


#: Items, and what belongs to QTI without being one: its reader says what it is.
_QTI_ROOTS = frozenset(
    {"assessmentItem", "qti-assessment-item", "questestinterop", "assessmentTest", "qti-assessment-test", "manifest"}
)


def guess_format(content: bytes) -> str:
    """Return the name of a file's format, told by its content. Raises Unreadable."""
    if is_zip(content):
        return "qti"
    text = decode(content)
    start = _after_comments(re.sub(r"\A\s*<\?xml[^<>]*\?>", "", text))
    if start.startswith("<"):
        root = re.match(r"<(?:[\w.-]+:)?([\w.-]+)", start)
        if root and root[1] in _QTI_ROOTS:
            return "qti"
        if start.startswith(("<?xml", "<!DOCTYPE", "<quiz")) or text.lstrip().startswith("<?xml"):
            return "moodle-xml"
    if re.search(r"^[ \t]*ANSWER:", text, re.MULTILINE) and re.search(r"^[ \t]*[A-Z][).]", text, re.MULTILINE):
        return "aiken"
    if re.search(r"(?<!\\)[{}]|^[ \t]*::|^[ \t]*//|^[ \t]*\$CATEGORY:", text, re.MULTILINE):
        return "gift"
    if re.search(r"^[ \t]*[A-Z][).][ \t]*\S", text, re.MULTILINE):
        return "aiken"
    raise Unreadable(Why.NO_FORMAT)


_SPACE = re.compile(r"\s*")


def _after_comments(text: str) -> str:
    """Return an XML text from its first element on."""
    at = 0
    while True:
        if space := _SPACE.match(text, at):
            at = space.end()
        end = text.find("-->", at) if text.startswith("<!--", at) else -1
        if end < 0:
            return text[at:]
        at = end + 3
