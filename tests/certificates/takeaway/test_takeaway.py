"""What people take along: credentials, and archives that can be checked when this platform is gone."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from flask import Flask

from certificates.credentials.issuing import credential_jwt
from certificates.documents.jobs import render_due_certificates
from certificates.takeaway.rules import archive_name, checksum_lines
from lms.db import session
from lms.files.queries import get_content
from tests.cast import Cast, signed_in
from tests.certificates.issued import add_event, issue


@pytest.fixture
def rendered(cast: Cast, short_print: None) -> Cast:
    """Three documents with their files: a valid one, a revoked one, one erased."""
    issue(cast, 1)
    issue(cast, 2, name="Ćwik, Žofie", events=["revoked"])
    erased = issue(cast, 3)
    render_due_certificates()
    add_event(erased, "erased")
    session.expire_all()
    return cast


def archive(app: Flask, cast: Cast) -> bytes:
    """Return the archive as the coordinator gets it."""
    answer = signed_in(app, cast.coordinator).get(f"/cohorts/{cast.cohort.id}/documents.zip")
    assert answer.status_code == 200
    assert "durchgang-herbst-2026.zip" in answer.headers["Content-Disposition"]
    return bytes(answer.data)


def test_the_credential_in_the_pdf_is_the_one_to_download(app: Flask, cast: Cast) -> None:
    certificate = issue(cast)
    render_due_certificates()
    session.expire_all()
    with pikepdf.open(io.BytesIO(get_content(certificate.pdf_sha256 or ""))) as pdf:
        attached = pdf.attachments["credential.jwt"].get_file().read_bytes()
        assert str(pdf.Root.AF[0].AFRelationship) == "/Data"
    answer = signed_in(app, cast.participant).get(f"/certificates/{certificate.id}/credential.jwt")
    assert answer.mimetype == "application/vc+jwt"
    assert answer.data == attached == credential_jwt(certificate).encode()
    proven = signed_in(app, cast.participant).get(f"/certificates/{certificate.id}/credential.json")
    assert json.loads(proven.data)["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
    assert len(get_content(certificate.pdf_sha256 or "")) <= 50 * 1024


def test_credentials_are_for_the_owner_and_the_office(app: Flask, cast: Cast) -> None:
    certificate = issue(cast)
    expected = {
        "participant": 200, "other_participant": 404, "coordinator": 200, "auditor": 200, "trainer": 403, "admin": 403,
    }  # fmt: skip
    for path in (f"/certificates/{certificate.id}/credential.jwt", f"/certificates/{certificate.id}/credential.json"):
        found = {who: signed_in(app, getattr(cast, who)).get(path).status_code for who in expected}
        assert found == expected
    add_event(certificate, "erased")
    assert signed_in(app, cast.participant).get(f"/certificates/{certificate.id}/credential.jwt").status_code == 404


def test_the_archive_holds_everything_with_its_checksums(app: Flask, rendered: Cast, tmp_path: Path) -> None:
    content = archive(app, rendered)
    assert archive(app, rendered) == content
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert found.testzip() is None
        found.extractall(tmp_path)
        names = found.namelist()
    assert names == [
        "manifest.json", "manifest.sig.json", "pruefen.html", "SHA256SUMS",
        "documents/SCM-2026-00001.pdf", "credentials/SCM-2026-00001.jwt",
        "documents/SCM-2026-00002.pdf", "credentials/SCM-2026-00002.jwt",
    ]  # fmt: skip
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "manifest.json").read_bytes())
    assert [(one["serial"], one["name"], one["state"]) for one in manifest["documents"]] == [
        ("SCM-2026-00001", "Petra Łukaszewicz", "valid"), ("SCM-2026-00002", "Ćwik, Žofie", "revoked"),
    ]  # fmt: skip
    for one in manifest["documents"]:
        for name, sha256 in one["files"].items():
            assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == sha256


def test_an_archive_says_what_is_not_in_it(app: Flask, rendered: Cast) -> None:
    issue(rendered, 4), issue(rendered, 5)
    client = signed_in(app, rendered.coordinator)
    page = client.get(f"/cohorts/{rendered.cohort.id}/conferral").text
    assert "2 Dokumente werden noch gedruckt und sind noch nicht darin." in page
    with zipfile.ZipFile(io.BytesIO(archive(app, rendered))) as found:
        manifest, shown = json.loads(found.read("manifest.json")), found.read("pruefen.html").decode()
    assert [one["serial"] for one in manifest["documents"]] == ["SCM-2026-00001", "SCM-2026-00002"]
    assert manifest["missing"] == [
        {"serial": "SCM-2026-00003", "reason": "erased"}, {"serial": "SCM-2026-00004", "reason": "being_printed"},
        {"serial": "SCM-2026-00005", "reason": "being_printed"},
    ]  # fmt: skip
    assert "<p data-being-printed hidden>" in shown
    render_due_certificates()
    assert "noch nicht darin" not in client.get(f"/cohorts/{rendered.cohort.id}/conferral").text


def test_an_archive_says_which_document_replaced_which(app: Flask, cast: Cast, short_print: None) -> None:
    old = issue(cast, 1)
    issue(cast, 2, name="Petra Neu", replaces={"serial": old.serial, "issue_date": "2026-06-01"})
    render_due_certificates()
    add_event(old, "replaced")
    session.expire_all()
    with zipfile.ZipFile(io.BytesIO(archive(app, cast))) as opened:
        listed = json.loads(opened.read("manifest.json"))["documents"]
        page = opened.read("pruefen.html").decode()
    assert [(one["state"], one["replaces"]) for one in listed] == [("replaced", None), ("valid", "SCM-2026-00001")]
    assert 'data-newest="neuestes Dokument:"' in page


def test_the_manifest_is_signed(app: Flask, rendered: Cast) -> None:
    with zipfile.ZipFile(io.BytesIO(archive(app, rendered))) as found:
        manifest, told = found.read("manifest.json"), json.loads(found.read("manifest.sig.json"))
        page = found.read("pruefen.html").decode()

    def number(text: str) -> int:
        return int.from_bytes(base64.urlsafe_b64decode(text + "=="))

    key = ec.EllipticCurvePublicNumbers(number(told["key"]["x"]), number(told["key"]["y"]), ec.SECP256R1()).public_key()
    raw = base64.urlsafe_b64decode(told["signature"] + "==")
    signature = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(signature, manifest, ec.ECDSA(hashes.SHA256()))
    assert json.dumps(told["signature"]) in page
    assert "http" not in page.replace("http-equiv", "").partition('id="data"')[0]


def test_an_archive_is_for_the_office_and_needs_a_document(app: Flask, rendered: Cast) -> None:
    expected = {"coordinator": 200, "auditor": 200, "trainer": 403, "participant": 403, "admin": 403}
    path = f"/cohorts/{rendered.cohort.id}/documents.zip"
    assert {who: signed_in(app, getattr(rendered, who)).get(path).status_code for who in expected} == expected
    empty = signed_in(app, rendered.coordinator).get(f"/cohorts/{rendered.other_cohort.id}/documents.zip")
    assert empty.location == f"/cohorts/{rendered.other_cohort.id}/conferral"


def test_a_large_archive_never_lies_in_memory_whole(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from certificates.takeaway import archives

    for number in range(1, 9):
        issue(cast, number).pdf_sha256 = None
    monkeypatch.setattr(archives, "get_content", lambda _sha256: b"%PDF" + bytes(1_000_000))
    certificates: Any = [issue(cast, number) for number in range(11, 19)]
    with app.test_request_context():
        pieces = list(archives.stream_archive(cast.cohort, certificates, [], at=certificates[0].issued_at))
    assert len(pieces) >= 10
    assert max(map(len, pieces)) < 1_100_000


@pytest.mark.parametrize(
    ("title", "name"),
    [("Frühjahr 2026", "fruehjahr-2026.zip"), ("Łódź & Großräschen", "lodz-grossraeschen.zip"), ("…", "documents.zip")],
)
def test_an_archive_is_named_after_its_cohort(title: str, name: str) -> None:
    assert archive_name(title) == name


def test_checksums_are_what_the_usual_program_reads() -> None:
    assert checksum_lines({"b": "22", "a": "11"}) == b"11  a\n22  b\n"
