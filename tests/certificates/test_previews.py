"""The preview before conferring: what would be printed, with what stands in the form, marked, and nothing issued."""

from __future__ import annotations

import io
from importlib import import_module
from typing import Any

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import func, select

from certificates.conferral.models import Certificate, ConferralProposal, SerialCounter
from certificates.documents.rendering import render_pdf
from certificates.erasure.actions import erase_certificate
from lms.db import session, transaction
from lms.printing.isolation import LayoutFault, LayoutFaultError
from lms.printing.rendering import PrintingImpossibleError
from lms.printing.stamps import stamp_pdf
from tests.cast import NOW, Cast, signed_in
from tests.certificates.conferring import approve, confer, propose
from tests.certificates.test_documents import ISSUED, facts, need, plain_text, run

#: As a module whose function a test replaces.
previews: Any = import_module("certificates.conferral.previews")
FORM = {"first_name": "Dr. Vera Vorschau", "first_function": "Leitung", "place": "Eberswalde", "valid_months": "24"}


def text_of(pdf: bytes, folder: Any) -> str:
    """Return what a PDF says."""
    path = folder / "preview.pdf"
    path.write_bytes(pdf)
    return plain_text(run(need("pdftotext"), "-layout", path, "-"))


@pytest.mark.usefixtures("no_token")
def test_the_office_sees_what_would_be_printed(app: Flask, graduates: Cast, tmp_path: Any) -> None:
    page = f"/cohorts/{graduates.cohort.id}/conferral"
    office = signed_in(app, graduates.coordinator)
    shown = office.get(page).text
    assert f'formaction="{page}/preview"' in shown
    assert "Ausgestellt wird nichts" in shown
    answer = office.post(f"{page}/preview", data={**FORM, "person": graduates.enrolment.id})
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Cache-Control"] == "no-store"
    said = text_of(answer.data, tmp_path)
    for part in ("Petra Łukaszewicz", "Vera Vorschau", "Eberswalde", "MUSTER-0000", "0000-0000-0000"):
        assert plain_text(part) in said, part
    assert b"/ByteRange" not in answer.data
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert str(pdf.docinfo["/Title"]).startswith("MUSTER: Zertifikat")
        assert not pdf.attachments
    counted = [session.scalar(select(func.count()).select_from(one)) for one in (Certificate, ConferralProposal, SerialCounter)]
    assert counted == [0, 0, 0]


@pytest.mark.usefixtures("no_token")
def test_whoever_would_get_nothing_has_no_preview(app: Flask, graduates: Cast) -> None:
    path = f"/cohorts/{graduates.cohort.id}/conferral/preview"
    office = signed_in(app, graduates.coordinator)
    for person in ("", "0", "x", graduates.other_enrolment.id):
        assert office.post(path, data={**FORM, "person": person}).status_code == 404
    assert office.get(path).location == f"/cohorts/{graduates.cohort.id}/conferral"
    # What is typed wrong elsewhere keeps nobody from looking.
    half = {"person": graduates.enrolment.id, "valid_months": "viele", "place": "x" * 500, "first_name": ""}
    assert office.post(path, data=half).status_code == 200
    petra, bodo = confer(graduates)
    with transaction():
        erase_certificate(bodo, typed=bodo.serial, reason="Art. 17", actor=graduates.admin, at=NOW)
    for one in (petra, bodo):
        assert office.post(path, data={**FORM, "person": one.enrolment_id}).status_code == 404
    for who in ("auditor", "trainer", "participant"):
        assert signed_in(app, getattr(graduates, who)).post(path, data=FORM).status_code == 403


@pytest.mark.usefixtures("no_token")
@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [(LayoutFaultError(LayoutFault.TIME), 422, "braucht zu lange"), (PrintingImpossibleError("x"), 503, "nicht drucken")],
)
def test_a_preview_that_cannot_be_printed_says_why(
    app: Flask, graduates: Cast, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, words: str
) -> None:
    def fail(*_what: Any, **_how: Any) -> bytes:
        raise fault

    monkeypatch.setattr(previews, "render_pdf", fail)
    path = f"/cohorts/{graduates.cohort.id}/conferral/preview"
    answer = signed_in(app, graduates.coordinator).post(path, data={**FORM, "person": graduates.enrolment.id})
    assert (answer.status_code, words in answer.text) == (status, True)


@pytest.mark.usefixtures("four_eyes")
def test_whoever_approves_sees_what_was_proposed(app: Flask, graduates: Cast, second_coordinator: Any, tmp_path: Any) -> None:
    proposal = propose(graduates)
    browser = signed_in(app, second_coordinator)
    path = f"/proposals/{proposal.id}/preview/{graduates.enrolment.id}.pdf"
    assert path in browser.get(f"/proposals/{proposal.id}").text
    said = text_of(browser.get(path).data, tmp_path)
    assert plain_text("Dr. Henriette Falk") in said
    assert browser.get(f"/proposals/{proposal.id}/preview/999.pdf").status_code == 404
    assert signed_in(app, graduates.trainer).get(path).status_code == 403
    approve(proposal, second_coordinator)
    session.expire_all()
    assert path not in browser.get(f"/proposals/{proposal.id}").text


def test_a_stamp_is_seen_on_every_page_and_claims_nothing(tmp_path: Any) -> None:
    from PIL import Image, ImageChops

    plain = render_pdf(facts(), issued_at=ISSUED)
    stamped = stamp_pdf(plain, "MUSTER")
    assert stamped == stamp_pdf(plain, "MUSTER")
    pages: dict[str, list[Any]] = {}
    for name, content in (("plain", plain), ("stamped", stamped)):
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(content)
        run(need("qpdf"), "--check", path)
        run(need("pdftoppm"), "-r", "40", "-png", path, tmp_path / name)
        pages[name] = [Image.open(one) for one in sorted(tmp_path.glob(f"{name}-*.png"))]
    assert len(pages["stamped"]) == 2
    for before, after in zip(pages["plain"], pages["stamped"], strict=True):
        box = ImageChops.difference(before, after).getbbox()
        assert box is not None
        assert box[2] - box[0] > before.width * 0.6
    with pikepdf.open(io.BytesIO(stamped)) as pdf:
        assert "/Metadata" not in pdf.Root
