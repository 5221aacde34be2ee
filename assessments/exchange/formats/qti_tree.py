"""QTI 2.x and 3 under the same names, and the texts inside their XML."""

from __future__ import annotations

import html
import re
from copy import copy
from functools import lru_cache
from xml.etree.ElementTree import Element

from assessments.exchange.html_text import html_to_markdown, html_to_plain
from assessments.exchange.html_tree import Node, read_html
from assessments.exchange.limits import weigh
from assessments.exchange.markdown_text import is_harmless
from assessments.exchange.pictures import Pictures
from assessments.exchange.reasons import NotTaken, Why, shortened
from assessments.exchange.xml_reading import local
from lms.markdown import render_markdown

_VOID = frozenset({"br", "hr", "img"})


def unified(element: Element) -> Element:
    """Return a copy with QTI 2's names (choiceInteraction, responseIdentifier), whatever the version, without namespaces."""
    name = local(element.tag)
    made = copy(element)
    is_qti = name.startswith("qti-")
    made.tag = _camel(name.removeprefix("qti-")) if is_qti else name
    for key in list(made.attrib):
        plain = local(key)
        if not plain.startswith("data-"):
            plain = _camel(plain)
        made.attrib[plain] = made.attrib.pop(key)
    made[:] = [unified(child) for child in element]
    return made


def _camel(name: str) -> str:
    return re.sub(r"-([a-z0-9])", lambda letter: letter[1].upper(), name)


def inner_html(element: Element, skip: frozenset[str] = frozenset()) -> str:
    """Return what is in an element as HTML, without the elements of these names."""
    parts = [html.escape(element.text or "", quote=False)]
    for child in element:
        if child.tag not in skip:
            parts.append(outer_html(child))
        parts.append(html.escape(child.tail or "", quote=False))
    return "".join(parts)


def outer_html(element: Element) -> str:
    """Return an element as HTML."""
    attributes = "".join(f' {key}="{html.escape(value)}"' for key, value in element.attrib.items())
    if element.tag in _VOID:
        if len(element) or (element.text or "").strip():
            raise NotTaken(Why.UNKNOWN_PART, part=shortened(inner_html(element)))
        return f"<{element.tag}{attributes}>"
    return f"<{element.tag}{attributes}>{inner_html(element)}</{element.tag}>"


def markdown_of(source: str, pictures: Pictures) -> str:
    """Return HTML as Markdown; Markdown that lies beside it counts while it still says the same."""
    weigh(source)
    tree = read_html(source.strip())
    only = _content(tree)
    while len(only) == 1 and isinstance(only[0], Node) and only[0].name == "div" and not only[0].attributes:
        only = _content(only[0])
    if len(only) == 1 and isinstance(only[0], Node) and "data-markdown" in only[0].attributes:
        kept = only[0].attributes["data-markdown"]
        if xhtml_of(render_markdown(kept)) == "".join(map(_xhtml, only[0].children)):
            return kept
        source = "".join(map(_xhtml, only[0].children))
    return html_to_markdown(source, pictures)


def _content(node: Node) -> list[Node | str]:
    return [child for child in node.children if isinstance(child, Node) or child.strip()]


def plain_of(element: Element, skip: frozenset[str] = frozenset()) -> str:
    """Return what is in an element as plain text. Raises NotTaken where it is formatted."""
    source = inner_html(element, skip)
    weigh(source)
    return html_to_plain(source)


def xhtml_of(source: str) -> str:
    """Return HTML as XHTML."""
    return "".join(map(_xhtml, read_html(source).children))


@lru_cache(maxsize=4096)  # every question is written twice: to be read back, and into the file
def with_markdown(markdown: str, *, block: bool) -> str:
    """Return Markdown as XHTML; where it would come back otherwise, the Markdown lies beside it."""
    if is_harmless(markdown):
        return f"<p>{markdown}</p>" if block else markdown
    made = xhtml_of(render_markdown(markdown)).strip()
    if not block and made.startswith("<p>") and made.endswith("</p>") and made.count("<p>") == 1:
        bare = made[3:-4]
        if _comes_back(bare, markdown):
            return bare
    if block and _comes_back(made, markdown):
        return made
    full = xhtml_of(render_markdown(markdown))
    return f'<div data-markdown="{_attribute(markdown)}">{full}</div>'


def _comes_back(made: str, markdown: str) -> bool:
    if "<img" in made:
        return False
    try:
        return html_to_markdown(made) == markdown
    except Exception:  # whatever is wrong with it: the Markdown is laid beside it
        return False


def _xhtml(child: Node | str) -> str:
    if isinstance(child, str):
        return html.escape(child, quote=False).replace("\r", "&#13;")
    attributes = "".join(f' {key}="{_attribute(value)}"' for key, value in child.attributes.items())
    if child.name in _VOID:
        return f"<{child.name}{attributes}/>"
    return f"<{child.name}{attributes}>{''.join(map(_xhtml, child.children))}</{child.name}>"


def _attribute(value: str) -> str:
    return html.escape(value).replace("\n", "&#10;").replace("\t", "&#9;").replace("\r", "&#13;")
