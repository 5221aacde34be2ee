"""HTML as a small tree: what people's editors write, read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from assessments.exchange.reasons import NotTaken, Why

_VOID = frozenset({"br", "hr", "img", "wbr", "input", "meta", "link", "col", "embed", "source"})
_CLOSED_BY_BLOCK = frozenset({"p"})
BLOCKS = frozenset(
    {"p", "div", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr", "section", "article"}
)
MAX_DEPTH = 60


@dataclass
class Node:
    """An element with its attributes, texts and elements; the outermost has no name."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS and self.open[-1].name in _CLOSED_BY_BLOCK:
            self.open.pop()
        if tag == "li" and self.open[-1].name == "li":
            self.open.pop()
        node = Node(tag, {key: value or "" for key, value in attrs})
        self.open[-1].children.append(node)
        if tag not in _VOID:
            self.open.append(node)
            if len(self.open) > MAX_DEPTH:
                raise NotTaken(Why.XML_DEPTH, most=MAX_DEPTH, line=self.getpos()[0])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID and self.open[-1].name == tag:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        names = [node.name for node in self.open]
        if tag in names[1:]:
            del self.open[len(names) - 1 - names[::-1].index(tag) :]
        elif tag not in _VOID and tag != "p":
            raise NotTaken(Why.HTML_ELEMENT, element=f"/{tag}")

    def handle_data(self, data: str) -> None:
        children = self.open[-1].children
        if children and isinstance(children[-1], str):
            children[-1] += data
        else:
            children.append(data)

    def handle_decl(self, decl: str) -> None:
        raise NotTaken(Why.HTML_ELEMENT, element=f"!{decl[:20]}")

    def unknown_decl(self, data: str) -> None:
        raise NotTaken(Why.HTML_ELEMENT, element=f"![{data[:20]}")

    def handle_pi(self, data: str) -> None:
        raise NotTaken(Why.HTML_ELEMENT, element=f"?{data[:20]}")


def read_html(html: str) -> Node:
    """Return the tree of an HTML fragment. Raises NotTaken where it is not one."""
    html = _without_comments(html)
    # The parser looks for the end of each tag through the whole text: one that is never ended must not get there.
    rest = html[html.rfind(">") + 1 :]
    if found := re.search(r"<[A-Za-z/!?]", rest) or re.search(r"<!\[", html):
        raise NotTaken(Why.HTML_ELEMENT, element=found.string[found.start() : found.start() + 20])
    builder = _Builder()
    builder.feed(html)
    rest = builder.rawdata
    builder.close()
    if re.match(r"<[A-Za-z/!?]", rest):  # the parser swallows a tag that is not ended
        raise NotTaken(Why.HTML_ELEMENT, element=rest[:20])
    return builder.root


def _without_comments(html: str) -> str:
    """Return HTML without its comments, which nobody sees."""
    parts, at = [], 0
    while (start := html.find("<!--", at)) >= 0:
        end = html.find("-->", start + 2)
        if end < 0:
            raise NotTaken(Why.HTML_ELEMENT, element="!--")
        parts.append(html[at:start])
        at = end + 3
    return "".join([*parts, html[at:]])


def looks_like_html(text: str) -> bool:
    """Say whether a text of unknown format is meant as HTML: it has an element or a character reference."""
    return (
        re.search(
            r"</?(?:p|br|b|i|u|s|em|strong|span|div|ul|ol|li|a|img|sub|sup|code|pre|h[1-6]|table|tr|td|th|hr|font|blockquote"
            r"|script|style|iframe|object|video|audio|math|svg|del|strike|tt|small|big|center|input)(?:\s[^<>]*)?/?>"
            r"|&(?:#\d+|#x[0-9a-fA-F]+|amp|lt|gt|quot|nbsp|[a-zA-Z]{1,6}(?:uml|acute|grave|lig|cedil|circ|dash|tilde));",
            text,
            re.IGNORECASE,
        )
        is not None
    )
