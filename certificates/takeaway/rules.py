"""What stands in a cohort's archive; plain values in, plain values out."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

FORMAT = 1


@dataclass(frozen=True)
class Taken:
    """One document that goes along, with the hashes of its two files."""

    serial: str
    kind: str
    name: str
    course: str
    issue_date: str
    state: str
    link: str
    pdf_sha256: str
    credential_sha256: str
    #: The number of the document that it replaced.
    replaces: str | None = None

    @property
    def pdf(self) -> str:
        """Where its PDF lies in the archive."""
        return f"documents/{self.serial}.pdf"

    @property
    def credential(self) -> str:
        """Where its credential lies in the archive."""
        return f"credentials/{self.serial}.jwt"


class MissingReason(StrEnum):
    """Why a document is not in an archive."""

    BEING_PRINTED = "being_printed"
    ERASED = "erased"


@dataclass(frozen=True)
class Missing:
    """One document that was issued and does not go along."""

    serial: str
    reason: MissingReason


def why_missing(kinds: Iterable[str], pdf_sha256: str | None) -> MissingReason | None:
    """Return why a document with these events cannot go along; None when it can."""
    if "erased" in kinds:
        return MissingReason.ERASED
    return MissingReason.BEING_PRINTED if pdf_sha256 is None else None


def archive_manifest(
    cohort: str, issuer: str, did: str, as_of: str, documents: Sequence[Taken], missing: Sequence[Missing]
) -> dict[str, Any]:
    """Return what an archive holds and what it does not.

    ``as_of`` is the moment of the last event, so that the same state gives the same bytes.
    """
    return {
        "format": FORMAT,
        "issuer": issuer,
        "did": did,
        "cohort": cohort,
        "as_of": as_of,
        "documents": [
            {
                "serial": one.serial,
                "kind": one.kind,
                "name": one.name,
                "course": one.course,
                "issue_date": one.issue_date,
                "state": one.state,
                "replaces": one.replaces,
                "link": one.link,
                "files": {one.pdf: one.pdf_sha256, one.credential: one.credential_sha256},
            }
            for one in documents
        ],
        "missing": [{"serial": one.serial, "reason": one.reason.value} for one in missing],
    }


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """Return a manifest as it is signed: readable, and the same bytes for the same content."""
    return (json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def checksum_lines(files: Mapping[str, str]) -> bytes:
    """Return SHA256SUMS as ``sha256sum --check`` reads it."""
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(files.items())).encode()


def archive_name(cohort: str) -> str:
    """Return a file name made of a cohort's title: fruehjahr-2026.zip."""
    text = cohort.casefold()
    for sign, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ł", "l")):
        text = text.replace(sign, letters)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return (re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "documents") + ".zip"
