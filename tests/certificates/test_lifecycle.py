"""The life of a document: corrected, renewed, revoked, concealed; and what everybody is told."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from assessments.events import ResultsRepaired
from certificates.conferral.actions import approve_proposal
from certificates.conferral.models import Certificate
from certificates.conferral.rules import add_months
from certificates.documents.jobs import render_due_certificates
from certificates.documents.rendering import render_pdf
from certificates.lifecycle.corrections import remind_of_expiry
from certificates.lifecycle.models import CorrectionRequest
from certificates.lifecycle.queries import claim_expiring, list_versions
from certificates.lifecycle.rules import (
    LifeReason,
    is_flagged,
    refuse_evidence,
    refuse_renewal,
    refuse_request,
    refuse_revocation,
)
from certificates.verification.rules import CertificateState, is_concealed
from lms.audit.models import AuditEntry
from lms.db import session, transaction
from lms.events import publish
from lms.mail.models import OutboxMail
from lms.people.models import Person
from tests.cast import NOW, Cast, signed_in
from tests.certificates.conferring import confer, propose

DECISION = {
    "municipality": "Ahrensfelde", "begin_date": "2026-09-01", "end_date": "2026-09-08", "live_attended": "4",
    "reason": "Urkunde lag vor.", "do": "accept",
}  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def kinds(certificate: Certificate) -> list[str]:
    session.expire_all()
    return [event.kind for event in certificate.events]


def mails(kind: str) -> list[OutboxMail]:
    return list(session.scalars(select(OutboxMail).where(OutboxMail.kind == kind)))


@pytest.mark.usefixtures("no_token")
def test_a_corrected_name_makes_a_new_linked_document(app: Flask, graduates: Cast) -> None:
    old = confer(graduates)[0]
    owner, office = signed_in(app, graduates.participant), signed_in(app, graduates.coordinator)
    ask = f"/certificates/{old.id}/correction"
    assert owner.post(ask, data={"text": ""}).status_code == 422
    wrong = owner.post(ask, data={"text": "Neuer Name", "evidence": (io.BytesIO(b"MZ"), "virus.pdf")})
    assert wrong.status_code == 409
    assert "Ihr Text ist noch da" in wrong.text
    assert "Neuer Name" in wrong.text
    sent = owner.post(ask, data={"text": "Jetzt Neumann", "evidence": (io.BytesIO(PNG), "../urkunde.png")})
    assert sent.location == "/certificates"
    assert owner.post(ask, data={"text": "Noch einmal"}).status_code == 409
    request = session.scalars(select(CorrectionRequest)).one()
    assert "Eine Berichtigung ist beantragt" in office.get("/").text
    page = f"/corrections/{request.id}"
    assert "Jetzt Neumann" in office.get(page).text
    evidence = office.get(f"{page}/evidence")
    assert evidence.data == PNG
    assert evidence.headers["Content-Disposition"].startswith("attachment")
    assert owner.get(f"{page}/evidence").status_code == 403
    assert office.post(page, data={**DECISION, "name": "Petra Neumann", "reason": ""}).status_code == 409
    assert office.post(page, data={**DECISION, "name": " "}).status_code == 409
    assert office.post(page, data={**DECISION, "name": "Petra Neumann", "live_attended": "9"}).status_code == 409
    assert office.post(page, data={**DECISION, "name": "Petra Neumann", "begin_date": "morgen"}).status_code == 422
    same = office.post(page, data={**DECISION, "name": "Petra Łukaszewicz", "municipality": ""})
    assert "würde das neue Dokument dasselbe sagen" in same.text
    made = office.post(page, data={**DECISION, "name": "Petra  Neumann"})
    new = session.scalars(select(Certificate).where(Certificate.replaces_id == old.id)).one()
    assert made.location == f"/issued/{new.id}"
    assert office.post(page, data={**DECISION, "name": "Petra Neumann"}).status_code == 409
    assert (new.version, new.facts["name"], new.facts["municipality"]) == (2, "Petra Neumann", "Ahrensfelde")
    assert new.facts["replaces"]["serial"] == old.serial
    assert len({old.serial, new.serial}) == len({old.token, new.token}) == len({old.code, new.code}) == 2
    assert old.facts["name"] == "Petra Łukaszewicz"
    assert kinds(old)[-1] == "replaced"
    assert list_versions(old) == list_versions(new) == [old, new]
    stranger = app.test_client().get(f"/verify/{old.token}").text
    assert "Ersetzt" in stranger
    assert "Petra" not in stranger
    assert f"/verify/{new.token}" in stranger
    assert "Petra Neumann" in app.test_client().get(f"/verify/{new.token}").text
    assert len(mails("correction_accepted")) == 1
    both = office.get(f"/issued/{new.id}").text
    assert old.serial in both
    assert "Durch ein neueres Dokument ersetzt" in office.get(f"/issued/{old.id}").text
    assert owner.get(f"/certificates/{old.id}/correction").status_code == 200


@pytest.mark.usefixtures("no_token")
def test_a_request_can_be_turned_down_with_a_reason(app: Flask, graduates: Cast) -> None:
    certificate = confer(graduates)[0]
    signed_in(app, graduates.participant).post(
        f"/certificates/{certificate.id}/correction", data={"text": "Bitte ändern"}
    )
    request = session.scalars(select(CorrectionRequest)).one()
    office = signed_in(app, graduates.coordinator)
    answer = office.post(f"/corrections/{request.id}", data={"do": "reject", "reason": "Kein Beleg."})
    assert answer.status_code == 302
    assert kinds(certificate) == ["issued"]
    assert "Kein Beleg." in mails("correction_rejected")[0].text_body
    assert "Kein Beleg." in signed_in(app, graduates.participant).get(f"/certificates/{certificate.id}/correction").text


@pytest.mark.usefixtures("four_eyes", "no_token")
def test_who_asks_for_somebody_cannot_decide_it(app: Flask, graduates: Cast, second_coordinator: Person) -> None:
    with transaction():
        certificate = approve_proposal(propose(graduates), actor=second_coordinator, at=NOW).certificates[0]
    office = signed_in(app, graduates.coordinator)
    made = office.post(f"/issued/{certificate.id}/correction", data={"text": "Per Brief beantragt"})
    assert "zweite Person" in office.get(made.location).text
    assert office.post(made.location, data={**DECISION, "name": "Neu"}).status_code == 409
    other = signed_in(app, second_coordinator).post(made.location, data={**DECISION, "name": "Neu"})
    assert other.status_code == 302


@pytest.mark.usefixtures("no_token")
def test_revoking_names_what_it_does_and_keeps_the_reason(app: Flask, graduates: Cast) -> None:
    certificate = confer(graduates)[0]
    office, page = signed_in(app, graduates.coordinator), f"/issued/{certificate.id}"
    assert "Ab sofort sagt die öffentliche Seite" in office.get(page).text
    assert office.post(page, data={"do": "revoke", "reason": " "}).status_code == 409
    assert office.post(page, data={"do": "revoke", "reason": "Täuschung im Quiz"}).location == page
    again = office.post(page, data={"do": "revoke", "reason": "Noch einmal"})
    assert (again.status_code, "schon widerrufen" in again.text) == (409, True)
    assert kinds(certificate) == ["issued", "revoked"]
    stranger = app.test_client().get(f"/verify/{certificate.token}").text
    assert "Widerrufen" in stranger
    assert "Täuschung" not in stranger
    assert "Täuschung im Quiz" in office.get(page).text
    mail = mails("certificate_revoked")[0]
    assert "Täuschung" not in mail.text_body
    assert session.scalar(select(func.count()).where(AuditEntry.action == "certificate_revoked")) == 1
    own = signed_in(app, graduates.participant)
    assert "widerrufen" in own.get("/certificates").text
    assert own.post(f"/certificates/{certificate.id}/correction", data={"text": "Bitte"}).status_code == 409
    assert office.post(f"{page}/correction", data={"text": "Irrtum, bitte neu ausstellen"}).status_code == 302


@pytest.mark.usefixtures("no_token")
def test_only_the_office_touches_documents_and_only_owners_their_own(app: Flask, graduates: Cast) -> None:
    certificate = confer(graduates)[0]
    page = f"/issued/{certificate.id}"
    expected = {"coordinator": 200, "auditor": 200, "trainer": 403, "participant": 403, "admin": 403}
    assert {who: signed_in(app, getattr(graduates, who)).get(page).status_code for who in expected} == expected
    assert signed_in(app, graduates.auditor).post(page, data={"do": "revoke", "reason": "x"}).status_code == 403
    stranger = signed_in(app, graduates.other_participant)
    for path in (f"/certificates/{certificate.id}/correction", f"/certificates/{certificate.id}/visibility"):
        assert stranger.post(path, data={"text": "x", "concealed": "1"}).status_code == 404
    assert signed_in(app, graduates.coordinator).get("/issued/999").status_code == 404
    assert kinds(certificate) == ["issued"]


@pytest.mark.usefixtures("no_token")
def test_the_owner_switches_the_public_page(app: Flask, graduates: Cast) -> None:
    certificate = confer(graduates)[0]
    owner, path = signed_in(app, graduates.participant), f"/certificates/{certificate.id}/visibility"
    assert "Öffentlich nur zeigen, dass es gültig ist" in owner.get("/certificates").text
    for _twice in range(2):
        assert owner.post(path, data={"concealed": "1"}).location == "/certificates"
    assert "Öffentlich wieder alle Angaben zeigen" in owner.get("/certificates").text
    owner.post(path, data={"concealed": "0"})
    assert kinds(certificate) == ["issued", "concealed", "revealed"]


def test_renewal_and_its_reminder(app: Flask, graduates: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    endless = confer(graduates)[1]
    page = f"/issued/{endless.id}"
    office = signed_in(app, graduates.coordinator)
    assert office.post(page, data={"do": "renew", "months": "12", "reason": "x"}).status_code == 409
    certificate = session.scalars(select(Certificate).order_by(Certificate.id)).first()
    assert certificate is not None
    until = NOW.date() + timedelta(days=30)
    with transaction():
        certificate.valid_until_date = until
    with transaction():
        assert claim_expiring(NOW.date() - timedelta(days=40)) is None
        found = claim_expiring(NOW.date())
        assert found is certificate
        remind_of_expiry(found, at=NOW)
        assert claim_expiring(NOW.date()) is None
    assert len(mails("certificate_ends")) == 1
    page = f"/issued/{certificate.id}"
    assert office.post(page, data={"do": "renew", "months": "", "reason": "Auffrischung"}).status_code == 422
    made = office.post(page, data={"do": "renew", "months": "36", "reason": "Auffrischung besucht"})
    new = session.scalars(select(Certificate).where(Certificate.replaces_id == certificate.id)).one()
    assert made.location == f"/issued/{new.id}"
    issued_on = date.fromisoformat(new.facts["issue_date"])
    assert new.valid_until_date == add_months(issued_on, 36)
    assert new.facts["valid_until_date"] == new.valid_until_date.isoformat()
    assert new.facts["name"] == certificate.facts["name"]
    assert kinds(certificate)[-1] == "replaced"
    assert len(mails("certificate_renewed")) == 1


@pytest.mark.usefixtures("no_token")
def test_a_repaired_question_is_shown_to_the_office_with_what_can_be_done(app: Flask, graduates: Cast) -> None:
    certificate = confer(graduates)[0]
    with transaction():
        publish(
            ResultsRepaired(
                enrolments=[graduates.enrolment],
                reason="Frage 3 war falsch verschlüsselt",
                actor=graduates.trainer,
                at=NOW,
            )
        )
    session.expire_all()
    office, page = signed_in(app, graduates.coordinator), f"/issued/{certificate.id}"
    assert "Ein Ergebnis hinter SCM-2026-00001 hat sich geändert" in office.get("/").text
    shown = office.get(page).text
    assert "Frage 3 war falsch verschlüsselt" in shown
    assert "Nach den jetzigen Ergebnissen bekäme die Person" in shown
    assert office.post(page, data={"do": "keep", "reason": "Ergebnis bleibt über der Grenze"}).location == page
    assert office.post(page, data={"do": "keep", "reason": "Noch einmal"}).status_code == 409
    assert "hat sich geändert" not in office.get("/").text
    assert kinds(certificate) == ["issued", "flagged", "reviewed"]


def test_issued_documents_are_found_by_what_is_printed(app: Flask, graduates: Cast, count_queries: Any) -> None:
    confer(graduates)
    office = signed_in(app, graduates.coordinator)
    for search, hits in (("", 2), ("00002", 1), ("łukasz", 1), ("Bodo herbst", 1), ("100%", 0)):
        with count_queries() as seen:
            page = office.get("/issued", query_string={"q": search}).text
        assert page.count("SCM-2026-0000") == hits, search
        assert len(seen) <= 6


def test_renaming_and_deleting_everything_changes_nothing(app: Flask, graduates: Cast) -> None:
    certificate = confer(graduates)[0]
    render_due_certificates()
    session.expire_all()
    before = (certificate.snapshot_json, certificate.snapshot_sha256, certificate.pdf_sha256)
    page = app.test_client().get(f"/verify/{certificate.token}.json").get_json()
    plain = render_pdf(certificate.facts, issued_at=certificate.issued_at)
    with transaction():
        graduates.participant.family_name = "Anders"
        graduates.participant.printed_name = "Ganz Anders"
        graduates.version.title = "Umbenannt"
        graduates.cohort.title = "Umbenannt"
        graduates.cohort.begin_date = date(2020, 1, 1)
        graduates.version.modules[0].title = "Umbenannt"
        # What erasing an account does to it.
        certificate.enrolment_id = None
    session.expire_all()
    assert (certificate.snapshot_json, certificate.snapshot_sha256, certificate.pdf_sha256) == before
    assert render_pdf(certificate.facts, issued_at=certificate.issued_at) == plain
    assert app.test_client().get(f"/verify/{certificate.token}.json").get_json() == page


@pytest.mark.parametrize(
    ("state", "by_office", "reason"),
    [(CertificateState.VALID, False, None), (CertificateState.EXPIRED, False, None),
     (CertificateState.REVOKED, False, LifeReason.REVOKED), (CertificateState.REVOKED, True, None),
     (CertificateState.REPLACED, True, LifeReason.REPLACED), (CertificateState.ERASED, True, LifeReason.ERASED)],
)  # fmt: skip
def test_who_may_ask_for_a_correction_when(state: CertificateState, by_office: bool, reason: LifeReason | None) -> None:
    assert refuse_request(state, text="x", open_request=False, by_office=by_office) == reason


def test_the_rules_of_life() -> None:
    valid, revoked = CertificateState.VALID, CertificateState.REVOKED
    assert refuse_revocation(valid, "x") is None
    assert refuse_revocation(CertificateState.EXPIRED, "x") is None
    assert refuse_revocation(valid, " ") == LifeReason.NO_REASON
    assert refuse_renewal(valid, None, "x") == LifeReason.ENDLESS
    assert refuse_renewal(revoked, date(2027, 1, 1), "x") == LifeReason.REVOKED
    assert refuse_renewal(CertificateState.EXPIRED, date(2020, 1, 1), "x") is None
    assert refuse_evidence("a.pdf", b"%PDF-1.7") is None
    assert refuse_evidence("a.svg", b"<svg>") == LifeReason.EVIDENCE_KIND
    assert refuse_evidence("pdf", b"%PDF-1.7") == LifeReason.EVIDENCE_KIND
    assert refuse_evidence("a.png", b"x" * (11 * 1024 * 1024)) == LifeReason.EVIDENCE_SIZE
    assert not is_concealed(["issued"])
    assert is_concealed(["issued", "concealed", "rendered"])
    assert not is_concealed(["concealed", "revealed"])
    assert is_flagged(["flagged", "reviewed", "flagged"])
    assert not is_flagged(["flagged", "reviewed"])
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2026, 12, 1), 12) == date(2027, 12, 1)
