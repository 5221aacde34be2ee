"""The printed document: what it says, what a screen reader finds in it, and that it can be trusted."""

from __future__ import annotations

import hashlib
import io
import itertools
import re
import shutil
import subprocess
import unicodedata
from dataclasses import dataclass
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

from certificates.documents.rendering import LAYOUTS, Order, render_batch, render_pdf
from lms.institution.seal import load_seal, sign_pdf
from lms.printing.faults import find_faults
from lms.printing.fetching import OwnFiles
from lms.printing.references import BASE
from lms.printing.rendering import AttachedFile, print_fonts
from lms.printing.reports import print_report

pytestmark = pytest.mark.once

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


LAYOUT_NAMES = ("formal", "modern")
AWKWARD = [*NAMES, "Nguyễn Thị Ánh m̂", "Zoë Ḱ O’Neil"]
#: A credential of its usual size, which no compression makes smaller.
CREDENTIAL = AttachedFile("credential.jwt", hashlib.sha512(b"x").hexdigest().encode() * 24, "Nachweis")


EACH = list(itertools.product(LAYOUT_NAMES, ("certificate", "attendance"), ("de", "en")))
#: The awkward names are printed in both layouts, of both kinds and in both languages; elsewhere these, all but the longest fast.
USUAL = [*NAMES[:3], "Li Wu", "Uwe Groß"]
IN_FULL = [EACH[0], EACH[3], EACH[4], EACH[7]]
#: Whose document the programs of others read, for each of EACH.
READ = (3, 1, 0, 4, 5, 3, 2, 6)
#: Whose tagged text Poppler is asked for, which takes it four seconds each: both layouts, kinds and languages, and the
#: longest name. The structure itself is looked at in every document.
SPOKEN = [EACH[1], EACH[6]]


def names_in(which: tuple[str, str, str]) -> list[str]:
    """Return the names that are printed in a layout, kind and language."""
    return AWKWARD if which in IN_FULL else USUAL


@dataclass(frozen=True)
class Printed:
    """A document that was printed once for all tests of this file."""

    facts: dict[str, Any]
    plain: bytes
    sealed: bytes


class Printer(dict[tuple[str, str, str], list[Printed]]):
    """Prints when it is asked for the first time: the names of a layout, kind and language.

    As a worker does, in one batch: whom the fast path does not fit is printed plainly in it.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __missing__(self, which: tuple[str, str, str]) -> list[Printed]:
        layout, kind, language = which
        orders = [Order(facts(name=name, kind=kind, language=language), ISSUED, (CREDENTIAL,)) for name in names_in(which)]
        with self._app.app_context():
            plain = render_batch(orders, layout=layout)
            self[which] = made = [
                Printed(dict(order.facts), one, sign_pdf(one, at=ISSUED, reason="SCM-2026-00001", location="Potsdam"))
                for order, one in zip(orders, plain, strict=True)
            ]
        return made

    def sample(self, which: tuple[str, str, str]) -> Printed:
        """Return the one that the programs of others read."""
        return self[which][READ[EACH.index(which)]]


@pytest.fixture(scope="module")
def printed(app: Flask) -> Printer:
    """What was printed for all tests of this file."""
    return Printer(app)


@pytest.mark.parametrize("which", EACH, ids="-".join)
def test_a_document_is_pdf_a_and_pdf_ua(which: tuple[str, str, str], printed: Printer) -> None:
    assert [one.facts["name"] for one in printed[which]] == names_in(which)
    for one in printed[which]:
        assert len(one.sealed) <= 50 * 1024
        for content in (one.plain, one.sealed):
            assert find_faults(content) == []
            with pikepdf.open(io.BytesIO(content)) as pdf:
                check_claims(pdf, one.facts, which[2])


def check_claims(pdf: pikepdf.Pdf, facts: dict[str, Any], language: str) -> None:
    """Be sure of everything that CERTIFICATES.md asks and pikepdf can see."""
    root = pdf.Root
    assert pdf.pdf_version == "1.7"
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
        assert facts["name"] in xmp["dc:title"]
        assert "Testinstitut" in str(xmp["dc:creator"])
    kinds = tags(root.StructTreeRoot, [])
    assert kinds.count("/H1") == 1
    assert {"/H2", "/H3", "/Table", "/TH", "/TD", "/Figure", "/Link", "/P"} <= set(kinds)
    assert all(str(figure.get("/Alt", "")) for figure in elements(root.StructTreeRoot, "/Figure"))
    links = [one for page in pdf.pages for one in page.get("/Annots", []) if one.Subtype == "/Link"]
    assert links
    assert all(str(link.get("/Contents", "")) for link in links)
    fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
    assert all("/ToUnicode" in font for font in fonts)
    assert all("/FontFile2" in font.DescendantFonts[0].FontDescriptor for font in fonts)
    assert root.AF[0].AFRelationship == "/Data"
    assert pdf.attachments["credential.jwt"].get_file().read_bytes() == CREDENTIAL.content


@pytest.mark.parametrize("which", EACH, ids="-".join)
def test_the_programs_of_others_agree(which: tuple[str, str, str], printed: Printer, tmp_path: Path) -> None:
    one = printed.sample(which)
    path, unsealed = tmp_path / "sealed.pdf", tmp_path / "plain.pdf"
    path.write_bytes(one.sealed)
    unsealed.write_bytes(one.plain)
    for file in (path, unsealed):
        assert "No syntax or stream encoding errors" in run(need("qpdf"), "--check", file)
    signed = run(need("pdfsig"), path)
    assert "Signature is Valid." in signed
    assert "Total document signed" in signed
    fonts = run(need("pdffonts"), path).splitlines()[2:]
    assert fonts
    assert all(re.search(r"\s(yes) (yes) (yes)\s", line) for line in fonts), fonts
    shown = plain_text(run(need("pdftotext"), "-layout", path, "-"))
    for part in words_of(one):
        assert plain_text(part) in shown, part
    run(need("pdftoppm"), "-r", "150", "-f", "1", "-l", "1", "-gray", path, tmp_path / "page")
    read = run(need("zbarimg"), "-q", "--raw", next(tmp_path.glob("page*.pgm")))
    assert read.strip() == LINK  # the code on the page is the public link


@pytest.mark.parametrize("which", SPOKEN, ids="-".join)
def test_what_is_spoken_is_all_there_and_in_order(which: tuple[str, str, str], printed: Printer, tmp_path: Path) -> None:
    one, path = printed.sample(which), tmp_path / "sealed.pdf"
    path.write_bytes(one.sealed)
    spoken = plain_text(run(need("pdfinfo"), "-struct-text", path))
    for part in words_of(one):
        assert plain_text(part) in spoken, part
    # In reading order: the title before the name, the name before the number, the number before the modules.
    places = [spoken.index(plain_text(part)) for part in (one.facts["name"].split()[0], "SCM-2026-00001", "Modul 1")]
    assert places == sorted(places)


def words_of(one: Printed) -> list[str]:
    """Return what must be found in a document, by eye and by ear."""
    return [*one.facts["name"].split(), "SCM-2026-00001", "K7QF-3M9P-X2TD", "Smart City Manager", "36", "72"]


def test_nothing_is_left_out() -> None:
    read = {which: names_in(which)[place] for which, place in zip(EACH, READ, strict=True)}
    assert set(read.values()) >= set(AWKWARD)
    assert {read[which] for which in SPOKEN} == {NAMES[1], NAMES[2]}
    for some in (SPOKEN, IN_FULL):
        assert [{one[place] for one in some} for place in range(3)] == [{one[place] for one in EACH} for place in range(3)]


def run(program: str, *arguments: Any) -> str:
    """Return what a program says."""
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout


def plain_text(text: str) -> str:
    """Return a text without its blanks, which each program sets elsewhere, and with letters as Unicode prefers them."""
    return "".join(unicodedata.normalize("NFC", text).split())


def need(program: str) -> str:
    """Return the path of a program that 'make test' installs."""
    found = shutil.which(program)
    assert found, f"{program} is not installed; 'make test' installs it."
    return found


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
def test_the_same_facts_give_the_same_bytes(layout: str, printed: Printer) -> None:
    # One that goes the plain way in the batch: on the fast path test_batch.py compares.
    one = printed[layout, "certificate", "de"][AWKWARD.index("Nguyễn Thị Ánh m̂")]
    assert render_pdf(one.facts, issued_at=ISSUED, layout=layout, attached=[CREDENTIAL]) == one.plain


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
