"""Decisions about verifying: what state a document is in, and what was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from certificates.conferral.rules import read_code

TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
LINK = re.compile(r"/verify/([A-Za-z0-9_-]{32})(?![A-Za-z0-9_-])")
#: How many lines one list may have.
MOST_LINES = 500
#: So many wrong names, numbers and codes may an asker try a minute, whatever number of processes serve.
GUESSES_PER_MINUTE = 12


class CertificateState(StrEnum):
    """What a verifier is told."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"
    ERASED = "erased"


@dataclass(frozen=True)
class Happening:
    """An event of a certificate."""

    kind: str
    at: datetime


def fold_events(
    events: Sequence[Happening], valid_until: date | None, today: date
) -> tuple[CertificateState, datetime | None]:
    """Return the state after these events, and since when; erasure outweighs revocation, that replacement, that expiry."""
    for state in (CertificateState.ERASED, CertificateState.REVOKED, CertificateState.REPLACED):
        for event in reversed(events):
            if event.kind == state.value:
                return state, event.at
    if valid_until is not None and today > valid_until:
        return CertificateState.EXPIRED, None
    return CertificateState.VALID, None


def is_concealed(kinds: Iterable[str]) -> bool:
    """Say whether the participant has the public page show the state only: of these events the last such choice counts."""
    concealed = False
    for kind in kinds:
        if kind in {"concealed", "revealed"}:
            concealed = kind == "concealed"
    return concealed


def has_family_name(name: str, typed: str) -> bool:
    """Say whether a printed name ends with what was typed, forgiving case, accents and hyphens; one letter is not enough."""
    wanted, words = _folded(typed), _folded(name)
    return bool(wanted) and words[-len(wanted) :] == wanted and len("".join(wanted)) >= 2


#: Letters that decomposing leaves alone, as people type them who do not have them. YILDIRIM is Yıldırım in capitals.
_PLAIN = str.maketrans({"ß": "ss", "ł": "l", "ı": "i", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})


def _folded(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(one if one.isalnum() else " " for one in plain if not unicodedata.combining(one)).split()


@dataclass(frozen=True)
class Inquiry:
    """One line that somebody asks about. Of ``token``, ``code`` and ``serial`` with ``family_name`` one is given."""

    typed: str
    token: str | None = None
    code: str | None = None
    serial: str | None = None
    family_name: str | None = None

    @property
    def needs_name(self) -> bool:
        """A number alone: numbers run on, so whoever could ask by them alone could list everything ever issued."""
        return self.serial is not None and not self.family_name


def read_printed_code(text: str) -> str | None:
    """Return the code in a text that is grouped as codes are, or not at all: SCM-2026-00001 has twelve signs as well."""
    return read_code(text) if _CODE.fullmatch(text.strip()) else None


#: A link or a code may be without a digit.
_ASKED = re.compile(rf"{LINK.pattern}|\w{{4}}-\w{{4}}-\w{{4}}")
_CODE = re.compile(r"\w{4}[-–‑ ]?\w{4}[-–‑ ]?\w{4}")


def read_inquiry(line: str) -> Inquiry:
    """Return what a line asks about: a link, a code, or a number and a family name between ``;``, ``,`` or tab."""
    link = LINK.search(line)
    if link:
        # What stands beside it is not repeated: on a sealed receipt it would look like words of ours.
        return Inquiry(link[0], token=link[1])
    cells = [cell.strip().strip('"').strip() for cell in re.split(r"[;,\t]", line)]
    for cell in cells:
        code = read_printed_code(cell)
        if code:
            return Inquiry(cell, code=code)
    rest = [cell for cell in cells if cell]
    serial = re.sub(r"\s", "", rest[0]).upper()[:40] if rest else ""
    return Inquiry(serial, serial=serial, family_name=rest[1][:100] if len(rest) > 1 else None)


def read_list(text: str) -> list[Inquiry]:
    """Return the inquiries of a pasted list or a CSV file; empty lines and a line of headings (no digit) do not count."""
    lines = [line for line in text.replace("\ufeff", "").splitlines() if line.strip(" \t;,\"'")]
    if lines and not any(sign.isdigit() for sign in lines[0]) and not _ASKED.search(lines[0]):
        lines = lines[1:]
    return [read_inquiry(line) for line in lines]

