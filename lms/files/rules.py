"""Decisions about files that people send: which kinds are known, is a file what its name says, what is it called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath

from lms.sentences import N_, Reason

MAX_NAME = 120
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class FileKind:
    """A kind of file: what people call it, the endings of its names, and how its bytes begin (empty: plain text)."""

    label: str
    endings: tuple[str, ...]
    beginnings: tuple[bytes, ...] = ()


_ZIP = (b"PK\x03\x04",)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
#: By media type. Nothing here runs in a browser, and files that people sent are only ever downloads.
KINDS: dict[str, FileKind] = {
    "application/pdf": FileKind("PDF", (".pdf",), (b"%PDF-",)),
    f"{_OFFICE}wordprocessingml.document": FileKind("Word", (".docx",), _ZIP),
    f"{_OFFICE}presentationml.presentation": FileKind("PowerPoint", (".pptx",), _ZIP),
    f"{_OFFICE}spreadsheetml.sheet": FileKind("Excel", (".xlsx",), _ZIP),
    f"{_OPEN}text": FileKind("LibreOffice Writer", (".odt",), _ZIP),
    f"{_OPEN}presentation": FileKind("LibreOffice Impress", (".odp",), _ZIP),
    f"{_OPEN}spreadsheet": FileKind("LibreOffice Calc", (".ods",), _ZIP),
    "image/png": FileKind("PNG", (".png",), (b"\x89PNG\r\n\x1a\n",)),
    "image/jpeg": FileKind("JPEG", (".jpg", ".jpeg"), (b"\xff\xd8\xff",)),
    "text/plain": FileKind("Text", (".txt",)),
    "text/csv": FileKind("CSV", (".csv",)),
}


class FileReason(Reason):
    """Why a file cannot be taken."""

    EMPTY = "file_empty", N_("%(filename)s is empty. Please check the file and choose it again.")
    TOO_LARGE = "file_too_large", N_("%(filename)s is larger than %(most)s MB. Please choose a smaller file.")
    WRONG_KIND = "file_wrong_kind", N_("%(filename)s cannot be taken here. Please choose a file of this kind: %(kinds)s.")
    TOO_MANY = "file_too_many", N_("At most %(most)s files can be sent here, one after the other.")
    NOT_WHAT_IT_SAYS = (
        "file_not_what_it_says",
        N_(
            "%(filename)s is not what its name says. Please open it, save it anew in one of these formats "
            "and choose it again: %(kinds)s."
        ),
    )


def clean_name(name: str) -> str:
    """Return a file's name as it is kept: without folders, control and direction marks, at most MAX_NAME long."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    # Cf holds the marks that turn the reading direction around, by which "exe.pdf" can be shown as "fdp.exe".
    visible = "".join(one for one in last if unicodedata.category(one) not in {"Cc", "Cf", "Co", "Cs"})
    stem, dot, ending = re.sub(r"\s+", " ", visible).strip().rpartition(".")
    stem, ending = (stem.strip(" ."), ending.strip()[:10]) if dot else (ending, "")
    tidy = stem[: MAX_NAME - len(ending) - 1] or "file"
    return f"{tidy}.{ending}" if ending else tidy


def media_type_of(name: str) -> str | None:
    """Return the media type that a name's ending stands for; None for a kind that is not known."""
    ending = PurePosixPath(name).suffix.lower()
    return next((media_type for media_type, kind in KINDS.items() if ending in kind.endings), None)


def file_problem(name: str, content: bytes, media_types: Collection[str], max_megabytes: int) -> FileReason | None:
    """Return why a file cannot be taken where only these media types may be handed in."""
    media_type = media_type_of(name)
    if media_type is None or media_type not in media_types:
        return FileReason.WRONG_KIND
    if not content:
        return FileReason.EMPTY
    if len(content) > max_megabytes * MEGABYTE:
        return FileReason.TOO_LARGE
    beginnings = KINDS[media_type].beginnings
    good = content.startswith(beginnings) if beginnings else b"\x00" not in content
    return None if good else FileReason.NOT_WHAT_IT_SAYS


def labels(media_types: Collection[str]) -> str:
    """Return what people call these kinds of files."""
    return ", ".join(kind.label for media_type, kind in KINDS.items() if media_type in media_types)
