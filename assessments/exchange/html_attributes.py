"""Attributes of HTML: those that say nothing about a text, and the refusal of all others."""

from __future__ import annotations

import re

from assessments.exchange.html_tree import Node
from assessments.exchange.reasons import NotTaken, Why, shortened

#: Looks, names for scripts and styles, and what editors and word processors leave behind.
_IGNORED = frozenset({
    "id", "class", "align", "valign", "width", "height", "border", "hspace",
    "vspace", "size", "face", "cellpadding", "cellspacing", "clear", "role", "lang",
    "xml:lang", "xmlns", "rel", "target", "contenteditable", "spellcheck", "draggable", "tabindex",
    "loading", "decoding", "crossorigin", "paraid", "paraeid", "aria-level", "aria-setsize", "aria-posinset",
})  # fmt: skip
#: Read where the element is.
_READ = {
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt"}),
    "ol": frozenset({"start"}),
    "font": frozenset({"color"}),
}
#: Known with these values only.
_USUAL = {
    "dir": frozenset({"", "ltr", "auto"}),
    "title": frozenset({""}),
    "type": frozenset({"1", "disc", "circle", "square"}),
}


def check_attributes(node: Node) -> None:
    """Refuse an attribute for which Markdown has no place: hidden, another numbering, a title. Raises NotTaken."""
    for name, value in node.attributes.items():
        if name in _IGNORED or name == "style" or name.startswith(("data-", "on")) or name in _READ.get(node.name, ()):
            continue
        if value.strip().lower() in _USUAL.get(name, ()) or (name == "title" and value == node.attributes.get("alt")):
            continue
        if re.fullmatch(r"[\w:.-]+", name):
            raise NotTaken(Why.HTML_STYLE, style=shortened(f"{node.name} {name}={value}"))
        raise NotTaken(Why.HTML_ELEMENT, element=shortened(f"{node.name} {name}"))
