"""QTI packages: a ZIP with a manifest, read without trusting it and written the same to the byte each time."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from assessments.exchange.entries import MEGABYTE
from assessments.exchange.formats.qti_metadata import Metadata, read_metadata
from assessments.exchange.formats.qti_tree import unified
from assessments.exchange.reasons import Unreadable, Why
from assessments.exchange.xml_reading import read_xml

MAX_FILES = 2000
MAX_FILE = 20 * MEGABYTE
MAX_TOTAL = 5 * MAX_FILE
#: Text packs to a tenth; what packs to a hundredth and is large was made to fill a disk.
MAX_RATIO = 100
RATIO_FROM = 64 * 1024
_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Resource:
    """An item that a manifest names, and what it says about it."""

    path: str
    metadata: Metadata


def is_zip(content: bytes) -> bool:
    """Say whether these bytes are a ZIP."""
    return content.startswith(b"PK\x03\x04")


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the files of a package by path. Raises Unreadable for anything suspicious."""
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MAX_FILES:
                raise Unreadable(Why.ZIP_FILES, most=MAX_FILES)
            total = 0
            for entry in entries:
                _check(entry)
                if entry.filename in files:
                    raise Unreadable(Why.ZIP_TWICE, path=entry.filename)
                total += entry.file_size
                if total > MAX_TOTAL:
                    raise Unreadable(Why.ZIP_BOMB, path=entry.filename)
                with archive.open(entry) as packed:
                    files[entry.filename] = packed.read(entry.file_size + 1)
                if len(files[entry.filename]) != entry.file_size:
                    raise Unreadable(Why.ZIP_BOMB, path=entry.filename)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as error:  # as zipfile does
        raise Unreadable(Why.BAD_ZIP, error=str(error) or type(error).__name__) from None
    return files


def _check(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts or re.match("[A-Za-z]:", name):
        raise Unreadable(Why.ZIP_PATH, path=name)
    if entry.flag_bits & 1:
        raise Unreadable(Why.ZIP_ENCRYPTED, path=name)
    if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise Unreadable(Why.ZIP_BOMB, path=name)
    if entry.file_size > MAX_FILE:
        raise Unreadable(Why.ZIP_BOMB, path=name)


def list_items(files: dict[str, bytes]) -> list[Resource]:
    """Return the items that the manifest names, in its order. Raises Unreadable."""
    manifest = next((path for path in sorted(files, key=len) if PurePosixPath(path).name == "imsmanifest.xml"), None)
    if manifest is None:
        raise Unreadable(Why.NO_MANIFEST)
    root = unified(read_xml(files[manifest]))
    folder = PurePosixPath(manifest).parent / _base(root)
    common = read_metadata(root, only="rights").others
    found = []
    for resource, within in [(one, _base(group)) for group in root.iter("resources") for one in group.iter("resource")]:
        if not resource.get("type", "").startswith(("imsqti_item", "imsqti_apipitem")):
            continue
        href = resource.get("href") or next((file.get("href", "") for file in resource.iter("file")), "")
        metadata = read_metadata(resource)
        metadata.others.extend(one for one in common if one not in metadata.others)
        found.append(Resource(normal_path(folder / within / _base(resource) / unquote(href)), metadata))
    if not found:
        older = any(resource.get("type", "").startswith("imsqti_xmlv1") for resource in root.iter("resource"))
        raise Unreadable(Why.QTI_1 if older else Why.NO_MANIFEST)
    if not any(resource.path in files for resource in found):
        raise Unreadable(Why.MISSING_FILE, path=found[0].path)
    return found


def normal_path(path: PurePosixPath) -> str:
    """Return a path without ``.`` and ``..``; it never leads out of the package."""
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts:
            parts.pop()
        elif part not in {".", ".."}:
            parts.append(part)
    return "/".join(parts)


def _base(element: Element) -> str:
    """Return the folder that an element says its addresses are in (xml:base)."""
    return unquote(element.get("base", ""))


def pack(files: dict[str, bytes]) -> bytes:
    """Return a ZIP of these files; the same files give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name])
    return target.getvalue()
