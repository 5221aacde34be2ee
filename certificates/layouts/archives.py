"""Layouts as ZIP files: read with suspicion, written so that the same files always give the same bytes."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from certificates.layouts.rules import ENDINGS, MOST_BYTES, MOST_FILE_BYTES, MOST_FILES, NAME, LayoutReason
from lms.printing.layouts import TEMPLATE
from lms.sentences import Refusal

#: The time that every entry bears, for ZIP knows none before.
BEGIN = (1980, 1, 1, 0, 0, 0)
#: What file managers leave behind.
LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def read_layout(archive: bytes) -> dict[str, bytes]:
    """Return a layout's files by name; a single folder around them is taken off. Raises Refusal.

    Sizes are counted while unpacking, so that an archive that lies about them (or unpacks to a million times its size)
    is refused as well. Nothing is ever written to the disk.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            return _read(opened)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError):  # as zipfile does
        raise Refusal(LayoutReason.NO_ZIP) from None


def write_layout(files: Mapping[str, bytes]) -> bytes:
    """Return a layout as a ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, BEGIN)
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return out.getvalue()


def _read(opened: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [
        one
        for one in opened.infolist()
        if not one.is_dir() and not one.filename.startswith(LITTER[0]) and PurePosixPath(one.filename).name not in LITTER
    ]
    if len(entries) > MOST_FILES:
        raise Refusal(LayoutReason.TOO_MANY, most=MOST_FILES)
    around = _folder_around([one.filename for one in entries])
    files: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        name = entry.filename.removeprefix(around)
        _check_entry(entry, name)
        if name in files:
            raise Refusal(LayoutReason.TWICE, name=name)
        with opened.open(entry) as stream:
            content = stream.read(MOST_FILE_BYTES + 1)
        total += len(content)
        if len(content) > MOST_FILE_BYTES or total > MOST_BYTES:
            raise Refusal(LayoutReason.TOO_LARGE, name=name)
        files[name] = content
    return files


def _check_entry(entry: zipfile.ZipInfo, name: str) -> None:
    if entry.flag_bits & 1:
        raise Refusal(LayoutReason.ENCRYPTED)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if not NAME.fullmatch(name) or kind not in {0, stat.S_IFREG}:
        raise Refusal(LayoutReason.BAD_NAME, name=name[:80])
    if PurePosixPath(name).suffix.lower() not in ENDINGS:
        raise Refusal(LayoutReason.BAD_ENDING, name=name)


def _folder_around(names: list[str]) -> str:
    first = names[0].partition("/")[0] + "/" if names else ""
    if first in {"../", "./", "/"}:
        return ""
    return first if TEMPLATE not in names and all(name.startswith(first) for name in names) else ""
