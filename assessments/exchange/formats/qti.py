"""QTI 2.x and 3: single items and packages are read; written are packages of QTI 3."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from assessments.exchange import making
from assessments.exchange.entries import Entry, read_entry
from assessments.exchange.formats.qti_item import Item
from assessments.exchange.formats.qti_metadata import Metadata
from assessments.exchange.formats.qti_package import Resource, is_zip, list_items, normal_path, unpack
from assessments.exchange.formats.qti_references import lost_in_tests, references_of
from assessments.exchange.formats.qti_tree import unified
from assessments.exchange.formats.qti_types import read_item, type_of
from assessments.exchange.formats.qti_writing import write
from assessments.exchange.limits import check_count
from assessments.exchange.pictures import ENDINGS, Pictures
from assessments.exchange.reasons import Unreadable, Why, shortened
from assessments.exchange.xml_reading import local, read_xml
from courses.archive.media import Size
from lms.sentences import Sentence

__all__ = ["parse", "write"]

_ITEMS = frozenset({"assessmentItem", "qti-assessment-item"})
_WITHOUT_ITEMS = frozenset({"assessmentTest", "qti-assessment-test", "manifest"})


def parse(content: bytes) -> list[Entry]:
    """Return every item of a package, or the one of an XML file. Raises Unreadable for what is neither."""
    if not is_zip(content):
        root = read_xml(content)
        if local(root.tag) == "questestinterop":
            raise Unreadable(Why.QTI_1)
        if local(root.tag) in _WITHOUT_ITEMS:
            raise Unreadable(Why.QTI_PART, element=local(root.tag))
        if local(root.tag) not in _ITEMS:
            raise Unreadable(Why.WRONG_ROOT, element=shortened(local(root.tag)), format="QTI")
        return [_entry(unified(root), Metadata(), Pictures({}))]
    files = unpack(content)
    items = list_items(files)
    listed = {resource.path for resource in items}
    others = []
    references = {}
    for path in [path for path in files if path.endswith(".xml") and path not in listed]:
        outermost = _root(files[path])
        if outermost is None:
            continue
        if local(outermost.tag) in _ITEMS:
            others.append(path)
        elif found := references_of(outermost, path):
            references[path] = found
    lost = lost_in_tests(references)
    check_count(len(items) + len(others))
    entries = []
    looked: dict[str, tuple[str, Size]] = {}
    first: dict[str, int] = {}
    for number, resource in enumerate(items, start=1):
        name = PurePosixPath(resource.path).name
        if resource.path not in files:
            entries.append(_refused(name, Why.MISSING_FILE, path=shortened(resource.path)))
        elif resource.path in first:
            entries.append(_refused(name, Why.TWICE, number=first[resource.path]))
        else:
            pictures = _Packed(files, PurePosixPath(resource.path).parent, looked)
            entry = _item(files[resource.path], resource, pictures, name)
            if entry.taken and (why := lost.get(resource.path)):
                entry = replace(entry, question=None, reason=Sentence(why.text, {}), media={}, note=None)
            entries.append(entry)
        first.setdefault(resource.path, number)
    return entries + [_refused(PurePosixPath(path).name, Why.NOT_IN_MANIFEST) for path in others]


def _root(content: bytes) -> Element | None:
    """Return the outermost element of a file that no manifest names as an item; it can be one all the same, or a test."""
    try:
        return read_xml(content)
    except Unreadable:
        return None


def _item(content: bytes, resource: Resource, pictures: Pictures, name: str) -> Entry:
    try:
        root = read_xml(content)
    except Unreadable as error:
        return Entry(name, "", None, error.sentence)
    if local(root.tag) not in _ITEMS:
        return _refused(name, Why.WRONG_ROOT, element=shortened(local(root.tag)), format="QTI")
    return _entry(unified(root), resource.metadata, pictures, name)


def _refused(name: str, why: Why, **values: object) -> Entry:
    return Entry(name, "", None, Sentence(why.text, values))


class _Packed(Pictures):
    """The pictures that lie in a package beside an item; those that another item showed were ``looked`` at already."""

    def __init__(self, packed: dict[str, bytes], folder: PurePosixPath, looked: dict[str, tuple[str, Size]]) -> None:
        super().__init__({})
        self.packed = packed
        self.folder = folder
        self.looked = looked

    def __call__(self, source: str) -> str | None:
        """Return the address of a picture in the package."""
        path = normal_path(self.folder / unquote(source))
        ending = ENDINGS.get(path.rsplit(".", 1)[-1].lower())
        if path not in self.packed or ending is None:
            return super().__call__(source)
        if path not in self.looked:
            address = self.keep_content(path, ending, self.packed[path])
            self.looked[path] = address, self.sizes[address]
        address, size = self.looked[path]
        self.sizes[address], self.found[address] = size, self.packed[path]
        return address


def _entry(root: Element, metadata: Metadata, pictures: Pictures, file_name: str = "") -> Entry:
    identifier = root.get("identifier", "").strip()
    name = " ".join(root.get("title", "").split()) or identifier or file_name
    body = root.find("itemBody")
    kind = "" if body is None else type_of(body)
    if kind == "single_choice" and any(one.get("cardinality") == "multiple" for one in root.iter("responseDeclaration")):
        kind = "multiple_choice"

    def read() -> dict[str, Any]:
        item = Item(root, pictures, metadata.tags)
        explanation = item.explanation()
        prompt, (points, made) = read_item(item, name)
        return making.question(prompt, made, explanation=explanation, tags=metadata.tags, points=points)

    entry = read_entry(name, kind, identifier, read)
    note = Sentence(Why.LEFT_OUT.text, {"parts": "; ".join(metadata.others)}) if entry.taken and metadata.others else None
    return replace(entry, identifier=identifier, media=pictures.found if entry.taken else {}, note=note)
