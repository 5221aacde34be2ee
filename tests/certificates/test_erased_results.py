"""Lawful erasure beyond the document: mails, reasons, and people who stand in a protocol without having got one."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select

from certificates.conferral.actions import approve_proposal, changes_since, protocol_lines, return_proposal
from certificates.conferral.jobs import print_due_protocols
from certificates.conferral.models import Certificate, Conferral, ConferralProposal, ErasedResult
from certificates.conferral.protocols import protocol_hash
from certificates.conferral.rules import ConferralReason
from certificates.documents.jobs import render_due_certificates
from certificates.erasure.actions import erase_certificate, erase_result
from certificates.erasure.rules import refuse_result_erasure
from certificates.lifecycle.actions import revoke_certificate
from certificates.lifecycle.rules import LifeReason
from certificates.readiness.actions import ask_for_names
from certificates.readiness.queries import NAME_MAIL
from courses.cohorts.actions import enrol_person
from courses.cohorts.models import Enrolment
from lms.audit.models import AuditEntry
from lms.db import session, transaction
from lms.files.queries import get_content
from lms.mail.actions import queue_mail
from lms.mail.jobs import send_due_mails
from lms.mail.models import OutboxMail
from lms.people.models import Person
from lms.permissions import Role
from lms.sentences import Refusal
from tests.cast import NOW, Cast, make_person, signed_in
from tests.certificates.conferring import SIGNATORIES, approve, confer, propose

CONFIRMED = {"reason": "Art. 17 DSGVO", "sure": "y"}


@pytest.fixture
def absent(graduates: Cast) -> Enrolment:
    """Olga never came: nothing is issued for her, but every protocol names her."""
    with transaction():
        olga = make_person("Olga", "Ohne", Role.PARTICIPANT)
        session.flush()
        graduates.cohort.completed_at = None
        place = enrol_person(graduates.cohort, olga, municipality_ags=None, actor=graduates.coordinator, at=NOW)
        graduates.cohort.completed_at = NOW
    return place


def erase(certificate: Certificate, cast: Cast) -> None:
    """Erase, in a transaction of its own."""
    with transaction():
        erase_certificate(certificate, typed=certificate.serial, reason="Art. 17", actor=cast.admin, at=NOW)


def kinds_of_mails() -> set[str]:
    session.expire_all()
    return set(session.scalars(select(OutboxMail.kind)))


@pytest.mark.usefixtures("short_print")
def test_mails_about_what_is_erased_go_sent_or_not(graduates: Cast) -> None:
    with transaction():
        ask_for_names(graduates.cohort, actor=graduates.coordinator, at=NOW)
    petra, bodo = confer(graduates)
    render_due_certificates()
    send_due_mails()
    with transaction():
        revoke_certificate(petra, reason="Irrtum", actor=graduates.coordinator, at=NOW)  # this mail waits
        early = session.scalars(select(OutboxMail).where(OutboxMail.person_id == graduates.participant.id)).first()
        assert early is not None
        early.about = None  # as before it was noted
    assert len(session.scalars(select(OutboxMail).where(OutboxMail.person_id == graduates.participant.id)).all()) == 3
    erase(petra, graduates)
    left = session.scalars(select(OutboxMail)).all()
    assert {mail.person_id for mail in left} == {session.get_one(Enrolment, bodo.enrolment_id).person_id}
    assert {mail.about for mail in left} == {f"certificates:{bodo.id}", f"enrolments:{bodo.enrolment_id}"}


def test_a_waiting_mail_about_another_document_is_still_sent(graduates: Cast) -> None:
    petra = confer(graduates)[0]
    kinds = {"waits, another": "SCM-2025-00009", "waits, this": petra.serial, "sent, another": "SCM-2025-00009"}
    with transaction():
        for name, serial in kinds.items():
            mail = queue_mail(
                graduates.participant, kind="certificate_revoked", subject=name, text=f"{serial}.", html="", at=NOW
            )
            mail.sent_at = NOW if name.startswith("sent") else None
        for name, course in (("name, another", "Anderer Kurs"), ("name, this", graduates.cohort.version.title)):
            queue_mail(graduates.participant, kind=NAME_MAIL, subject=name, text=f"„{course}“", html="", at=NOW)
    erase(petra, graduates)
    session.expire_all()
    left = session.scalars(select(OutboxMail.subject).where(OutboxMail.about.is_(None)))
    assert set(left) == {"waits, another", "name, another"}


def test_old_requests_to_check_the_name_go_with_a_result(graduates: Cast, absent: Enrolment) -> None:
    confer(graduates)
    with transaction():
        ask_for_names(graduates.cohort, actor=graduates.coordinator, at=NOW)
        for mail in session.scalars(select(OutboxMail)):
            mail.about = None  # as before it was noted
    with transaction():
        erase_result(absent, typed="Olga Ohne", reason="Art. 17", actor=graduates.coordinator, at=NOW)
    session.expire_all()
    assert absent.person_id not in set(session.scalars(select(OutboxMail.person_id)))
    assert kinds_of_mails() == {NAME_MAIL}


@pytest.mark.usefixtures("four_eyes")
def test_why_a_proposal_was_sent_back_goes_with_who_was_missing_there(
    graduates: Cast, absent: Enrolment, second_coordinator: Person
) -> None:
    with transaction():
        absent.cohort_id = graduates.other_enrolment.cohort_id
    session.expire_all()
    returned = propose(graduates)
    with transaction():
        return_proposal(returned, reason="Olga fehlt.", actor=second_coordinator, at=NOW)
        for title in ("Zurück", f"Zurück: {graduates.cohort.title}"):
            queue_mail(graduates.coordinator, kind="conferral_returned", subject=title, text="", html="", at=NOW)
        absent.cohort_id = graduates.cohort.id
    session.expire_all()
    propose(graduates)
    with transaction():
        erase_result(absent, typed="Olga Ohne", reason="Art. 17", actor=graduates.coordinator, at=NOW)
    session.expire_all()
    decision = session.get_one(ConferralProposal, returned.id).decision
    assert decision is not None
    assert decision.reason == ""
    left = session.scalars(select(OutboxMail.subject).where(OutboxMail.kind == "conferral_returned", OutboxMail.about.is_(None)))
    assert list(left) == ["Zurück"]


@pytest.mark.usefixtures("short_print")
def test_a_mail_that_is_handed_over_meanwhile_is_gone_afterwards(
    graduates: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    petra = confer(graduates)[0]
    render_due_certificates()
    monkeypatch.setattr("lms.mail.jobs.deliver", lambda *_what, **_how: erase(petra, graduates))
    with transaction():
        for mail in session.scalars(select(OutboxMail).where(OutboxMail.about != f"certificates:{petra.id}")):
            session.delete(mail)
    send_due_mails()
    assert kinds_of_mails() == set()


@pytest.mark.usefixtures("four_eyes")
def test_why_a_proposal_was_sent_back_goes_with_who_stood_there(
    graduates: Cast, second_coordinator: Person
) -> None:
    returned = propose(graduates)
    with transaction():
        return_proposal(returned, reason="Petra war krank.", actor=second_coordinator, at=NOW)
    mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == "conferral_returned")).one()
    assert "Petra" not in mail.text_body
    assert f"/proposals/{returned.id}" in mail.text_body
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "conferral_returned")).one()
    assert entry.details == {}
    with transaction():
        entry.details = {"reason": "Petra war krank."}  # as it was written before
        mail.about = None
    petra = approve(propose(graduates), second_coordinator)[0]
    erase(petra, graduates)
    session.expire_all()
    decision = session.get_one(ConferralProposal, returned.id).decision
    assert decision is not None
    assert (decision.kind, decision.reason, entry.details) == ("returned", "", {})
    assert "conferral_returned" not in kinds_of_mails()


@pytest.mark.usefixtures("short_print")
def test_who_got_no_document_is_erased_from_every_protocol(graduates: Cast, absent: Enrolment) -> None:
    confer(graduates)
    print_due_protocols()
    session.expire_all()
    conferral = session.scalars(select(Conferral)).one()
    before = conferral.protocol_pdf_sha256
    assert "Olga" in json.dumps(conferral.protocol)
    with transaction():
        erase_result(absent, typed=" Olga  Ohne ", reason="Art. 17", actor=graduates.coordinator, at=NOW)
    print_due_protocols()
    session.expire_all()
    for protocol in (conferral.protocol, session.scalars(select(ConferralProposal)).one().protocol):
        assert "Olga" not in json.dumps(protocol)
        assert protocol_hash(protocol) == conferral.protocol_sha256
    assert conferral.protocol_pdf_sha256 not in {None, before}
    assert b"/ByteRange" in get_content(conferral.protocol_pdf_sha256 or "")
    assert "Olga Ohne" not in [line["name"] for line in protocol_lines(graduates.cohort, SIGNATORIES, "Potsdam")]
    with pytest.raises(Refusal) as again, transaction():
        erase_result(absent, typed="Olga Ohne", reason="x", actor=graduates.coordinator, at=NOW)
    assert again.value.reason == LifeReason.NO_LINE
    with pytest.raises(Refusal) as documented, transaction():
        erase_result(graduates.enrolment, typed="x", reason="x", actor=graduates.coordinator, at=NOW)
    assert documented.value.reason == LifeReason.HAS_DOCUMENT


@pytest.mark.usefixtures("four_eyes")
def test_an_open_proposal_can_be_approved_without_the_line(
    graduates: Cast, absent: Enrolment, second_coordinator: Person
) -> None:
    proposal = propose(graduates)
    with transaction():
        erase_result(absent, typed="Olga Ohne", reason="Art. 17", actor=graduates.coordinator, at=NOW)
    assert changes_since(proposal) == []
    assert len(approve(proposal, second_coordinator)) == 2


@pytest.mark.usefixtures("four_eyes", "no_token")
def test_a_proposal_without_anybody_left_issues_nothing(
    app: Flask, graduates: Cast, absent: Enrolment, second_coordinator: Person
) -> None:
    proposal = propose(graduates)
    with transaction():
        for line in proposal.protocol["lines"]:
            if line["facts"]:
                place = session.get_one(Enrolment, line["enrolment"])
                erase_result(place, typed=line["name"], reason="Art. 17", actor=graduates.coordinator, at=NOW)
    session.expire_all()
    assert changes_since(proposal) == []
    with pytest.raises(Refusal) as refused, transaction():
        approve_proposal(proposal, actor=second_coordinator, at=NOW)
    assert refused.value.reason == ConferralReason.NOBODY
    assert session.scalars(select(Conferral)).all() == []
    shown = signed_in(app, second_coordinator).get(f"/proposals/{proposal.id}").text
    assert "Freigeben und jetzt ausstellen" not in shown
    assert "niemand mehr übrig, für" in shown


@pytest.mark.usefixtures("no_token")
def test_the_way_there_for_office_and_administration(app: Flask, graduates: Cast, absent: Enrolment) -> None:
    confer(graduates)
    proposal = session.scalars(select(ConferralProposal)).one()
    page = f"/results/{absent.id}/erasure"
    office = signed_in(app, graduates.coordinator)
    shown = office.get(f"/proposals/{proposal.id}").text
    assert page in shown
    assert f"/results/{graduates.enrolment.id}/erasure" not in shown
    assert page not in signed_in(app, graduates.auditor).get(f"/proposals/{proposal.id}").text
    admin = signed_in(app, graduates.admin)
    assert admin.post("/issued/erasure", data={"sought": "olga.ohne@example.org"}).location == page
    for nobody in ("niemand@example.org", graduates.participant.email):
        assert "steht niemand in einem Protokoll" in admin.post("/issued/erasure", data={"sought": nobody}).text
    warned = office.get(page).text
    assert "Olga Ohne" in warned
    assert "kann niemand mehr prüfen" in warned
    assert "Frühere Kopien behalten ihr Siegel" in warned
    wrong = office.post(page, data={**CONFIRMED, "name": "Olga"})
    assert (wrong.status_code, "Es wurde nichts gelöscht" in wrong.text) == (409, True)
    assert office.post(page, data={**CONFIRMED, "name": "Olga Ohne", "sure": ""}).status_code == 422
    assert session.get(ErasedResult, absent.id) is None
    assert admin.post(page, data={**CONFIRMED, "name": "Olga Ohne"}).location == page
    session.expire_all()
    assert "Die Zeilen dieser Person sind gelöscht" in office.get(page).text
    assert "1 Person bleibt außen vor" in office.get(f"/cohorts/{graduates.cohort.id}/conferral").text
    assert "Für diese Person wurde ein Dokument ausgestellt" in (
        office.get(f"/results/{graduates.enrolment.id}/erasure").text
    )
    assert office.get("/results/99999/erasure").status_code == 404


def test_when_a_result_can_be_erased() -> None:
    asked = {"typed": "Olga Ohne", "reason": "x", "has_document": False}
    assert refuse_result_erasure("Olga Ohne", **asked) is None  # type: ignore[arg-type]  # a table's row
    assert refuse_result_erasure(None, typed="", reason="x", has_document=False) == LifeReason.NO_LINE
    assert refuse_result_erasure("A", typed="B", reason="x", has_document=False) == LifeReason.WRONG_NAME
    assert refuse_result_erasure("A", typed="A", reason=" ", has_document=False) == LifeReason.NO_REASON
    assert refuse_result_erasure("A", typed="A", reason="x", has_document=True) == LifeReason.HAS_DOCUMENT


@pytest.mark.usefixtures("no_token")
def test_the_owner_of_a_revoked_or_expired_document_chooses_as_well(app: Flask, graduates: Cast) -> None:
    petra, bodo = confer(graduates, valid_months=12)
    with transaction():
        revoke_certificate(petra, reason="Irrtum", actor=graduates.coordinator, at=NOW)
        bodo.valid_until_date = NOW.date().replace(year=2020)
    people = {petra: graduates.participant, bodo: session.get_one(Enrolment, bodo.enrolment_id).person}
    words = {petra: "widerrufen wurde und wann", bodo: "gültig war und bis wann"}
    for certificate, person in people.items():
        owner, path = signed_in(app, person), f"/certificates/{certificate.id}/visibility"
        assert "Öffentlich nur den Stand zeigen" in owner.get("/certificates").text
        owner.post(path, data={"concealed": "1"})
        session.expire_all()
        shown = owner.get("/certificates").text
        assert words[certificate] in shown
        assert "Öffentlich wieder alle Angaben zeigen" in shown
        public = app.test_client().get(f"/verify/{certificate.token}")
        assert certificate.facts["name"] not in public.text
        told = app.test_client().get(f"/verify/{certificate.token}.json").get_json()
        assert (told["concealed"], told["facts"]) == (True, None)
    erase(petra, graduates)
    assert signed_in(app, graduates.participant).post(
        f"/certificates/{petra.id}/visibility", data={"concealed": "0"}
    ).status_code == 404
