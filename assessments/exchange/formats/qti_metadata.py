"""What the manifest of a package says about an item (IEEE LOM and others): taken, known to say nothing, or named.

The question itself is exact without it, so an item is not refused for its rights or its language: the report names them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from assessments.exchange.reasons import shortened

#: Parts that say nothing about a question, and why. A value behind the colon is the only one that says nothing.
IGNORED = {
    "general.identifier": "A name in a catalogue; the item has its own.",
    "general.catalogentry": "The same in older files.",
    "general.title": "The item has its own title.",
    "general.structure": "That it is one thing.",
    "general.aggregationlevel": "That it is one thing.",
    "metametadata": "Who wrote this description, and when.",
    "technical": "The file's format, size and place.",
    "qtimetadata": "What the item itself says: its interactions, its feedback, what wrote it.",
    "educational.interactivitytype": "That it is a question.",
    "educational.learningresourcetype": "That it is a question.",
    "rights.cost:no": "That nothing is to be paid.",
    "rights.copyrightandotherrestrictions:no": "That there are none.",
    "schema": "What the description is written in.",
    "schemaversion": "What the description is written in.",
}
#: LOM 5.8. Its first and last degree have none here, and are named.
_DIFFICULTIES = {"easy": 1, "medium": 2, "difficult": 3}
#: Nobody reads more than that in a sentence.
_MOST_NAMED = 10


@dataclass(frozen=True)
class Metadata:
    """Tags, with the difficulty among them, and what else is said as ``name: value``."""

    tags: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def read_metadata(element: Element, *, only: str = "") -> Metadata:
    """Return what the metadata right below an element say, under QTI 2's names; with ``only`` of this part and nothing else."""
    made = Metadata()
    for name, part in _parts(element):
        text = " ".join(_words(part).split())
        if not text or not name.startswith(only) or IGNORED.keys() & {name, name.partition(".")[0], f"{name}:{text.lower()}"}:
            continue
        if name == "general.keyword":
            made.tags.extend(word for one in _strings(part) if (word := "".join(one.itertext()).strip()))
        elif name == "educational.difficulty" and text.lower() in _DIFFICULTIES:
            made.tags.append(f"difficulty:{_DIFFICULTIES[text.lower()]}")
        elif len(made.others) < _MOST_NAMED:
            made.others.append(shortened(f"{name}: {text}"))
    return made


def _parts(element: Element) -> Iterator[tuple[str, Element]]:
    """Yield the parts that say one thing each, named after the part of LOM that they stand in."""
    for one in (one for metadata in element.findall("metadata") for one in metadata):
        if one.tag.lower() != "lom":
            yield one.tag.lower(), one
            continue
        for category in one:
            inner = list(category)
            yield from ((f"{category.tag}.{part.tag}".lower(), part) for part in inner)
            if not inner:
                yield category.tag.lower(), category


def _strings(part: Element) -> list[Element]:
    """Return the texts of a part: several of a keyword are the same in other languages, or other keywords."""
    return [one for one in part if one.tag.lower() in {"string", "langstring"}] or [part]


def _words(element: Element) -> str:
    """Return an element's text without the vocabularies that its values are from."""
    inner = "".join(f" {'' if one.tag.lower() == 'source' else _words(one)} {one.tail or ''}" for one in element)
    return f"{element.text or ''}{inner}"
