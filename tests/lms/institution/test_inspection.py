"""Whose seal it is, whether it holds, and that nothing was added after it; hostile files included."""

from __future__ import annotations

import io
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from lms.institution.inspection import UNSEALED, inspect_seal
from lms.institution.seal import make_development_key, sign_pdf
from tests.lms.institution.conftest import AT, Authority

pytestmark = pytest.mark.once


@pytest.fixture
def sealed(database: Flask, page: bytes) -> bytes:
    """A sealed file of our own."""
    return sign_pdf(page, at=AT, reason="P-1", location="Potsdam")


def test_an_unaltered_file_of_our_own(sealed: bytes) -> None:
    report = inspect_seal(sealed)
    assert report.sealed
    assert report.intact
    assert report.whole_file
    assert report.own
    assert report.development
    assert report.signer == "Siegel Testinstitut"
    assert report.signed_at == AT


def test_our_answer_is_that_of_others(sealed: bytes, tmp_path: Path) -> None:
    status = validate_pdf_signature(
        PdfFileReader(io.BytesIO(sealed)).embedded_signatures[0],
        ValidationContext(trust_roots=[], allow_fetching=False),
    )
    assert status.intact
    assert status.valid
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed)
    program = shutil.which("pdfsig")
    assert program, "pdfsig is not installed; 'make test' installs it."
    said = subprocess.run([program, path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said


def test_every_changed_byte_is_found(sealed: bytes) -> None:
    for place in (20, len(sealed) // 3, len(sealed) - 30):
        changed = bytearray(sealed)
        changed[place] ^= 1
        report = inspect_seal(bytes(changed))
        assert not (report.intact and report.whole_file and report.own), place


def test_a_page_added_after_the_seal_is_found(sealed: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()  # type: ignore[no-untyped-call]  # as the library has it
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]  # as the library has it
    report = inspect_seal(out.getvalue())
    assert report.own
    assert report.intact
    assert not report.whole_file


def test_a_file_written_anew_has_lost_its_seal(sealed: bytes) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        pdf.save(out)
    report = inspect_seal(out.getvalue())
    assert not report.intact


def test_what_stands_before_or_behind_is_found(sealed: bytes) -> None:
    assert not inspect_seal(b"%PDF-1.7\n" + sealed).intact
    assert not inspect_seal(sealed + b"\n").whole_file
    assert not inspect_seal(sealed[:-1]).intact


def test_what_hides_behind_the_seal_in_its_place_is_found(sealed: bytes) -> None:
    end = sealed.index(b">", sealed.index(b"/Contents <")) - 8
    assert sealed[end : end + 8] == b"0" * 8
    assert inspect_seal(sealed[:end] + b"DEADBEEF" + sealed[end + 8 :]) == UNSEALED


def test_the_seal_of_somebody_else(page: bytes, configured: Callable[..., None], tmp_path: Path) -> None:
    key = tmp_path / "foreign.p12"
    key.write_bytes(make_development_key("Fremde Stelle"))
    configured(seal_key_file=key)
    foreign = sign_pdf(page, at=AT, reason="x", location="y")
    configured()
    report = inspect_seal(foreign)
    assert report.intact
    assert report.whole_file
    assert not report.own
    assert report.signer == "Siegel Fremde Stelle"


def test_a_foreign_seal_over_ours_does_not_hide_that_ours_is_not_over_the_whole(
    sealed: bytes, configured: Callable[..., None], tmp_path: Path
) -> None:
    from pyhanko.sign import PdfSignatureMetadata, PdfSigner

    from lms.institution.seal import load_seal

    key = tmp_path / "foreign.p12"
    key.write_bytes(make_development_key("Fremde Stelle"))
    configured(seal_key_file=key)
    out = io.BytesIO()
    PdfSigner(PdfSignatureMetadata(field_name="Zwei"), signer=load_seal().signer).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(sealed)), output=out
    )
    configured()
    report = inspect_seal(out.getvalue())
    assert report.own
    assert not report.whole_file


def test_the_authoritys_time_counts(page: bytes, configured: Callable[..., None], authority: Authority) -> None:
    configured(seal_timestamp_url=authority.url)
    report = inspect_seal(sign_pdf(page, at=AT, reason="x", location="y"))
    assert report.own
    assert report.intact
    assert report.signed_at is not None
    assert report.signed_at > AT + timedelta(days=1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"/ByteRange [0 1 2 3]",
        b"/ByteRange [0 999999999999 999999999999 999999999999]",
        b"/ByteRange [0 30 34 0]" + b"x" * 8 + b"<30>",
        b"/ByteRange [0 40 4096 0]".ljust(40) + b"<" + b"30800000" * 507 + b">",
        b"/ByteRange [0 40 4096 0]".ljust(40) + b"<" + b"A0" * 2027 + b">",
        b"PK\3\4" + b"\xff" * 1000,
    ],
    ids=["empty", "no PDF", "no seal", "beyond the end", "a stump", "open ends", "nested", "a ZIP"],
)
def test_hostile_files_are_no_sealed_ones(database: Flask, content: bytes) -> None:
    assert inspect_seal(content) == UNSEALED


def test_a_hundred_megabytes_of_false_seals_take_no_longer_than_reading_them(sealed: bytes) -> None:
    end = sealed.index(b"/ByteRange")
    content = sealed + sealed[end : end + 60] * 200_000 + b" " * 90_000_000
    began = time.monotonic()
    report = inspect_seal(content)
    assert time.monotonic() - began < 10
    assert not (report.own and report.whole_file)
