"""What an element of a file may hold, as data: whatever else stands in it is refused by name before anything is read.

The readers look for what they know; a part that they do not look for would be lost without a word. So every element is held
against a ``Part`` first, at every level: its attributes, its elements (each once, where it is not ``many``), and its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from assessments.exchange.reasons import NotTaken, Why, shortened
from assessments.exchange.xml_reading import local


@dataclass(frozen=True)
class Part:
    """An element: what may stand in it.

    ``text``: letters of its own. ``values``: the only texts that are known (in lower case). ``blank``: nothing anywhere in it.
    ``many``: more than one of it. ``free``: what is in it is looked at elsewhere (the HTML of a text, the rules of a scoring).
    """

    parts: Mapping[str, Part] = field(default_factory=dict)
    attributes: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    text: bool = False
    values: frozenset[str] | None = None
    blank: bool = False
    many: bool = False
    free: bool = False


def check_part(element: Element, part: Part) -> None:
    """Refuse an element that holds anything else. Raises NotTaken, which names the first such thing."""
    name = shortened(local(str(element.tag)))
    check_attributes(element, part.attributes)
    if part.free:
        return
    if part.blank and "".join(element.itertext()).strip():
        raise NotTaken(Why.UNKNOWN_PART, part=name)
    _check_text(element, part, name)
    seen = set()
    for child in element:
        known = part.parts.get(str(child.tag))
        child_name = shortened(local(str(child.tag)))
        if known is None:
            if part.text and not part.parts:
                raise NotTaken(Why.BARE_ELEMENT, element=child_name, part=name)
            raise NotTaken(Why.UNKNOWN_PART, part=child_name)
        if child.tag in seen and not known.many:
            raise NotTaken(Why.PART_TWICE, part=child_name)
        seen.add(child.tag)
        if loose := (child.tail or "").strip():
            raise NotTaken(Why.LOOSE_TEXT, text=shortened(loose))
        check_part(child, known)


def _check_text(element: Element, part: Part, name: str) -> None:
    own = (element.text or "").strip()
    if not part.text or element.find("text") is not None:
        if own:
            raise NotTaken(Why.LOOSE_TEXT, text=shortened(own))
    elif part.values is not None and not len(element) and own.lower() not in part.values:
        raise NotTaken(Why.BAD_VALUE, error=shortened(f"{name}: {own}"))


def check_attributes(element: Element, known: Mapping[str, frozenset[str] | None]) -> None:
    """Refuse an element with an attribute that is not known, or has none of its values (None: any)."""
    for key, value in element.attrib.items():
        name = shortened(f"{local(str(element.tag))} {local(key)}")
        if key.startswith("data-") and "data-*" in known:
            continue
        if key not in known:
            raise NotTaken(Why.UNKNOWN_PART, part=name)
        values = known[key]
        if values is not None and value.strip().lower() not in values:
            raise NotTaken(Why.BAD_VALUE, error=f"{name}: {shortened(value)}")
