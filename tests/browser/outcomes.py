"""Let things happen to the demonstration's documents, so that a verifier meets every state; prints where they are."""

from __future__ import annotations

import json
import sys

from sqlalchemy import select

from certificates.conferral.models import Certificate, CertificateEvent
from lms.clock import now
from lms.db import session, transaction
from lms.files.queries import get_content
from wsgi import create_app

#: What has happened to a document that nothing has happened to.
UNTOUCHED = {"issued", "rendered", "mailed", "flagged"}
STATES = ("valid", "revoked", "replaced", "erased", "concealed", "successor")


def main(folder: str) -> None:
    """Give six untouched documents a state each, and write their files into a folder."""
    with create_app().app_context(), transaction():
        query = select(Certificate).where(Certificate.pdf_sha256.is_not(None)).order_by(Certificate.id.desc())
        untouched = [
            one
            for one in session.scalars(query)
            if {event.kind for event in one.events} <= UNTOUCHED and not one.replaces_id
        ]
        chosen = dict(zip(STATES, untouched, strict=False))
        told = {}
        for state, certificate in chosen.items():
            path = f"{folder}/{state}.pdf"
            with open(path, "wb") as file:
                file.write(get_content(certificate.pdf_sha256 or ""))
            told[state] = {
                "path": f"/verify/{certificate.token}", "serial": certificate.serial, "name": certificate.facts["name"],
                "code": certificate.facts["code"], "pdf": path,
            }  # fmt: skip
            if state in UNTOUCHED | {"valid", "successor"}:
                continue
            session.add(CertificateEvent(certificate_id=certificate.id, kind=state, at=now()))
        chosen["successor"].replaces_id = chosen["replaced"].id
        sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
