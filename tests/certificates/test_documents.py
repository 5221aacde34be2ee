"""The printed document: what it says, what a screen reader finds in it, and that it can be trusted."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from flask import Flask
from flask_babel import force_locale
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from certificates.documents.rendering import LAYOUTS, render_pdf
from lms.institution.seal import load_seal, sign_pdf
from lms.printing.fetching import BASE, OwnFiles
from lms.printing.rendering import AttachedFile, print_fonts
from lms.printing.reports import print_report

ISSUED = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)
LINK = "https://lernen.example.de/verify/abcDEF_-3456789012345678901234ab"
NAMES = [
    "Petra Łukaszewicz",
    "Dr.-Ing. Maximiliane-Friederike Freifrau von und zu Großschönebeck-Hönow-Waldsieversdorf",
    "ÄÖÜß ćčěłńŕśšźž",
    "Ελένη Παπαδοπούλου",
    "Наталія Шевченко",
]


def facts(**changes: Any) -> dict[str, Any]:
    """Return a snapshot."""
    return {
        "format": 1, "kind": "certificate", "serial": "SCM-2026-00001", "verify_url": LINK, "code": "K7QF-3M9P-X2TD",
        "language": "de", "name": NAMES[0],
        "municipality": "Ahrensfelde", "course": "Smart City Manager", "cohort": "Frühjahr 2026", "begin_date": "2026-03-03",
        "end_date": "2026-05-26",
        "ue": {"total": 72, "live_planned": 40, "live_attended": 36, "self_study": 20, "project": 12},
        "modules": [{"title": f"Modul {number}", "self_study_ue": 2, "live_ue": 4} for number in range(1, 11)],
        "criteria": [{"kind": "lessons", "title": "Lektionen", "text": "Alle sind erledigt."}], "attendance_percent": 80,
        "issuer": "Testinstitut", "signatories": [{"name": "Dr. Henriette Falk", "function": "Leitung"}], "place": "Potsdam",
        "issue_date": "2026-06-01", **changes,
    }  # fmt: skip


def tags(element: Any, found: list[str]) -> list[str]:
    """Return the structure types of a tagged PDF in reading order."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found.append(str(kid["/S"]))
            tags(kid, found)
    return found


def elements(element: Any, kind: str) -> list[Any]:
    """Return all structure elements of a type."""
    kids = element.get("/K", [])
    found = []
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found += [kid] if str(kid["/S"]) == kind else []
            found += elements(kid, kind)
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["certificate", "attendance"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_document_is_pdf_a_and_pdf_ua(name: str, kind: str, language: str, tmp_path: Path) -> None:
    content = render_pdf(facts(name=name, kind=kind, language=language), issued_at=ISSUED)
    assert len(content) <= 60 * 1024
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = pdf.Root
        assert len(pdf.pages) == 2
        assert root.MarkInfo.Marked
        assert str(root.Lang) == language
        assert root.ViewerPreferences.DisplayDocTitle
        assert root.OutputIntents[0].S == "/GTS_PDFA1"
        assert all(str(page.Tabs) == "/S" for page in pdf.pages)
        metadata = root.Metadata.read_bytes().decode()
        for part in ("<pdfuaid:part>1</pdfuaid:part>", "pdfaid:part", "pdfaExtension:schemas"):
            assert part in metadata
        with pdf.open_metadata() as xmp:
            assert xmp["pdfaid:part"] == "3"
            assert xmp["pdfaid:conformance"] == "A"
            assert name in xmp["dc:title"]
        tree = root.StructTreeRoot
        kinds = tags(tree, [])
        assert kinds.count("/H1") == 1
        assert {"/H2", "/H3", "/Table", "/TH", "/TD", "/Figure", "/Link", "/P"} <= set(kinds)
        assert all(str(figure.get("/Alt", "")) for figure in elements(tree, "/Figure"))
        links = [one for page in pdf.pages for one in page.get("/Annots", []) if one.Subtype == "/Link"]
        assert links
        assert all(str(link.get("/Contents", "")) for link in links)
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert all("/ToUnicode" in font for font in fonts)
        assert all("/FontFile2" in font.DescendantFonts[0].FontDescriptor for font in fonts)
    path = tmp_path / "document.pdf"
    path.write_bytes(content)
    assert subprocess.run([need("qpdf"), "--check", path], check=False, capture_output=True).returncode == 0
    text = subprocess.run([need("pdftotext"), "-layout", path, "-"], check=True, capture_output=True, text=True).stdout
    for part in (*name.split(), "SCM-2026-00001", "K7QF-3M9P-X2TD", "Smart City Manager", "36", "72"):
        assert part in text


def need(program: str) -> str:
    """Return the path of a program that 'make test' installs."""
    found = shutil.which(program)
    assert found, f"{program} is not installed; 'make test' installs it."
    return found


def test_the_same_facts_give_the_same_bytes() -> None:
    assert render_pdf(facts(), issued_at=ISSUED) == render_pdf(facts(), issued_at=ISSUED)


def test_the_code_on_the_page_is_the_link(tmp_path: Path) -> None:
    path = tmp_path / "document.pdf"
    path.write_bytes(render_pdf(facts(), issued_at=ISSUED))
    subprocess.run([need("pdftoppm"), "-r", "150", "-f", "1", "-l", "1", "-png", path, tmp_path / "page"], check=True)
    picture = next(tmp_path.glob("page*.png"))
    read = subprocess.run([need("zbarimg"), "-q", "--raw", picture], check=True, capture_output=True, text=True).stdout
    assert read.strip() == LINK


def test_the_seal_covers_the_whole_file_and_breaks_with_it(database: Flask) -> None:
    sealed = sign_pdf(render_pdf(facts(), issued_at=ISSUED), at=ISSUED, reason="SCM-2026-00001", location="Potsdam")
    assert load_seal().is_development
    status = check(sealed)
    assert status.intact
    assert status.valid
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    changed = bytearray(sealed)
    changed[len(changed) // 3] ^= 1
    broken = check(bytes(changed))
    assert not (broken.intact and broken.valid)


def check(content: bytes) -> Any:
    """Return what pyHanko says of a file's seal."""
    signature = PdfFileReader(io.BytesIO(content), strict=False).embedded_signatures[0]
    nobody = ValidationContext(trust_roots=[], allow_fetching=False)  # a self-made authority is trusted by nobody
    return validate_pdf_signature(signature, nobody)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/x.png",
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "data:text/plain,x",
        f"{BASE}../../words.py",
        f"{BASE}fehlt.svg",
        "font:../../../config.py",
    ],
)
def test_a_layout_loads_nothing_but_its_own_files(url: str) -> None:
    from weasyprint.urls import FatalURLFetchingError

    fetcher = OwnFiles(layout_files(), print_fonts())
    with pytest.raises(FatalURLFetchingError):
        fetcher.fetch(url)


def layout_files() -> dict[str, bytes]:
    """Return the formal layout with a QR code."""
    return {path.name: path.read_bytes() for path in (LAYOUTS / "formal").iterdir()} | {"qr.svg": b"<svg/>"}


def test_a_layout_gets_its_own_files() -> None:
    fetcher = OwnFiles(layout_files(), print_fonts())
    assert fetcher.fetch(f"{BASE}emblem.svg").read().startswith(b"<svg")
    assert fetcher.fetch(f"{BASE}qr.svg").read() == b"<svg/>"
    assert len(fetcher.fetch("font:serif-regular.ttf").read()) > 1000


def test_a_report_is_pdf_a_and_pdf_ua_and_sealed(database: Flask) -> None:
    with database.test_request_context(), force_locale("de"):
        content = print_report("printing/report.html", title="Protokoll", identifier="P-1", at=ISSUED)
    assert check(content).coverage == SignatureCoverageLevel.ENTIRE_FILE
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.pdf_version == "1.7"
        assert "/Version" not in pdf.Root
        assert str(pdf.Root.Lang) == "de"
        assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.Root.Metadata.read_bytes().decode()
        assert tags(pdf.Root.StructTreeRoot, []).count("/H1") == 1


def test_what_is_attached_travels_with_the_document() -> None:
    attached = [AttachedFile("angaben.json", b"{}", "Angaben")]
    content = render_pdf(facts(), issued_at=ISSUED, attached=attached)
    assert content == render_pdf(facts(), issued_at=ISSUED, attached=attached)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.attachments["angaben.json"].get_file().read_bytes() == b"{}"
        assert pdf.Root.AF[0].AFRelationship == "/Data"
