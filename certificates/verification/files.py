"""What an uploaded file is: read, judged and forgotten; nothing of it is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from certificates.verification.answers import Told, tell
from certificates.verification.queries import find_by_pdf
from lms.institution.inspection import UNSEALED, SealReport, inspect_seal, is_cut_short


class FileState(StrEnum):
    """What was found, in the order in which it is asked."""

    MISSING = "missing"
    NO_PDF = "no_pdf"
    ORIGINAL = "original"
    #: The original file of another document than the one on whose page it was dropped.
    ANOTHER = "another"
    #: Sealed by us, whole and intact, but not the file of an issued document: a receipt, a protocol, an earlier print.
    OURS = "ours"
    EXTENDED = "extended"
    EDITED = "edited"
    FOREIGN = "foreign"
    CUT_SHORT = "cut_short"
    UNSEALED = "unsealed"


@dataclass(frozen=True)
class FileVerdict:
    """The verdict on a file; ``told`` is the document it belongs to, ``seal`` what was found of a seal."""

    state: FileState
    seal: SealReport
    told: Told | None = None
    sha256: str = ""


def read_upload(files: Any) -> bytes:
    """Return what was uploaded as ``file``; empty when nothing was."""
    uploaded = files.get("file")
    content: bytes = uploaded.read() if uploaded is not None else b""
    return content


def check_file(content: bytes, on_page_of: Told | None, *, at: datetime) -> FileVerdict:
    """Return what a file is: by its hash among the issued ones, else by its seal."""
    if not content:
        return FileVerdict(FileState.MISSING, UNSEALED)
    sha256 = hashlib.sha256(content).hexdigest()
    found = find_by_pdf(sha256)
    if found is not None:
        same = on_page_of is None or on_page_of.certificate.id == found.id
        told = tell(found, at=at)
        return FileVerdict(FileState.ORIGINAL if same else FileState.ANOTHER, inspect_seal(content), told, sha256)
    if b"%PDF-" not in content[:1024]:
        return FileVerdict(FileState.NO_PDF, UNSEALED, sha256=sha256)
    seal = inspect_seal(content)
    state = FileState.CUT_SHORT if not seal.sealed and is_cut_short(content) else _judge(seal)
    return FileVerdict(state, seal, sha256=sha256)


def _judge(seal: SealReport) -> FileState:
    if not seal.sealed:
        return FileState.UNSEALED
    if not seal.intact:
        return FileState.EDITED
    if not seal.whole_file:
        return FileState.EXTENDED
    return FileState.OURS if seal.own else FileState.FOREIGN
