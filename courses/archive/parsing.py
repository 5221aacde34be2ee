"""Turn the text files of an archive into plain values that remember the lines they stood on."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.events import Event
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from courses.activity_kinds import ArchiveError
from lms.sentences import N_, Sentence, sentence

#: A place inside a document: the keys and indexes that lead there.
Place = tuple[str | int, ...]
#: Stands where something could not be read; what is wrong there was said already.
UNREAD = object()
MAX_DEPTH = 12
_BAD_YAML = N_("This is not valid YAML.")

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # without libyaml the same in pure Python
    from yaml import SafeLoader as Loader  # type: ignore[assignment]  # the same interface


@dataclass
class Document:
    """A parsed file: its data (``UNREAD`` as a whole or in parts), the line of each entry, and what was wrong."""

    path: str
    data: Any = UNREAD
    #: What of the data has the shape that it should have (``check_shape``).
    fitting: Any = None
    body: str = ""
    #: The line before the body's first one.
    body_offset: int = 0
    lines: dict[Place, int] = field(default_factory=dict)
    errors: list[ArchiveError] = field(default_factory=list)

    def line(self, place: Place) -> int | None:
        """Return the line of an entry, or of the nearest entry around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place)

    def refuse(self, text: Sentence, *, place: Place = (), line: int | None = None, quoted: str = "") -> None:
        """Note an error at an entry or line; ``quoted`` is what a library said to it."""
        self.errors.append(ArchiveError(self.path, line or self.line(place), text, quoted))


def decode(path: str, content: bytes) -> tuple[str, list[ArchiveError]]:
    """Return a file's text and what must not be in it: other than UTF-8, NUL, byte order mark, carriage returns.

    The text is without them and has its lines, so that what else is wrong with it is found as well.
    """
    errors = []
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        errors.append(ArchiveError(path, line, sentence(N_("This is not UTF-8. Save the file as UTF-8."))))
        text = content.decode("utf-8", errors="replace")
    for letter, problem in (
        ("\x00", N_("There is a NUL character in the text.")),
        ("\ufeff", N_("There is a byte order mark in the text. Save the file as UTF-8 without it.")),
        ("\r", N_("Lines must end with LF, not with CR LF.")),
    ):
        if letter in text:
            errors.append(ArchiveError(path, text[: text.index(letter)].count("\n") + 1, sentence(problem)))
            text = text.replace(letter, "")
    return text, errors


def parse_toml(path: str, content: bytes) -> Document:
    """Parse TOML. Duplicate keys are refused by the format itself."""
    document = Document(path)
    text, document.errors = decode(path, content)
    document.lines = _toml_lines(text)
    try:
        document.data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        # What is never closed ends with the file: it began where the last key that can be seen stands.
        line = int(found[1]) if found else max(document.lines.values(), default=1)
        document.refuse(sentence(N_("This is not valid TOML.")), line=line, quoted=re.sub(r" [(]at .*", "", str(error)))
    return document


def _toml_lines(text: str) -> dict[Place, int]:
    """Find where tables and keys stand; texts over several lines are skipped. Only messages depend on it."""
    lines: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    closing = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if closing:
            closing = "" if closing in line else closing
            continue
        stripped = line.strip()
        if header := re.fullmatch(r"(\[\[?)\s*([\w.\"-]+)\s*\]\]?\s*(#.*)?", stripped):
            names = [name.strip('"') for name in header[2].split(".")]
            table = (*_toml_table(names[:-1], counts), names[-1])
            if header[1] == "[[":
                index = counts.get(table, -1) + 1
                counts[table] = index
                table = (*table, index)
            lines.setdefault(table, number)
        elif key := re.match(r"([A-Za-z0-9_-]+|\"[^\"]+\")\s*=\s*(.*)", stripped):
            lines[(*table, key[1].strip('"'))] = number
            for quote in ('"""', "'''"):
                if key[2].count(quote) % 2:
                    closing = quote
    return lines


def _toml_table(names: list[str], counts: dict[Place, int]) -> Place:
    """Return the place of a table: below a list of tables, its last entry is meant."""
    place: Place = ()
    for name in names:
        place = (*place, name)
        if place in counts:
            place = (*place, counts[place])
    return place


def parse_yaml(path: str, content: bytes) -> Document:
    """Parse YAML, plain values only: no aliases, no tags, no duplicate keys."""
    document = Document(path)
    text, document.errors = decode(path, content)
    _parse_yaml_text(document, text, 0)
    return document


def parse_front_matter(path: str, content: bytes) -> Document:
    """Parse a Markdown file with YAML between ``---`` lines at its top; without them ``data`` is None."""
    document = Document(path)
    text, document.errors = decode(path, content)
    document.body = text
    if not text.startswith("---\n"):
        document.data = None
        return document
    head, mark, body = text[4:].partition("\n---\n")
    if not mark:
        document.refuse(sentence(N_("The front matter has no closing line ---.")), line=1)
    else:
        document.body = body
        document.body_offset = head.count("\n") + 3
        _parse_yaml_text(document, head, 1)
    return document


def _parse_yaml_text(document: Document, text: str, offset: int) -> None:
    try:
        forbidden = _forbidden_events(document, text, offset)
        if forbidden is None:
            return
        node = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        if isinstance(error, ComposerError) and re.search("alias|anchor", str(error)):
            return  # refused already, as every alias and every anchor
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 + offset if mark else 1
        document.refuse(sentence(_BAD_YAML), line=line, quoted=str(error.problem or error.context))
    except yaml.YAMLError as error:
        document.refuse(sentence(_BAD_YAML), line=1 + offset, quoted=" ".join(str(error).split()))
    else:
        document.data = None if node is None else _Builder(document, offset, forbidden).build(node, ())


def _forbidden_events(document: Document, text: str, offset: int) -> set[int] | None:
    """Refuse what makes YAML dangerous before anything is built from it; return where, or None when nothing can be."""
    forbidden = set()
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        line = (event.start_mark.line if event.start_mark else 0) + 1 + offset
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            text = N_("Anchors (&) and aliases (*) are not allowed. Put the text into quotation marks.")
            document.refuse(sentence(text), line=line)
            forbidden.add(_index(event))
        if getattr(event, "tag", None):
            document.refuse(sentence(N_("Tags (!) are not allowed. Put the text into quotation marks.")), line=line)
            forbidden.add(_index(event))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                text = N_("Lists and entries are nested more than %(most)s deep.")
                document.refuse(sentence(text, most=MAX_DEPTH), line=line)
                return None
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return forbidden


def _index(one: Event | Node) -> int:
    return one.start_mark.index if one.start_mark else 0


class _Builder:
    def __init__(self, document: Document, offset: int, forbidden: set[int]) -> None:
        self.document = document
        self.offset = offset
        self.forbidden = forbidden
        self.scalars = SafeConstructor()

    def build(self, node: Node, place: Place) -> Any:
        line = (node.start_mark.line if node.start_mark else 0) + 1 + self.offset
        self.document.lines.setdefault(place, line)
        if _index(node) in self.forbidden:  # and so what aliases repeat, which could be without end
            return UNREAD
        if isinstance(node, SequenceNode):
            return [self.build(child, (*place, index)) for index, child in enumerate(node.value)]
        if isinstance(node, MappingNode):
            return self._mapping(node, place)
        return self._scalar(node, line)

    def _mapping(self, node: MappingNode, place: Place) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = (key_node.start_mark.line if key_node.start_mark else 0) + 1 + self.offset
            key = key_node.value
            if not isinstance(key_node, ScalarNode):
                self.document.refuse(sentence(N_("A key must be a word.")), line=line)
            elif key in made:
                self.document.refuse(sentence(N_("The key “%(key)s” is there twice."), key=key), line=line)
            else:
                self.document.lines[(*place, key)] = line
                made[key] = self.build(value_node, (*place, key))
        return made

    def _scalar(self, node: Node, line: int) -> Any:
        try:
            value = self.scalars.construct_object(node)
        except (ConstructorError, ValueError) as error:
            quoted = " ".join(str(error).split())
            self.document.refuse(sentence(N_("This value cannot be read.")), line=line, quoted=quoted)
            return UNREAD
        if (isinstance(value, float) and value != value) or value in (float("inf"), float("-inf")):
            self.document.refuse(sentence(N_("This is not a number that can be used.")), line=line)
            return UNREAD
        return value
