"""Small changes to an XML file, one at a time and at every place, so that a test can see whether any is lost silently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from xml.etree.ElementTree import Element

SIGN = "Mutant"


def mutants(root: Element) -> Iterator[tuple[str, str]]:
    """Change the tree and yield what was changed, by kind and place; before the next one it is as it was."""
    seen: Counter[str] = Counter()
    for element, path in list(_walk(root, root.tag.rsplit("}", 1)[-1])):
        seen[path] += 1
        if seen[path] > 2:  # a third answer is read as the second
            continue
        yield from _in_attributes(element, path)
        yield from _in_text(element, path)
        yield from _in_children(element, path)


def _walk(element: Element, path: str) -> Iterator[tuple[Element, str]]:
    yield element, path
    for child in element:
        yield from _walk(child, f"{path}/{str(child.tag).rsplit('}', 1)[-1]}")


def _in_attributes(element: Element, path: str) -> Iterator[tuple[str, str]]:
    element.set("mutant", SIGN)
    yield "attribute", path
    del element.attrib["mutant"]
    for key, value in list(element.attrib.items()):
        element.set(key, SIGN)
        yield f"@{key.rsplit('}', 1)[-1]}", path
        element.set(key, value)


def _in_text(element: Element, path: str) -> Iterator[tuple[str, str]]:
    text = element.text
    element.text = f"{text or ''}{SIGN}"
    yield "text", path
    element.text = text


def _in_children(element: Element, path: str) -> Iterator[tuple[str, str]]:
    for content in (SIGN, None):
        new = Element("mutant")
        new.text = content
        element.append(new)
        yield "element" if content else "empty element", path
        element.remove(new)
    for place, child in enumerate(list(element)):
        tail = child.tail
        child.tail = f"{tail or ''}{SIGN}"
        name = f"{path}/{str(child.tag).rsplit('}', 1)[-1]}"
        yield "tail", name
        child.tail = tail
        twin = deepcopy(child)
        element.insert(place + 1, twin)
        yield "twin", name
        for leaf in twin.iter():  # a second one that says something else
            if not len(leaf) and leaf.text and leaf.text.strip():
                leaf.text = SIGN
        yield "other twin", name
        element.remove(twin)
