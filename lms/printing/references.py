"""What the files of a document refer to, and where: found by reading them, before anything is printed.

Whatever it cannot read (a name that a template makes, an escape in CSS) the sandbox refuses when it is printed; here is
said by name and line what a person can mend.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urljoin

#: Addresses of a document's own files begin so; the host does not exist, and nothing is ever asked of a network.
BASE = "https://document.invalid/"
FONT_PREFIX = "font:"

#: Attributes whose address is loaded, whatever the element; ``href`` is loaded everywhere but in links to click on.
_LOADED = frozenset({"src", "data", "poster", "background", "href", "xlink:href", "srcset"})
_LINKS = frozenset({"a", "area"})
_CSS = re.compile(
    r"""/\*.*?\*/ | @namespace[^;]*; | @import\s+(?P<rule>"[^"]*"|'[^']*')
    | \burl\(\s*(?P<url>"[^"]*"|'[^']*'|[^)"'\s]*)\s*\) | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*'""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
#: What a template says instead of an address is known only when it is printed.
_MADE = re.compile(r"\{[{%]")
_REMARK = re.compile(r"\{#.*?#\}", re.DOTALL)


class Reference(NamedTuple):
    """An address as it is written in a file, and in which line."""

    file: str
    line: int
    address: str


def list_foreign(files: Mapping[str, bytes], *, fonts: Collection[str], given: Collection[str] = ()) -> list[Reference]:
    """Return what a layout's files would load that is not there: of somebody else, or missing.

    ``given`` are names of files that every document brings along; ``fonts`` those of the print fonts.
    """
    there = {BASE + name for name in (*files, *given)} | {FONT_PREFIX + name for name in fonts}
    return [
        one
        for name in sorted(files)
        for one in _references(name, files[name])
        if not one.address.startswith("#") and urljoin(BASE + name, one.address) not in there
    ]


def _references(name: str, content: bytes) -> Iterator[Reference]:
    ending = name.rpartition(".")[2].lower()
    if ending not in {"html", "css", "svg"}:
        return
    text = _REMARK.sub(lambda remark: "\n" * remark[0].count("\n"), content.decode("utf-8", "replace"))
    if ending == "css":
        found = _in_css(text, 1)
    else:
        reader = _Reader()
        reader.feed(text)
        reader.close()
        found = iter(reader.found)
    for line, address in found:
        plain = address.strip()
        if plain and not _MADE.search(plain):
            yield Reference(name, line, plain)


def _in_css(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    for match in _CSS.finditer(text):
        address = match["rule"] or match["url"]
        if address:
            yield first_line + text.count("\n", 0, match.start()), address.strip("\"'")


class _Reader(HTMLParser):
    """Notes the addresses of HTML and of pictures in SVG, whose elements and attributes are read in the same way."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a start tag loads."""
        self._in_style = tag == "style"
        line, named = self.getpos()[0], dict(attrs)
        clicked = tag in _LINKS and "attachment" not in (named.get("rel") or "")
        for name, value in attrs:
            if value is None:
                continue
            if name == "srcset":
                self.found += [(line, one.split()[0]) for one in re.split(r",\s+", value) if one.split()]
            elif name in _LOADED and not (clicked and name.endswith("href")):
                self.found.append((line, value))
            elif name not in _LOADED and "url(" in value.lower():
                self.found += [(line, address) for _line, address in _in_css(value, line)]

    def handle_endtag(self, tag: str) -> None:
        """Note where styles end."""
        if tag == "style":
            self._in_style = False

    def handle_data(self, data: str) -> None:
        """Note what styles in the text load."""
        if self._in_style:
            self.found += _in_css(data, self.getpos()[0])

    def unknown_decl(self, data: str) -> None:
        """Read styles that stand in a CDATA section, as drawing programs write them."""
        if self._in_style:
            self.found += _in_css(data, self.getpos()[0])
