"""What strangers and machines find of the demonstration: addresses for verifying, and files to try it with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from certificates.conferral.models import Certificate
from certificates.credentials.issuing import credential_jwt, credential_with_proof
from certificates.credentials.rules import status_place
from certificates.takeaway.archives import stream_archive
from certificates.takeaway.queries import list_documents
from certificates.takeaway.rules import archive_name
from courses.cohorts.models import Cohort
from lms.clock import now


def list_outside_paths(certificate: Certificate) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the pages and documents for verifiers by their names in demo.json."""
    number, _index = status_place(certificate.id)
    return {
        "verify": ("verification.verify", {"token": certificate.token}),
        "verify_json": ("verification.verify", {"token": f"{certificate.token}.json"}),
        "verify_form": ("verification.number", {}),
        "verify_bulk": ("verification.many", {}),
        "did": ("credentials.did", {}),
        "jwks": ("credentials.jwks", {}),
        "status_list": ("credentials.status_list", {"number": number}),
    }


def write_outside_files(certificate: Certificate, cohort: Cohort, folder: Path) -> dict[str, str]:
    """Write a credential and the cohort's archive into a folder and return where they are."""
    token, proven = folder / f"{certificate.serial}.jwt", folder / f"{certificate.serial}.json"
    token.write_text(credential_jwt(certificate), "utf-8")
    proven.write_text(json.dumps(credential_with_proof(certificate), ensure_ascii=False, indent=1), "utf-8")
    archive = folder / archive_name(cohort.title)
    with archive.open("wb") as file:
        for piece in stream_archive(cohort, *list_documents(cohort), at=now()):
            file.write(piece)
    found = {"credential_jwt": token, "credential_json": proven, "cohort_zip": archive}
    return {name: str(path.absolute()) for name, path in found.items()}
