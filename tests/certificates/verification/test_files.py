"""Is your file the original? Intact, edited, extended, foreign, unsealed, cut short, too large; and nothing of it is kept."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pikepdf
import pytest
from flask import Flask
from pyhanko.pdf_utils.generic import NameObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import SimpleSigner, signers
from sqlalchemy import func, select

from certificates.conferral.models import Certificate
from certificates.documents.jobs import render_due_certificates
from certificates.verification import routes
from lms.db import session, transaction
from lms.files.actions import store_file
from lms.files.models import StoredFile
from lms.files.queries import get_content
from lms.institution.seal import make_development_key, sign_pdf
from tests.cast import NOW, Cast
from tests.certificates.issued import add_event, issue, token


@pytest.fixture
def certificate(cast: Cast, short_print: None) -> Certificate:
    """An issued document with its file."""
    made = issue(cast)
    render_due_certificates()
    session.expire_all()
    return made


def plain_pdf() -> bytes:
    """Return a PDF of one empty page."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()


def extended(content: bytes) -> bytes:
    """Return a PDF with something added after its seal."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    writer.root["/Added"] = NameObject("/Something")
    writer.update_root()  # type: ignore[no-untyped-call]  # as the library has it
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]  # as the library has it
    return out.getvalue()


def sealed_by_somebody_else() -> bytes:
    """Return a PDF with the seal of another institution."""
    signer = SimpleSigner.load_pkcs12_data(make_development_key("Fremde Stelle"), other_certs=[])
    out = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(plain_pdf())), signers.PdfSignatureMetadata(field_name="S"), signer=signer
    )
    return bytes(out.getvalue())


#: What the person reads about each.
SENTENCES = {
    "original": "Die Datei ist Byte für Byte die ausgestellte.",
    "another": "Sie ist die unveränderte Originaldatei eines anderen Dokuments von uns.",
    "edited": "Das Siegel ist gebrochen: Der Inhalt ist nicht mehr der gesiegelte.",
    "extended": "Das Gesiegelte steckt noch in der Datei, sie wurde danach aber verändert.",
    "ours": "Von uns gesiegelt, gehört aber zu keinem Dokument, das sich (noch) prüfen lässt",
    "foreign": "Das Siegel ist unversehrt, aber nicht von uns.",
    "cut_short": "Ihr Ende fehlt, wie nach einem abgebrochenen Herunterladen.",
    "unsealed": "Jedes Dokument, das wir ausstellen, ist gesiegelt.",
    "no_pdf": "Das ist keine PDF-Datei",
    "missing": "Bitte wählen Sie die PDF-Datei aus.",
}


def upload(app: Flask, content: bytes, path: str = "/verify/file") -> str:
    """Return the page after an upload."""
    answer = app.test_client().post(path, data={"file": (io.BytesIO(content), "datei.pdf")})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    return str(answer.text)


def state_in(page: str) -> str:
    """Return what the page says about the file."""
    return page.partition('data-file-state="')[2].partition('"')[0]


def test_each_kind_of_file_is_told_apart(app: Flask, cast: Cast, certificate: Certificate) -> None:
    original = get_content(certificate.pdf_sha256 or "")
    other = issue(cast, 2)
    render_due_certificates()
    session.expire_all()
    anothers = get_content(other.pdf_sha256 or "")
    sealed = sign_pdf(plain_pdf(), at=datetime(2026, 11, 1, tzinfo=UTC), reason="x", location="y")
    edited = original.replace(b"/MediaBox", b"/mediaBox", 1)
    assert edited != original
    files = {
        "original": original, "another": anothers, "edited": edited, "extended": extended(original), "ours": sealed,
        "foreign": sealed_by_somebody_else(), "unsealed": plain_pdf(), "no_pdf": b"\xff\xd8\xff\xe0JFIF", "missing": b"",
        "cut_short": original[:-20],
    }  # fmt: skip
    before = session.scalar(select(func.count()).select_from(StoredFile))
    path = f"/verify/{certificate.token}/file"
    pages = {name: upload(app, content, path) for name, content in files.items()}
    assert {name: state_in(page) for name, page in pages.items()} == {name: name for name in files}
    assert [name for name, page in pages.items() if SENTENCES[name] not in page] == []
    assert f'href="/verify/{other.token}"' in upload(app, anothers, path)
    assert "„Siegel Fremde Stelle“" in upload(app, files["foreign"], path)
    assert session.scalar(select(func.count()).select_from(StoredFile)) == before


def test_the_verdict_on_the_file_comes_first(app: Flask, certificate: Certificate) -> None:
    original = get_content(certificate.pdf_sha256 or "")
    edited = original.replace(b"/MediaBox", b"/mediaBox", 1)
    for content, words in ((edited, "Diese Datei wurde verändert"), (original, "Das ist die unveränderte Originaldatei")):
        page = upload(app, content, f"/verify/{certificate.token}/file")
        assert page.partition("<title>")[2].startswith(f"{words} – Gültig: SCM-2026-00001")
        assert page.count("<h1>") == 1
        assert page.index(f"<h1>{words}</h1>") < page.index("<h2>Das ausgestellte Dokument: Gültig</h2>")
        anywhere = upload(app, content)
        assert anywhere.partition("<title>")[2].startswith(words)
        assert anywhere.count("<h1>") == anywhere.count(f"<h1>{words}</h1>") == 1
    nothing = upload(app, b"", f"/verify/{certificate.token}/file")
    assert nothing.index("<h1>Gültig</h1>") < nothing.index("<h2>Es wurde keine Datei ausgewählt</h2>")


#: What is said first about the unaltered file of a document in each state, and about that file on another document's page.
OUTCOMES = {
    "valid": ("original", "warning", "Das ist die unveränderte Originaldatei", "Diese Datei gehört zu einem anderen Dokument"),
    "revoked": ("revoked", "revoked", "Unverändert, aber widerrufen am 9. September 2026",
                "Diese Datei gehört zu einem anderen Dokument, widerrufen am 9. September 2026"),
    "replaced": ("replaced", "replaced", "Unverändert, aber ersetzt am 9. September 2026",
                 "Diese Datei gehört zu einem anderen Dokument, ersetzt am 9. September 2026"),
    "expired": ("expired", "expired", "Unverändert, aber abgelaufen: gültig bis 1. Mai 2020",
                "Diese Datei gehört zu einem anderen Dokument, abgelaufen: Es galt bis 1. Mai 2020"),
    "erased": ("erased", "erased", "Unverändert, aber nicht mehr überprüfbar",
               "Diese Datei gehört zu einem anderen Dokument, das nicht mehr überprüfbar ist"),
}  # fmt: skip


def test_an_unaltered_file_of_a_document_that_has_ended_is_nothing_good(app: Flask, cast: Cast, short_print: None) -> None:
    made = {
        state: issue(cast, number, valid_until=date(2020, 5, 1) if state == "expired" else None)
        for number, state in enumerate([*OUTCOMES, "page"], 1)
    }
    render_due_certificates()
    session.expire_all()
    files = {state: get_content(one.pdf_sha256 or "") for state, one in made.items()}
    for state in ("revoked", "replaced", "erased"):
        add_event(made[state], state)
    found, expected = {}, {}
    for state, (own, others, intact, elsewhere) in OUTCOMES.items():
        edited = files[state].replace(b"/MediaBox", b"/mediaBox", 1)
        for place, content, path, verdict in (
            ("own page", files[state], f"/verify/{made[state].token}/file", (own, intact)),
            ("no page", files[state], "/verify/file", (own, intact)),
            ("another page", files[state], f"/verify/{made['page'].token}/file", (others, elsewhere)),
            ("changed", edited, f"/verify/{made[state].token}/file", ("bad", "Diese Datei wurde verändert")),
        ):
            routes.files.forget()
            page = upload(app, content, path)
            first = page.partition('data-state="')[2].partition('"')[0]
            found[state, place] = (first, page.partition("<h1>")[2].partition("</h1>")[0])
            expected[state, place] = verdict
            assert page.partition("<title>")[2].startswith(verdict[1]), (state, place)
            assert ('data-state="original"' in page.replace('data-state="original" data-outcome', "")) is (
                state == "valid" and content == files[state] and place != "another page"
            ), (state, place)
    assert found == expected


@pytest.mark.parametrize(("state", "mark"), [("valid", "✓"), ("revoked", "✗"), ("expired", "△")])
def test_what_the_browser_will_say_of_an_unaltered_file_is_the_same(
    app: Flask, cast: Cast, state: str, mark: str
) -> None:
    certificate = issue(cast, valid_until=date(2020, 5, 1) if state == "expired" else None)
    with transaction():
        certificate.pdf_sha256 = store_file(b"%PDF-1.7", at=NOW).sha256
    if state == "revoked":
        add_event(certificate, "revoked")
    page = app.test_client().get(f"/verify/{certificate.token}").text
    tone, _others, intact, _elsewhere = OUTCOMES[state]
    assert f'data-same="{mark} {intact}." data-same-state="{state}"' in page
    assert f'data-state="{tone}" data-outcome="same"' in page
    assert f"<h2>{intact}</h2>" in page


def test_any_file_finds_its_document(app: Flask, certificate: Certificate) -> None:
    page = upload(app, get_content(certificate.pdf_sha256 or ""))
    assert state_in(page) == "original"
    assert f'href="/verify/{certificate.token}"' in page
    assert "Łukaszewicz" not in page
    assert state_in(upload(app, plain_pdf())) == "unsealed"


def test_the_page_knows_the_hash_as_long_as_it_may(app: Flask, certificate: Certificate) -> None:
    path = f"/verify/{certificate.token}"
    assert f'data-sha256="{certificate.pdf_sha256}"' in app.test_client().get(path).text
    add_event(certificate, "concealed")
    assert f'data-sha256="{certificate.pdf_sha256}"' in app.test_client().get(path).text
    add_event(certificate, "erased")
    assert str(certificate.pdf_sha256) not in app.test_client().get(path).text


@pytest.mark.parametrize("path", ["/verify/file", "/verify/many", f"/verify/{token(1)}/file", "/verify"])
def test_two_hundred_megabytes_are_refused_before_they_are_read(app: Flask, cast: Cast, path: str) -> None:
    class Unread(io.BytesIO):
        """What must not be read."""

        def read(self, _size: int | None = -1) -> bytes:
            raise AssertionError("It was read.")

    answer = app.test_client().post(
        path,
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input": Unread(), "CONTENT_LENGTH": str(200 * 1024 * 1024)},
    )
    assert answer.status_code == 413
    assert "Kein Dokument von uns ist so groß" in answer.text
    unsaid = app.test_client().post(path, data=b"x" * 6_000_000, content_type="multipart/form-data; boundary=x")
    assert unsaid.status_code == 413
