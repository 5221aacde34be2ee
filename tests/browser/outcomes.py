"""Let things happen to the demonstration's documents, so that a verifier meets every state."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from certificates.conferral.models import Certificate, CertificateEvent, Conferral
from certificates.takeaway.archives import stream_archive
from certificates.takeaway.queries import list_documents
from courses.cohorts.models import Cohort
from lms.clock import now
from lms.db import session
from lms.files.queries import get_content

#: What has happened to a document that nothing has happened to.
UNTOUCHED = {"issued", "rendered", "mailed", "flagged"}
STATES = ("valid", "revoked", "replaced", "erased", "concealed", "successor")


def make_outcomes(folder: Path) -> dict[str, dict[str, str]]:
    """Give six untouched documents a state each, write their files into a folder, and return what a test needs to know."""
    # Of the demonstration's own cohort: others may have been conferred by the tests that ran before.
    query = (
        select(Certificate)
        .join(Certificate.conferral)
        .join(Conferral.cohort)
        .where(Certificate.pdf_sha256.is_not(None), Cohort.title == "Frühjahr 2026")
        .order_by(Certificate.id.desc())
    )
    untouched = [
        one
        for one in session.scalars(query)
        if {event.kind for event in one.events} <= UNTOUCHED and not one.replaces_id
    ]
    chosen = dict(zip(STATES, untouched, strict=False))
    told = {}
    for state, certificate in chosen.items():
        path = folder / f"{state}.pdf"
        path.write_bytes(get_content(certificate.pdf_sha256 or ""))
        told[state] = {
            "path": f"/verify/{certificate.token}", "serial": certificate.serial, "name": certificate.facts["name"],
            "code": certificate.facts["code"], "pdf": str(path),
        }  # fmt: skip
        if state in UNTOUCHED | {"valid", "successor"}:
            continue
        session.add(CertificateEvent(certificate_id=certificate.id, kind=state, at=now()))
    chosen["successor"].replaces_id = chosen["replaced"].id
    return told


def write_archive(serial: str, path: Path) -> None:
    """Write the archive of the cohort that has the document with this number."""
    certificate = session.scalars(select(Certificate).where(Certificate.serial == serial)).one()
    cohort = certificate.conferral.cohort
    path.write_bytes(b"".join(stream_archive(cohort, *list_documents(cohort), at=now())))
