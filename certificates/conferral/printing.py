"""The protocol of a conferral as a sealed PDF, made from what was frozen alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from certificates.conferral.models import Conferral
from certificates.conferral.protocols import ACHIEVEMENTS
from certificates.conferral.rules import canonical_json
from courses.cohorts.models import Cohort
from lms.audit.actions import record_audit
from lms.db import lock, session
from lms.files.actions import store_file
from lms.printing.rendering import AttachedFile
from lms.printing.reports import print_report


@dataclass(frozen=True)
class Printed:
    """A sealed protocol, and what it was printed from."""

    protocol: dict[str, Any]
    pdf: bytes


def prepare_protocol(conferral_id: int) -> Callable[[datetime], Printed]:
    """Read a protocol and return what prints it and seals it as of a moment, which needs no database any more.

    It is dated by the conferral, so that the same protocol gives the same document; sealed it is when it is printed.
    """
    conferral = session.get_one(Conferral, conferral_id)
    cohort = session.get_one(Cohort, conferral.cohort_id)
    language, zone, number, at = cohort.version.language, cohort.zone, conferral.number, conferral.conferred_at
    sha256, protocol = conferral.protocol_sha256, conferral.protocol
    groups = {kind: [line for line in protocol["lines"] if _kind(line) == kind] for kind in (*ACHIEVEMENTS, "erased")}

    def print_it(sealed_at: datetime) -> Printed:
        with force_locale(language):
            pdf = print_report(
                "conferral/protocol.html",
                title=_title(number),
                identifier=f"P-{conferral_id:05}",
                at=at,
                sealed_at=sealed_at,
                attached=[
                    AttachedFile("protokoll.json", canonical_json(protocol).encode(), "Das Protokoll als JSON, kanonisch")
                ],
                protocol=protocol,
                groups=groups,
                proposed_at=datetime.fromisoformat(protocol["proposed_at"]),
                approved_at=datetime.fromisoformat(protocol["approval"]["at"]),
                serials=protocol["approval"]["serials"],
                sha256=sha256,
                zone=zone,
            )
        return Printed(protocol, pdf)

    return print_it


def keep_protocol(conferral_id: int, printed: Printed, *, at: datetime) -> None:
    """Keep a printed protocol; nothing happens if there is one already, or if a line was erased while it was printed.

    What was erased meanwhile is printed by the next run.
    """
    conferral = session.get_one(Conferral, conferral_id)
    lock(conferral)
    if conferral.protocol_pdf_sha256 is not None or conferral.protocol != printed.protocol:
        return
    conferral.protocol_pdf_sha256 = store_file(printed.pdf, at=at).sha256
    record_audit("protocol_printed", conferral, actor=None, at=at, sha256=conferral.protocol_pdf_sha256)
    session.flush()


def _title(number: int) -> str:
    if number == 1:
        return str(_("Protocol of the conferral"))
    return str(_("Protocol of supplement %(number)s to the conferral", number=number - 1))


def _kind(line: dict[str, Any]) -> str:
    return "erased" if line.get("erased") else str(line["achievement"])
