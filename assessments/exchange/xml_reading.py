"""XML without its dangers: no document type, no entities, nothing loaded, limited in depth and number."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from assessments.exchange.decoding import decode
from assessments.exchange.reasons import Unreadable, Why

MAX_DEPTH = 60
MAX_ELEMENTS = 400_000


class _Limited(TreeBuilder):
    """Builds the tree and stops where it gets too deep or too large."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.count = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self.depth += 1
        self.count += 1
        if self.depth > MAX_DEPTH:
            raise _TooMuch(Why.XML_DEPTH, MAX_DEPTH)
        if self.count > MAX_ELEMENTS:
            raise _TooMuch(Why.XML_ELEMENTS, MAX_ELEMENTS)
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self.depth -= 1
        return super().end(tag)


class _TooMuch(Exception):
    def __init__(self, why: Why, most: int) -> None:
        super().__init__(why)
        self.why = why
        self.most = most


def read_xml(content: bytes) -> Element:
    """Return the outermost element. Raises Unreadable, which says where."""
    text = re.sub(r"\A\s*<\?xml\s[^<>]*\?>", lambda found: "\n" * found[0].count("\n"), decode(content), count=1)
    parser = DefusedXMLParser(target=_Limited(), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(text.encode("utf-8"))
        root: Element = parser.close()
    except ParseError as error:
        line, column = error.position
        raise Unreadable(Why.BAD_XML, line=line, column=column + 1, error=str(error).split(":")[0]) from None
    except DefusedXmlException:
        raise Unreadable(Why.XML_DTD, line=_line(parser)) from None
    except _TooMuch as limit:
        raise Unreadable(limit.why, most=limit.most, line=_line(parser)) from None
    return root


def _line(parser: DefusedXMLParser) -> int:
    return int(parser.parser.CurrentLineNumber)


def local(tag: str) -> str:
    """Return an element's name without its namespace."""
    return tag.rsplit("}", 1)[-1]
