"""QTI 2.x and 3: single items and packages are read; written are packages of QTI 3."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from assessments.exchange import making
from assessments.exchange.entries import Entry, read_entry
from assessments.exchange.formats.qti_item import Item
from assessments.exchange.formats.qti_package import is_zip, list_items, unpack
from assessments.exchange.formats.qti_tree import unified
from assessments.exchange.formats.qti_types import read_item, type_of
from assessments.exchange.formats.qti_writing import write
from assessments.exchange.pictures import Pictures
from assessments.exchange.reasons import Unreadable, Why, shortened
from assessments.exchange.xml_reading import local, read_xml

__all__ = ["parse", "write"]


def parse(content: bytes) -> list[Entry]:
    """Return every item of a package, or the one of an XML file. Raises Unreadable for what is neither."""
    if not is_zip(content):
        root = read_xml(content)
        if local(root.tag) not in {"assessmentItem", "qti-assessment-item"}:
            raise Unreadable(Why.WRONG_ROOT, element=shortened(local(root.tag)), format="QTI")
        return [_entry(unified(root), [], Pictures({}))]
    files = unpack(content)
    entries = []
    for resource in list_items(files):
        name = PurePosixPath(resource.path).name
        try:
            root = read_xml(files[resource.path])
        except Unreadable as error:
            entries.append(Entry(name, "", None, error.sentence))
            continue
        entries.append(_entry(unified(root), resource.tags, _Packed(files, PurePosixPath(resource.path).parent), name))
    return entries


class _Packed(Pictures):
    """The pictures that lie in a package beside an item."""

    def __init__(self, packed: dict[str, bytes], folder: PurePosixPath) -> None:
        super().__init__({})
        self.packed = packed
        self.folder = folder

    def __call__(self, source: str) -> str | None:
        """Return the address of a picture in the package."""
        path = _normal(self.folder / unquote(source))
        ending = {"png": "png", "jpg": "jpg", "jpeg": "jpg", "webp": "webp"}.get(path.rsplit(".", 1)[-1].lower())
        if path not in self.packed or ending is None:
            return super().__call__(source)
        return self.keep_content(path, ending, self.packed[path])


def _normal(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts:
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _entry(root: Element, tags: list[str], pictures: Pictures, file_name: str = "") -> Entry:
    identifier = root.get("identifier", "").strip()
    name = " ".join(root.get("title", "").split()) or identifier or file_name
    body = root.find("itemBody")
    kind = "" if body is None else type_of(body)

    def read() -> dict[str, Any]:
        item = Item(root, pictures, tags)
        explanation = item.explanation()
        prompt, (points, made) = read_item(item, name)
        return making.question(prompt, made, explanation=explanation, tags=tags, points=points)

    entry = read_entry(name, kind, identifier, read)
    return Entry(
        entry.name, entry.type, entry.question, entry.reason, identifier, pictures.found if entry.taken else {}
    )
