"""The fast path: what it prints is what the plain path prints, and whom it does not fit goes the plain way."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import weasyprint
from flask import Flask
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops
from pyhanko.sign.validation.status import SignatureCoverageLevel

from certificates.documents import rendering
from certificates.documents.rendering import Order, make_sheet, render_pdf
from certificates.layouts.files import shipped_layout
from lms.institution import frozen_seal
from lms.printing.batch import WEASYPRINT, printing
from lms.printing.batch.printing import print_batch
from lms.printing.layouts import write_manuscript
from lms.printing.manuscripts import Manuscript
from lms.printing.rendering import AttachedFile, print_pdf
from tests.certificates.test_documents import CREDENTIAL, ISSUED, check, facts, need, tags

pytestmark = pytest.mark.once

GREEK = ["Ελένη Παπαδοπούλου", "Γιώργος Νικολάου", "Ζωή Ξενάκη", "Βασίλης Χριστοφόρου"]
CYRILLIC = ["Наталія Шевченко", "Їжак Ґалаґан", "Юлія Щербак", "Дмитро Журавльов"]
AWKWARD = [
    "Dr.-Ing. Maximiliane-Friederike Freifrau von und zu Großschönebeck-Hönow-Waldsievers",
    "Prof. Dr. Hans-Christian-Alexander Freiherr von der Lippe-Biesterfeld-Schönhausen",
    "Marie-Luise Charlotte-Wilhelmine von Brandenburg-Ansbach-Bayreuth zu Hohenzollern",
    "Friedrich-Wilhelm Albrecht-Ottokar von Mecklenburg-Vorpommern-Greifswald-Stralsund",
    *GREEK, *CYRILLIC, "ÄÖÜß ćčěłńŕśšźž", "Zoe\u0308 Mu\u0308ller",
    "Seán O’Brien", "Anne d'Arc", "Uwe  Meier", "Li Wu", "I", "<b>Tom</b> & Söhne", "Tom (Thomas) \\ Schmidt", "王小明",
]  # fmt: skip
#: These are printed plainly: a mark above a letter, and letters that the print fonts lack.
NOT_SIMPLE = {"Zoe\u0308 Mu\u0308ller", "王小明"}
#: Of 1.9 million dots on two A4 pages (at 100 an inch), so many may be of another colour.
DOTS = 0


def people(names: list[str], **changes: Any) -> list[dict[str, Any]]:
    """Return a snapshot for each name; everything that is somebody's own differs."""
    municipalities = ["Ahrensfelde", "Brandenburg an der Havel", "Cottbus/Chóśebuz", "Ow"]
    return [
        facts(
            name=name, serial=f"SCM-2026-{number:05}", municipality=municipalities[number % 4],
            verify_url=f"https://lernen.example.de/verify/{number * 7919:04}DEF_-3456789012345678901234a{'bWi-'[number % 4]}",
            code=f"K{number % 7}QF-3M9P-X2T{'DWI1'[number % 4]}",
            ue={"total": 72, "live_planned": 40, "live_attended": 32 + number % 9, "self_study": 20, "project": 12},
            **changes,
        )
        for number, name in enumerate(names, 1)
    ]  # fmt: skip


def render_batch(
    snapshots: Sequence[dict[str, Any]],
    *,
    attached: Sequence[Sequence[AttachedFile]] | None = None,
    sealed_at: datetime | None = None,
) -> list[bytes]:
    """Print snapshots that were issued at the same time."""
    files = attached or [()] * len(snapshots)
    orders = [Order(one, ISSUED, own) for one, own in zip(snapshots, files, strict=True)]
    return rendering.render_batch(orders, sealed_at=sealed_at)


def manuscripts_of(snapshots: Sequence[dict[str, Any]]) -> list[Manuscript]:
    """Return snapshots in the formal layout."""
    return [write_manuscript(shipped_layout("formal").files, make_sheet(Order(one, ISSUED))) for one in snapshots]


@pytest.fixture
def printed_plainly(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the identifiers of the documents that the fast path leaves to the plain path."""
    noted: list[str] = []

    def noting(*arguments: Any, identifier: str, **more: Any) -> bytes:
        noted.append(identifier)
        return print_pdf(*arguments, identifier=identifier, **more)

    monkeypatch.setattr(printing, "print_pdf", noting)
    return noted


@pytest.fixture
def left_over(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the same and print nothing: for tests that look at who goes which way, and at no page of the plain one."""
    noted: list[str] = []

    def noting(*_arguments: Any, identifier: str, **_more: Any) -> bytes:
        noted.append(identifier)
        return b"printed plainly"

    monkeypatch.setattr(printing, "print_pdf", noting)
    return noted


def test_the_fast_path_knows_this_version_of_weasyprint() -> None:
    assert weasyprint.__version__ == WEASYPRINT, (
        "The fast path relies on the inner workings that the docstring of lms/printing/batch/__init__.py lists. Look at "
        "each in the new version, run this file, and raise WEASYPRINT; until then every document takes the plain path."
    )


@pytest.fixture(scope="module")
def printed_fast() -> dict[str, tuple[dict[str, Any], bytes]]:
    """Return the snapshots and PDFs of all awkward names but those that the fast path cannot print."""
    snapshots = people(AWKWARD)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(printing, "print_pdf", lambda *_arguments, **_more: b"")
        pdfs = render_batch(snapshots)
    return {one["name"]: (one, pdf) for one, pdf in zip(snapshots, pdfs, strict=True) if pdf}


def test_awkward_names_are_printed_fast(printed_fast: dict[str, tuple[dict[str, Any], bytes]]) -> None:
    assert set(AWKWARD) - set(printed_fast) == NOT_SIMPLE


@pytest.mark.parametrize("name", [name for name in AWKWARD if name not in NOT_SIMPLE])
def test_an_awkward_name_is_printed_as_on_the_plain_path(
    printed_fast: dict[str, tuple[dict[str, Any], bytes]], name: str, tmp_path: Path
) -> None:
    snapshot, fast = printed_fast[name]
    same(fast, render_pdf(snapshot, issued_at=ISSUED), tmp_path)


def test_simple_names_take_the_fast_path(database: Flask, printed_plainly: list[str]) -> None:
    render_batch(people(["Petra Meier", "Uwe Groß", "Li Wu", "ÄÖÜß ćčěłńŕśšźž", "Anne d'Arc"]))
    assert printed_plainly == []


@pytest.mark.parametrize("name", ["Zoe\u0308 Mu\u0308ller", "王小明", "שרה כהן", "a\u200db"])
def test_one_who_does_not_fit_goes_the_plain_way(database: Flask, printed_plainly: list[str], name: str) -> None:
    names = ["Petra Meier", "Uwe Groß", name, "Anna Krüger", "Jan Vogt"]
    pdfs = render_batch(people(names))
    assert printed_plainly == ["SCM-2026-00003"]
    assert pdfs[2] == render_pdf(people(names)[2], issued_at=ISSUED)


@pytest.mark.parametrize(
    "style",
    [
        ".name { border: 1pt solid; display: table; margin: 0 auto }",  # as wide as the name
        ".name { text-transform: uppercase }",
        ".check { justify-content: flex-end } .check p { flex: none }",  # where the code is, the address decides
    ],
)
def test_a_layout_that_is_not_understood_goes_the_plain_way(left_over: list[str], style: str) -> None:
    snapshots = people(["Petra Meier", "Uwe Groß", "Anna Krüger", "Jan-Hendrik Vogt"])
    manuscripts = manuscripts_of(snapshots)
    print_batch([replace(one, css=one.css + style) for one in manuscripts])
    assert len(left_over) == 4


def test_a_fault_in_the_fast_path_keeps_nobody_from_a_certificate(
    left_over: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("lms.printing.batch.formes.lay_out", lambda *_arguments: 1 / 0)
    assert render_batch(people(["Petra Meier", "Uwe Groß", "Anna Krüger", "Jan Vogt"])) == [b"printed plainly"] * 4
    assert len(left_over) == 4
    assert "The fast path has failed" in caplog.text


@pytest.mark.parametrize(
    "style",
    [
        "a { text-decoration: underline !important }  .name { text-decoration: line-through }",
        ".check p { flex: 1; text-align: right; text-indent: 2pt }",  # between forced breaks
    ],
)
def test_a_layout_of_another_kind_is_printed_as_on_the_plain_path(
    printed_plainly: list[str], tmp_path: Path, style: str
) -> None:
    manuscripts = [replace(one, css=one.css + style) for one in manuscripts_of(people(AWKWARD[16:20]))]
    pdfs = print_batch(manuscripts)
    assert printed_plainly == []
    for one, pdf in zip(manuscripts[:2], pdfs, strict=False):
        plain = print_pdf(one.html, one.css, files=one.files, identifier=one.identifier, at=one.at)
        same(pdf, plain, tmp_path)


def test_few_documents_and_another_version_take_the_plain_path(
    database: Flask, left_over: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    render_batch(people(["Petra Meier", "Uwe Groß"]))
    assert len(left_over) == 2
    monkeypatch.setattr(printing, "WEASYPRINT", "1.0")
    render_batch(people(["Petra Meier", "Uwe Groß", "Anna Krüger", "Jan Vogt"]))
    assert len(left_over) == 6


@pytest.mark.parametrize("slug", ["formal", "modern"])
def test_documents_with_an_end_take_the_fast_path(printed_plainly: list[str], tmp_path: Path, slug: str) -> None:
    snapshots = people(["Petra Meier", "Uwe Groß", "Anna Krüger", "Jan Vogt"], format=3, valid_until_date="2027-06-30")
    files = shipped_layout(slug).files
    manuscripts = [write_manuscript(files, make_sheet(Order(one, ISSUED))) for one in snapshots]
    pdfs = print_batch(manuscripts)
    assert printed_plainly == []
    one = manuscripts[1]
    same(pdfs[1], print_pdf(one.html, one.css, files=one.files, identifier=one.identifier, at=one.at), tmp_path)


def test_a_batch_is_sealed_over_whole_files_and_the_same_again(database: Flask, printed_plainly: list[str]) -> None:
    snapshots = people(["Petra Meier", "Uwe Groß", "Anna Krüger", "Jan Vogt", "Zoe\u0308 M"])
    attached = [[AttachedFile(f"{one['serial']}.json", one["name"].encode(), "Angaben")] for one in snapshots]

    def render() -> list[bytes]:
        return render_batch(snapshots, attached=attached, sealed_at=ISSUED)

    pdfs = render()
    assert render()[:4] == pdfs[:4]
    assert printed_plainly == ["SCM-2026-00005"] * 2
    for snapshot, pdf in zip(snapshots, pdfs, strict=True):
        status = check(pdf)
        assert status.intact
        assert status.valid
        assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        assert len(pdf) <= 50 * 1024
        with pikepdf.open(io.BytesIO(pdf)) as read:
            name = f"{snapshot['serial']}.json"
            assert read.attachments[name].get_file().read_bytes() == snapshot["name"].encode()
            assert read.Root.AF[0].AFRelationship == "/Data"
            assert str(read.Root.AcroForm.Fields[0].V.Reason) == snapshot["serial"]
    changed = bytearray(pdfs[0])
    changed[len(changed) // 3] ^= 1
    broken = check(bytes(changed))
    assert not (broken.intact and broken.valid)


@pytest.mark.parametrize("slug", ["formal", "modern"])
def test_names_in_other_scripts_make_no_document_large(database: Flask, slug: str) -> None:
    latin = ["Petra Meier", "Uwe Groß", "Anna Krüger", "Łukasz Nowak", "Nguyễn Thị Hồng", "Đặng Thùy Trâm", "İlkay Ağaoğlu"]
    snapshots = people(latin + GREEK + CYRILLIC)
    orders = [Order(one, ISSUED, (CREDENTIAL,)) for one in snapshots]
    pdfs = rendering.render_batch(orders, layout=slug, sealed_at=ISSUED)
    assert max(map(len, pdfs)) <= 50_000
    letters = [letters_of(pdf) for pdf in pdfs]
    assert all(not own & set("".join(GREEK + CYRILLIC)) - {" "} for own in letters[: len(latin)])
    assert all(own >= set("".join(GREEK)) for own in letters[len(latin) : len(latin + GREEK)])


def test_other_programs_find_nothing_wrong_with_it(database: Flask, tmp_path: Path) -> None:
    snapshots = people(["Petra Meier", "Uwe Groß", "Anna Krüger", "Jan Vogt"])
    path = tmp_path / "document.pdf"
    path.write_bytes(render_batch(snapshots, sealed_at=ISSUED)[1])
    assert subprocess.run([need("qpdf"), "--check", path], check=False, capture_output=True).returncode == 0
    said = subprocess.run([need("pdfsig"), path], check=False, capture_output=True, text=True).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    subprocess.run([need("pdftoppm"), "-r", "150", "-f", "1", "-l", "1", path, tmp_path / "page"], check=True)
    picture = next(tmp_path.glob("page*.ppm"))
    read = subprocess.run([need("zbarimg"), "-q", "--raw", picture], check=True, capture_output=True, text=True).stdout
    assert read.strip() == snapshots[1]["verify_url"]


def test_a_key_of_another_kind_seals_as_on_the_plain_path(database: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "freeze_seal", lambda _at: None)
    pdfs = render_batch(people(["Petra Meier", "Uwe Groß", "Anna Krüger", "Jan Vogt"]), sealed_at=ISSUED)
    assert all(check(pdf).coverage == SignatureCoverageLevel.ENTIRE_FILE for pdf in pdfs)


def test_the_frozen_seal_says_what_pyhanko_says(database: Flask) -> None:
    from asn1crypto import cms

    with database.app_context():
        frozen = frozen_seal.freeze_seal(ISSUED)
    assert frozen is not None
    made = cms.ContentInfo.load(frozen.cms(b"\x05" * 32))["content"]["signer_infos"][0]
    attributes = {one["type"].native: one["values"][0].native for one in made["signed_attrs"]}
    assert attributes["message_digest"] == b"\x05" * 32
    assert set(attributes) == {"content_type", "message_digest", "signing_certificate_v2"}


def same(fast: bytes, plain: bytes, path: Path) -> None:
    """Fail unless two PDFs say the same, are tagged the same and look the same."""
    with pikepdf.open(io.BytesIO(fast)) as one, pikepdf.open(io.BytesIO(plain)) as other:
        assert tags(one.Root.StructTreeRoot, []) == tags(other.Root.StructTreeRoot, [])
        assert alternatives(one.Root.StructTreeRoot) == alternatives(other.Root.StructTreeRoot)
        assert {key: str(value) for key, value in one.docinfo.items()} == {
            key: str(value) for key, value in other.docinfo.items()
        }
        assert one.Root.Metadata.read_bytes() == other.Root.Metadata.read_bytes()
        assert links(one) == links(other)
        assert one.Root.keys() == other.Root.keys()
    written = [path / f"{kind}.pdf" for kind in ("fast", "plain")]
    for file, content in zip(written, (fast, plain), strict=True):
        file.write_bytes(content)
    assert subprocess.run([need("qpdf"), "--check", written[0]], check=False, capture_output=True).returncode == 0
    assert text_of(written[0]) == text_of(written[1])
    assert sum(map(different_dots, pictures(written[0]), pictures(written[1]))) <= DOTS


def text_of(path: Path) -> bytes:
    """Return what a PDF says, in its places."""
    return subprocess.run([need("pdftotext"), "-layout", path, "-"], check=True, capture_output=True).stdout


def letters_of(pdf: bytes) -> set[str]:
    """Return all characters that the fonts of a PDF can show."""
    with pikepdf.open(io.BytesIO(pdf)) as read:
        fonts = [one for one in read.objects if isinstance(one, pikepdf.Dictionary) and "/FontFile2" in one]
        files = [one.FontFile2.read_bytes() for one in fonts]
    return {chr(code) for file in files for code in TTFont(io.BytesIO(file)).getBestCmap()}


def alternatives(element: Any) -> list[str]:
    """Return the alternative texts of a structure tree."""
    found = [str(element.Alt)] if "/Alt" in element else []
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found += alternatives(kid)
    return found


def links(pdf: pikepdf.Pdf) -> list[tuple[str, str, list[float]]]:
    """Return where links lead, what they say of it, and where they are."""
    return [
        (str(one.A.URI), str(one.Contents), [float(place) for place in one.Rect])
        for page in pdf.pages
        for one in page.get("/Annots", [])
        if one.Subtype == "/Link"
    ]


def pictures(path: Path) -> list[Image.Image]:
    """Return a PDF's pages at 100 dots an inch."""
    subprocess.run([need("pdftoppm"), "-r", "100", path, path.with_suffix("")], check=True)
    drawn = sorted(path.parent.glob(f"{path.stem}-*.ppm"))
    assert len(drawn) == 2
    return [Image.open(file) for file in drawn]


def different_dots(one: Image.Image, other: Image.Image) -> int:
    """Count the dots in which two pictures differ."""
    return sum(ImageChops.difference(one, other).convert("L").histogram()[1:])
