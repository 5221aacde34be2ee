"""The protocol of a conferral as a sealed PDF, made from what was frozen alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from certificates.conferral.models import Conferral
from certificates.conferral.protocols import ACHIEVEMENTS
from certificates.conferral.rules import canonical_json
from courses.cohorts.models import Cohort
from lms.audit.actions import record_audit
from lms.db import session
from lms.files.actions import store_file
from lms.printing.rendering import AttachedFile
from lms.printing.reports import print_report


def print_protocol(conferral: Conferral, *, at: datetime) -> None:
    """Print, seal and keep the protocol; once it is there, nothing happens. Raises PrintingImpossibleError or SealError.

    It is dated by the conferral, so that the same protocol gives the same document.
    """
    if conferral.protocol_pdf_sha256 is not None or conferral.protocol_sha256 is None:
        return
    cohort = session.get_one(Cohort, conferral.cohort_id)
    protocol: dict[str, Any] = conferral.protocol
    groups = {kind: [line for line in protocol["lines"] if _kind(line) == kind] for kind in (*ACHIEVEMENTS, "erased")}
    with force_locale(cohort.version.language):
        pdf = print_report(
            "conferral/protocol.html",
            title=_title(conferral),
            identifier=f"P-{conferral.id:05}",
            at=conferral.conferred_at,
            attached=[
                AttachedFile("protokoll.json", canonical_json(protocol).encode(), "Das Protokoll als JSON, kanonisch")
            ],
            protocol=protocol,
            groups=groups,
            proposed_at=datetime.fromisoformat(protocol["proposed_at"]),
            approved_at=datetime.fromisoformat(protocol["approval"]["at"]),
            serials=protocol["approval"]["serials"],
            sha256=conferral.protocol_sha256,
            zone=cohort.zone,
        )
    conferral.protocol_pdf_sha256 = store_file(pdf, at=at).sha256
    record_audit("protocol_printed", conferral, actor=None, at=at, sha256=conferral.protocol_pdf_sha256)
    session.flush()


def _title(conferral: Conferral) -> str:
    if conferral.number == 1:
        return str(_("Protocol of the conferral"))
    return str(_("Protocol of supplement %(number)s to the conferral", number=conferral.number - 1))


def _kind(line: dict[str, Any]) -> str:
    return "erased" if line.get("erased") else str(line["achievement"])
