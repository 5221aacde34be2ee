"""What the tests of a QTI package say about its items: words that several share, and weights of their points."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from assessments.exchange.formats.qti_package import normal_path
from assessments.exchange.formats.qti_tree import unified
from assessments.exchange.making import number
from assessments.exchange.reasons import NotTaken, Why

#: What a test refers to: the path of an item or of a section in a file of its own, and what would be lost about it.
Reference = tuple[str, Why | None]
_PARTS = frozenset({"assessmentTest", "testPart", "assessmentSection"})
_REFERENCES = frozenset({"assessmentItemRef", "assessmentSectionRef"})


def references_of(root: Element, path: str) -> list[Reference]:
    """Return what a test, or a section in a file of its own, refers to; nothing for any other XML."""
    test = unified(root)
    return list(_references(test, PurePosixPath(path).parent, words=False)) if test.tag in _PARTS else []


def lost_in_tests(references: dict[str, list[Reference]]) -> dict[str, Why]:
    """Return why items would be half without their tests, by path. What is said of a section is said of all that is in it."""
    lost = {path: why for found in references.values() for path, why in found if why is not None}
    waiting = [path for path in lost if path in references]
    while waiting:
        section = waiting.pop()
        for path, _why in references[section]:
            if path not in lost:
                lost[path] = lost[section]
                waiting += [path] if path in references else []
    return lost


def _references(element: Element, folder: PurePosixPath, *, words: bool) -> Iterator[Reference]:
    words = words or any(one.tag == "rubricBlock" and "candidate" in one.get("view", "candidate").split() for one in element)
    for child in element:
        if child.tag in _PARTS:
            yield from _references(child, folder, words=words)
        elif child.tag in _REFERENCES:
            weighted = any(_is_other(one.get("value", "")) for one in child.findall("weight"))
            why = Why.TEST_WORDS if words else Why.TEST_WEIGHT if weighted else None
            yield normal_path(folder / unquote(child.get("href", ""))), why


def _is_other(weight: str) -> bool:
    try:
        return number(weight) != 1
    except NotTaken:
        return True
