"""Lawful erasure: the link still answers, and nothing personal remains."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from certificates.conferral import jobs, printing
from certificates.conferral.actions import protocol_lines
from certificates.conferral.jobs import print_due_protocols
from certificates.conferral.models import Certificate, Conferral, ConferralProposal
from certificates.conferral.protocols import protocol_hash
from certificates.documents.jobs import render_due_certificates
from certificates.erasure.actions import erase_certificate
from certificates.erasure.rules import refuse_erasure
from certificates.lifecycle.corrections import accept_correction, request_correction
from certificates.lifecycle.facts import correct_facts
from certificates.lifecycle.rules import LifeReason
from certificates.verification.rules import CertificateState
from courses.attendance.rules import Status
from courses.cohorts.actions import enrol_person
from lms.db import session, transaction
from lms.files.models import StoredFile
from lms.files.queries import get_content
from lms.people.models import Person
from lms.permissions import Role
from tests.cast import NOW, Cast, make_person, signed_in
from tests.certificates.conferring import SIGNATORIES, approve, confer, propose
from tests.marking import mark_attendance

FORM = {"serial": "SCM-2026-00001", "reason": "Art. 17 DSGVO", "sure": "y"}


@pytest.fixture
def corrected(graduates: Cast, short_print: None) -> Certificate:
    """Petra's certificate, corrected once, everything rendered and printed."""
    old = confer(graduates)[0]
    with transaction():
        request = request_correction(
            old,
            text="Petra heißt jetzt Neumann",
            evidence=("petra.pdf", b"%PDF-Petra"),
            actor=graduates.participant,
            at=NOW,
        )
        facts = correct_facts(
            old.facts, name="Petra Neumann", municipality="", begin_date=graduates.cohort.begin_date,
            end_date=graduates.cohort.end_date, live_attended=4,
        )  # fmt: skip
        accept_correction(request, facts, reason="Petra hat es belegt", actor=graduates.coordinator, at=NOW)
    render_due_certificates()
    print_due_protocols()
    session.expire_all()
    return old


@pytest.mark.usefixtures("no_token")
def test_nothing_personal_remains_and_the_links_still_answer(
    app: Flask, graduates: Cast, corrected: Certificate
) -> None:
    new = session.scalars(select(Certificate).where(Certificate.replaces_id == corrected.id)).one()
    conferral = session.scalars(select(Conferral)).one()
    files = [corrected.pdf_sha256, new.pdf_sha256, conferral.protocol_pdf_sha256]
    assert all(files)
    office, page = signed_in(app, graduates.coordinator), f"/issued/{corrected.id}/erasure"
    assert "alle Fassungen: SCM-2026-00001, SCM-2026-00003" in office.get(page).text
    assert office.post(page, data={**FORM, "sure": ""}).status_code == 422
    assert office.post(page, data={**FORM, "serial": "SCM-2026-00002"}).status_code == 409
    assert corrected.erased_at is None
    assert office.post(page, data={**FORM, "serial": " scm-2026-00001"}).location == page
    session.expire_all()
    assert office.post(page, data=FORM).status_code == 409
    own = signed_in(app, graduates.participant).get("/certificates").text
    assert "Noch kein Zertifikat" not in own
    assert f"{new.serial}, ausgestellt am" in own
    assert "Ihre Daten wurden rechtmäßig gelöscht." in own
    for one in (corrected, new):
        assert (one.facts, one.snapshot_sha256, one.pdf_sha256) == ({}, "", None)
        assert [event.kind for event in one.events][-1] == "erased"
        answer = app.test_client().get(f"/verify/{one.token}")
        assert answer.status_code == 200
        assert re.search("Nicht mehr (über)?prüfbar", answer.text)
        assert app.test_client().get(f"/verify/{one.token}.json").get_json()["state"] == "erased"
        assert office.get(f"/issued/{one.id}").status_code == 200
    stored = set(session.scalars(select(StoredFile.sha256)))
    assert stored.isdisjoint(files)
    for table in ("certificates", "certificate_events", "conferrals", "conferral_proposals", "correction_requests",
                  "correction_decisions", "stored_files", "outbox_mails"):  # fmt: skip
        for row in session.execute(text(f"SELECT * FROM {table}")):
            assert "Petra" not in str(tuple(row)), table
            assert b"Petra" not in b"".join(bytes(one) for one in row if isinstance(one, bytes | memoryview)), table


def test_a_worker_leaves_what_is_erased_alone_and_prints_the_protocol_anew(
    app: Flask, graduates: Cast, corrected: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    conferral = session.scalars(select(Conferral)).one()
    signed_in(app, graduates.coordinator).post(f"/issued/{corrected.id}/erasure", data=FORM)
    render_due_certificates()
    print_due_protocols()
    session.expire_all()
    assert corrected.pdf_sha256 is None
    assert conferral.protocol_pdf_sha256 is not None
    assert b"/ByteRange" in get_content(conferral.protocol_pdf_sha256)
    proposal = session.scalars(select(ConferralProposal)).one()
    for protocol in (conferral.protocol, proposal.protocol):
        assert protocol_hash(protocol) == conferral.protocol_sha256
        assert "Bodo Nur-Anwesend" in json.dumps(protocol, ensure_ascii=False)
    office = signed_in(app, graduates.coordinator)
    for path in (f"/cohorts/{graduates.cohort.id}/conferral", f"/proposals/{proposal.id}", "/issued"):
        assert office.get(path).status_code == 200
    assert signed_in(app, graduates.participant).get("/certificates").status_code == 200
    assert signed_in(app, graduates.participant).get(f"/certificates/{corrected.id}/correction").status_code == 404


@pytest.mark.usefixtures("no_token")
def test_the_administration_erases_by_number(app: Flask, graduates: Cast, corrected: Certificate) -> None:
    admin = signed_in(app, graduates.admin)
    assert "Daten rechtmäßig löschen" in admin.get("/").text
    assert admin.post("/issued/erasure", data={"sought": "SCM-1999-00001"}).status_code == 422
    found = admin.post("/issued/erasure", data={"sought": "scm-2026-00001 "})
    assert found.location == f"/issued/{corrected.id}/erasure"
    assert admin.get(found.location).status_code == 200
    assert admin.post(found.location, data=FORM).status_code == 302
    expected = {"coordinator": 200, "auditor": 403, "trainer": 403, "participant": 403, "admin": 200}
    found_by: dict[str, Any] = {
        who: signed_in(app, getattr(graduates, who)).get(f"/issued/{corrected.id}/erasure").status_code
        for who in expected
    }
    assert found_by == expected


def test_an_erased_name_does_not_return_in_a_supplement(graduates: Cast, corrected: Certificate) -> None:
    with transaction():
        erase_certificate(corrected, typed=corrected.serial, reason="Art. 17", actor=graduates.admin, at=NOW)
        lines = protocol_lines(graduates.cohort, SIGNATORIES, "Potsdam")
    assert [line["name"] for line in lines] == ["Bodo Nur-Anwesend"]


def test_a_proposal_is_approved_without_who_was_erased_meanwhile(
    graduates: Cast, corrected: Certificate, second_coordinator: Person
) -> None:
    with transaction():
        graduates.cohort.completed_at = None
        latecomer = make_person("Late", "Spät", Role.PARTICIPANT)
        session.flush()
        enrolment = enrol_person(
            graduates.cohort, latecomer, municipality_ags=None, actor=graduates.coordinator, at=NOW
        )
        mark_attendance(graduates.live_session, enrolment, Status.PRESENT, actor=graduates.trainer, at=NOW)
        graduates.cohort.completed_at = NOW
    proposal = propose(graduates)
    with transaction():
        erase_certificate(corrected, typed=corrected.serial, reason="Art. 17", actor=graduates.admin, at=NOW)
    made = approve(proposal, second_coordinator)
    assert [one.facts["name"] for one in made] == ["Late Spät"]
    assert "Petra" not in json.dumps(made[0].conferral.protocol)


@pytest.mark.usefixtures("short_print")
def test_a_protocol_printed_while_a_line_was_erased_is_not_kept(
    graduates: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = confer(graduates)[0]
    conferral_id = certificate.conferral_id
    prepared = printing.prepare_protocol(conferral_id)(NOW + timedelta(days=1))
    session.rollback()
    with transaction():
        erase_certificate(certificate, typed=certificate.serial, reason="Art. 17", actor=graduates.admin, at=NOW)
    with transaction():
        printing.keep_protocol(conferral_id, prepared, at=NOW)
    assert session.scalars(select(Conferral)).one().protocol_pdf_sha256 is None
    # One that cannot be printed keeps no other waiting.
    monkeypatch.setattr(jobs, "list_unprinted_protocols", lambda: [999, conferral_id])
    print_due_protocols()
    session.expire_all()
    assert session.scalars(select(Conferral)).one().protocol_pdf_sha256 is not None


def test_when_data_can_be_erased() -> None:
    asked = {"serial": "A-1", "typed": "a-1 ", "reason": "x"}
    assert refuse_erasure(CertificateState.REVOKED, **asked) is None
    assert refuse_erasure(CertificateState.ERASED, **asked) == LifeReason.ERASED
    assert refuse_erasure(CertificateState.VALID, **{**asked, "typed": "A-2"}) == LifeReason.WRONG_NUMBER
    assert refuse_erasure(CertificateState.VALID, **{**asked, "reason": " "}) == LifeReason.NO_REASON
