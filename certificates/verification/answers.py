"""What a verifier is told about a document: no more than its state allows and than its owner wants to be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from certificates.conferral.models import Certificate
from certificates.verification.queries import list_later_versions
from certificates.verification.rules import (
    CertificateState,
    Happening,
    Inquiry,
    Newest,
    fold_events,
    is_concealed,
    newest_of,
)
from lms.institution.seal import SealError, load_seal
from lms.settings import current_config

#: These show that there was such a document, and nothing of what it said.
BARE = {CertificateState.REPLACED, CertificateState.ERASED}


@dataclass(frozen=True)
class Told:
    """The answer about one document; ``facts`` is None when they are not shown."""

    certificate: Certificate
    state: CertificateState
    since: datetime | None
    concealed: bool
    facts: dict[str, Any] | None
    #: The newest of the documents that replaced this one, whatever has become of it; None: none did.
    newest: Newest | None = None

    @property
    def replaced_by(self) -> str | None:
        """Where the newest document is."""
        return url_for("verification.verify", token=self.newest.version.token) if self.newest else None

    @property
    def replaces(self) -> dict[str, str] | None:
        """Number and day of issue of the document before, which is all that is told of it; None: there is none, or hidden."""
        replaced: dict[str, str] | None = (self.facts or {}).get("replaces")
        return replaced

    @property
    def valid_until(self) -> date | None:
        """The last day on which it is valid, if it has one."""
        return self.certificate.valid_until_date

    @property
    def pdf_sha256(self) -> str | None:
        """What the file is compared with; None when it has not been made yet or says too much."""
        return None if self.state in BARE or self.newest else self.certificate.pdf_sha256

    @property
    def replaced_because(self) -> str | None:
        """Why there is a newer document, for machines."""
        return None if self.newest is None else "correction" if self.newest.corrected else "renewal"

    def as_json(self) -> dict[str, Any]:
        """The answer for machines: the same as the page."""
        return {
            "state": self.state.value,
            "since": self.since.isoformat() if self.since else None,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "serial": self.certificate.serial,
            "concealed": self.concealed,
            "facts": self.facts,
            "snapshot_sha256": self.certificate.snapshot_sha256 if self.facts else None,
            "pdf_sha256": self.pdf_sha256,
            "replaced_by": self.replaced_by,
            "replaced_because": self.replaced_because,
            "newest": self._newest_as_json(),
            "replaces": self.replaces,
            "issuer": current_config().institution_name,
            "development_seal": seal_is_development(),
        }

    def _newest_as_json(self) -> dict[str, Any] | None:
        if self.newest is None:
            return None
        version, since = self.newest.version, self.newest.since
        return {
            "serial": version.serial,
            "issue_date": version.issue_date,
            "state": self.newest.state.value,
            "since": since.isoformat() if since else None,
            "valid_until": version.valid_until.isoformat() if version.valid_until else None,
        }


def tell(certificate: Certificate, *, at: datetime) -> Told:
    """Return what a verifier is told at this moment; ``certificate.events`` are there already."""
    today = at.astimezone(ZoneInfo(current_config().zone)).date()
    events = [Happening(event.kind, event.at) for event in certificate.events]
    state, since = fold_events(events, certificate.valid_until_date, today)
    concealed = is_concealed(event.kind for event in events)
    # One that was revoked may have been issued anew afterwards: what it said wrongly is told no more then, either.
    replaced = state is not CertificateState.ERASED and any(
        one.kind == CertificateState.REPLACED.value for one in events
    )
    return Told(
        certificate=certificate,
        state=state,
        since=since,
        concealed=concealed,
        facts=None if state in BARE or replaced or concealed else certificate.facts,
        newest=newest_of(list_later_versions(certificate), today) if replaced else None,
    )


@dataclass(frozen=True)
class Line:
    """One line of a list with its result: ``told`` when there is such a document, else ``problem`` says why not."""

    inquiry: Inquiry
    told: Told | None
    problem: str

    def as_json(self) -> dict[str, Any]:
        """The line for machines."""
        if self.told is None:
            return {"asked": self.inquiry.typed, "state": None, "problem": self.problem}
        full = self.told.as_json()
        kept = ("state", "since", "valid_until", "serial", "concealed", "replaced_by", "replaced_because")
        facts = self.told.facts or {}
        return {
            "asked": self.inquiry.typed,
            **{key: full[key] for key in kept},
            "name": facts.get("name"),
            "course": facts.get("course"),
            "kind": facts.get("kind"),
            "issue_date": facts.get("issue_date"),
        }


def tell_list(
    inquiries: Sequence[Inquiry], found: Sequence[Certificate | None], *, misses: int, at: datetime
) -> list[Line]:
    """Return a list's results. After so many ``misses`` the rest is not looked at: a list is no way to try out names."""
    lines = []
    for inquiry, certificate in zip(inquiries, found, strict=True):
        if misses < 0:
            lines.append(Line(inquiry, None, "not_checked"))
        elif inquiry.is_unreadable:
            lines.append(Line(inquiry, None, "unreadable"))
        elif inquiry.needs_name:
            lines.append(Line(inquiry, None, "name_missing"))
        elif certificate is not None:
            lines.append(Line(inquiry, tell(certificate, at=at), ""))
        else:
            misses -= 1
            lines.append(Line(inquiry, None, "unknown" if misses >= 0 else "not_checked"))
    return lines


def seal_is_development() -> bool:
    """Say whether documents are sealed with the development key, which nobody should trust."""
    try:
        return load_seal().is_development
    except SealError:
        return False
