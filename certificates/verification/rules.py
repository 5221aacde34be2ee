"""Decisions about verifying: what state a document is in, and what was typed."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
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


@dataclass(frozen=True)
class LaterVersion:
    """A document that came after another one. ``issue_date`` is ISO 8601, None when its data were erased; ``corrects``: it
    says something else than the one before, and does not only last longer.
    """

    serial: str
    token: str
    issue_date: str | None
    valid_until: date | None
    happenings: Sequence[Happening]
    corrects: bool


@dataclass(frozen=True)
class Newest:
    """The last of the documents that came after another one: the one that counts, if it is valid."""

    version: LaterVersion
    state: CertificateState
    since: datetime | None
    #: Something was corrected on the way to it.
    corrected: bool


def newest_of(later: Sequence[LaterVersion], today: date) -> Newest | None:
    """Return the last of these versions with its state, in the order in which they replaced each other; None: there is none."""
    if not later:
        return None
    state, since = fold_events(later[-1].happenings, later[-1].valid_until, today)
    return Newest(later[-1], state, since, any(one.corrects for one in later))


def is_concealed(kinds: Iterable[str]) -> bool:
    """Say whether the participant has the public page show the state only: of these events the last such choice counts."""
    concealed = False
    for kind in kinds:
        if kind in {"concealed", "revealed"}:
            concealed = kind == "concealed"
    return concealed


def has_family_name(name: str, typed: str) -> bool:
    """Say whether a printed name ends with what was typed; one letter is not enough.

    Case, accents and hyphens are forgiven, and how people write ä, ö, ü and ß without them: ä, ae and a are the same, and
    so are ß, ss and sz. That lets a few names stand for each other (Baur, Bauer); what it costs to guess stays the same.
    """
    if sum(sign.isalpha() for sign in unicodedata.normalize("NFC", typed)) < 2:
        return False
    wanted, words = "".join(_folded(typed)), _folded(name)
    return any("".join(words[start:]) == wanted for start in range(len(words)))


#: Letters that decomposing leaves alone, as people type them who do not have them. YILDIRIM is Yıldırım in capitals.
_PLAIN = str.maketrans({"ß": "ss", "ł": "l", "ı": "i", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
_UMLAUT = re.compile("([aou])e")


def _folded(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    bare = "".join(one if one.isalnum() else " " for one in plain if not unicodedata.combining(one))
    return _UMLAUT.sub(r"\1", bare.replace("sz", "ss")).split()


def squeezed(number: str) -> str:
    """Return a number without what people leave out or write otherwise: SCM202600003."""
    return "".join(sign for sign in number.upper() if sign.isalnum())


def spell_number(typed: str, series: Iterable[str]) -> set[str]:
    """Return how a number may be printed in these series that somebody wrote without its signs, or with others.

    A series is what is before and behind the counter, without signs at its ends (``SerialFormat.series``): SCM-2026.
    """
    made, signs = set(), squeezed(typed)
    for one in (name.strip("-/._") for name in series):
        for cut in range(len(one) + 1):
            before, after = one[:cut], one[cut:]
            head, tail = squeezed(before), squeezed(after)
            counter = signs[len(head) : len(signs) - len(tail)]
            if signs == head + counter + tail and counter.isdigit() and counter.isascii():
                made |= {
                    before + left + counter + right + after
                    for left in (("", *"-/._") if before else ("",))
                    for right in (("", *"-/._") if after else ("",))
                }
    return made


@dataclass(frozen=True)
class Inquiry:
    """One line that somebody asks about. Of ``token``, ``code`` and ``serial`` with ``family_name`` one is given.

    Twelve signs in a row beside a name may be a code or a number without its signs: then both are.
    """

    typed: str
    token: str | None = None
    code: str | None = None
    serial: str | None = None
    family_name: str | None = None
    #: The line as somebody wrote it, for nobody's eyes but theirs: on a sealed receipt it would look like words of ours.
    line: str = field(default="", compare=False)

    @property
    def needs_name(self) -> bool:
        """A number alone: numbers run on, so whoever could ask by them alone could list everything ever issued."""
        return self.code is None and self.serial is not None and not self.family_name

    @property
    def is_unreadable(self) -> bool:
        """Neither a link nor a code, and no number either: that has a digit."""
        return self.needs_name and not any(sign.isdigit() for sign in self.serial or "")


def read_printed_code(text: str) -> str | None:
    """Return the code in a text that is grouped as codes are, or not at all: SCM-2026-00001 has twelve signs as well."""
    return read_code(text) if _CODE.fullmatch(text.strip()) else None


_CODE = re.compile(r"\w{4}[-–‑ ]?\w{4}[-–‑ ]?\w{4}")


def read_inquiry(line: str) -> Inquiry:
    """Return what a line asks about: a link, a code, or a number and a family name.

    Between these stands ``;``, ``,`` or a tab, or just a space: then the number ends with the last word that has a digit.
    """
    written = line.strip()[:200]
    link = LINK.search(line)
    if link:
        return Inquiry(link[0], token=link[1], line=written)
    cells = _cells(line)
    if len(cells) == 1 and not read_printed_code(cells[0]):
        words = cells[0].split()
        last = max(
            (place for place, word in enumerate(words) if any(one.isdigit() for one in word)), default=len(words)
        )
        cells = [one for one in (" ".join(words[: last + 1]), " ".join(words[last + 1 :])) if one]
    for cell in cells:
        code = read_printed_code(cell)
        if code and (cell != cells[0] or len(cells) == 1 or not cell.isalnum()):
            return Inquiry(cell, code=code, line=written)
    name = cells[1] if len(cells) > 1 else None
    return replace(read_number(cells[0] if cells else "", name), line=written)


def read_number(typed: str, family_name: str | None) -> Inquiry:
    """Return what a number and a family name ask about; what was typed may be a code as well."""
    serial = re.sub(r"\s", "", typed).upper()[:40]
    code = read_printed_code(typed)
    if code and not family_name:
        return Inquiry(typed, code=code)
    return Inquiry(serial, code=code, serial=serial, family_name=family_name[:100] if family_name else None)


def read_list(text: str) -> list[Inquiry]:
    """Return the inquiries of a pasted list or a CSV file; empty lines and a line of headings do not count.

    Headings that name the number or the code say where these and the family name stand.
    """
    lines = [line for line in text.replace("\ufeff", "").splitlines() if line.strip(" \t;,\"'")]
    if not lines or not _is_heading(lines[0], alone=len(lines) == 1):
        return [read_inquiry(line) for line in lines]
    columns = _columns(lines[0])
    return [columns.read(line) if columns else read_inquiry(line) for line in lines[1:]]


#: How columns are called, squeezed; the first that is there counts: a column "Nr." beside one "Zertifikatsnummer" counts lines.
_HEADINGS = {
    "serial": (
        "ZERTIFIKATSNUMMER", "ZERTIFIKATNUMMER", "ZERTIFIKATSNR", "ZERTIFIKATNR", "DOKUMENTNUMMER", "DOKUMENTNR",
        "URKUNDENNUMMER", "CERTIFICATENUMBER", "CERTIFICATENO", "DOCUMENTNUMBER", "DOCUMENTNO", "SERIALNUMBER", "SERIAL",
        "NUMMER", "NUMBER", "NR", "NO",
    ),
    "family_name": ("FAMILIENNAME", "NACHNAME", "ZUNAME", "FAMILYNAME", "LASTNAME", "SURNAME", "NAME"),
    "code": ("PRÜFCODE", "PRUEFCODE", "VERIFICATIONCODE", "CODE"),
}  # fmt: skip


@dataclass(frozen=True)
class _Columns:
    """Where in a line of a table stands what; None: nowhere."""

    sign: str
    serial: int | None
    family_name: int | None
    code: int | None

    def read(self, line: str) -> Inquiry:
        """Return what a line asks about; one that has nothing in its columns is read as if there were none."""
        cells = _row(line, self.sign)
        serial, name, written = (
            cells[place] if place is not None and place < len(cells) else ""
            for place in (self.serial, self.family_name, self.code)
        )
        code = read_printed_code(written)
        if _is_heading(line, alone=True):  # neither here nor anywhere else in it
            return Inquiry("–", serial="–", line=line.strip()[:200])
        if LINK.search(line) or not (code or serial):
            return read_inquiry(line)
        # A family name has no comma: what follows one is a given name.
        asked = Inquiry(written, code=code) if code else read_number(serial, name.partition(",")[0].strip() or None)
        return replace(asked, line=line.strip()[:200])


def _columns(heading: str) -> _Columns | None:
    """Return where the columns are that a line of headings names; None when it names neither number nor code."""
    sign = max(";\t,", key=heading.count)
    names = [squeezed(cell) for cell in _row(heading, sign)]
    places = {
        key: next((names.index(name) for name in known if name in names), None) for key, known in _HEADINGS.items()
    }
    return None if places["serial"] is None and places["code"] is None else _Columns(sign, **places)


def _row(line: str, sign: str) -> list[str]:
    """Return the cells of a line, which may stand in quotation marks with the separating sign within."""
    return [cell.strip() for row in csv.reader([line[:2000]], delimiter=sign) for cell in row]


def _is_heading(line: str, *, alone: bool) -> bool:
    """Say whether a first line asks about nothing. One code in thirty is without a digit; ungrouped it looks like a word."""
    if LINK.search(line) or any(sign.isdigit() for sign in line):
        return False
    return not any(read_printed_code(cell) and (alone or not cell.isalnum()) for cell in _cells(line))


def _cells(line: str) -> list[str]:
    return [cell for cell in (cell.strip().strip('"').strip() for cell in re.split(r"[;,\t]", line)) if cell]
