"""Four eyes: one person freezes the results, another one approves exactly these."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import func, select

from certificates.conferral.actions import (
    changes_since,
    confer_cohort,
    protocol_lines,
    return_proposal,
    withdraw_proposal,
)
from certificates.conferral.jobs import print_due_protocols
from certificates.conferral.models import Certificate, Conferral, ConferralProposal
from certificates.conferral.protocols import list_changes, protocol_hash, without_lines_of
from certificates.conferral.rules import ConferralReason, refuse_approval, refuse_withdrawal
from courses.attendance.rules import Status
from courses.cohorts.actions import complete_cohort, enrol_person, reopen_cohort
from courses.progress.actions import complete_lesson, reopen_lesson
from lms.db import session, transaction
from lms.files.queries import get_content
from lms.frame.filters import say
from lms.mail.models import OutboxMail
from lms.people.models import Person
from lms.sentences import Refusal
from tests.cast import NOW, Cast, signed_in
from tests.certificates.conferring import SIGNATORIES, approve, propose
from tests.marking import mark_attendance

FORM = {
    "first_name": "Dr. Henriette Falk", "first_function": "Leitung", "place": "Potsdam", "sure": "y", "valid_months": "24",
}  # fmt: skip


def reason_of(action: Any, *arguments: Any, **values: Any) -> Any:
    """Return why something is refused; nothing of it stays."""
    with pytest.raises(Refusal) as refused, transaction():
        action(*arguments, **values)
    return refused.value.reason


def count(model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.usefixtures("four_eyes")
def test_nobody_confers_alone(graduates: Cast, second_coordinator: Person) -> None:
    alone = reason_of(
        confer_cohort, graduates.cohort, actor=graduates.coordinator, at=NOW, signatories=SIGNATORIES, place="Potsdam"
    )
    assert alone == ConferralReason.SAME_PERSON
    assert count(ConferralProposal) == 0
    proposal = propose(graduates)
    assert reason_of(approve, proposal, graduates.coordinator) == ConferralReason.SAME_PERSON
    assert count(Certificate) == 0
    issued = approve(proposal, second_coordinator)
    assert [one.serial for one in issued] == ["SCM-2026-00001", "SCM-2026-00002"]
    assert issued[0].facts["issue_date"] == "2026-09-09"
    assert reason_of(approve, proposal, second_coordinator) == ConferralReason.DECIDED
    assert count(Certificate) == 2


@pytest.mark.usefixtures("four_eyes")
def test_what_changes_nobodys_result_or_document_holds_up_nobody(graduates: Cast, second_coordinator: Person) -> None:
    first, second, *_others = graduates.lessons
    with transaction():
        for lesson in (first, second):
            reopen_lesson(graduates.enrolment, lesson, actor=graduates.participant, at=NOW)
    proposal = propose(graduates)
    before = {line["enrolment"]: line["rules"] for line in proposal.protocol["lines"]}
    with transaction():
        complete_lesson(graduates.enrolment, first, actor=graduates.participant, at=NOW)
    session.expire_all()
    now = {line["enrolment"]: line["rules"] for line in protocol_lines(graduates.cohort, SIGNATORIES, "Potsdam")}
    assert now != before, "one more lesson is read"
    assert changes_since(proposal) == []
    approve(proposal, second_coordinator)


@pytest.mark.usefixtures("four_eyes")
def test_what_changed_in_between_is_refused_and_told(graduates: Cast, second_coordinator: Person) -> None:
    proposal = propose(graduates)
    with transaction():
        graduates.participant.family_name = "Neuname"
        mark_attendance(graduates.live_session, graduates.enrolment, Status.ABSENT, actor=graduates.trainer, at=NOW)
    session.expire_all()
    assert reason_of(approve, proposal, second_coordinator) == ConferralReason.RESULTS_CHANGED
    assert count(Certificate) == 0
    with force_locale("de"):
        said = [say(one) for one in changes_since(proposal)]
    assert "Petra Łukaszewicz heißt jetzt Petra Neuname." in said
    assert "Petra Neuname: Das Ergebnis war „Zertifikat“ und ist jetzt „Kein Dokument“." in said
    assert "Petra Neuname: Anwesenheit war 4/4 und ist jetzt 0/4." in said
    with transaction():
        return_proposal(proposal, reason="Bitte neu vorlegen.", actor=second_coordinator, at=NOW)
    assert session.scalars(select(OutboxMail).where(OutboxMail.kind == "conferral_returned")).one().person_id == (
        graduates.coordinator.id
    )
    again = propose(graduates)
    assert again.number == 2
    assert [one.kind for one in approve(again, second_coordinator)] == ["attendance"]


def test_one_proposal_at_a_time_and_who_may_end_it(graduates: Cast, second_coordinator: Person) -> None:
    proposal = propose(graduates)
    assert reason_of(propose, graduates) == ConferralReason.OPEN_PROPOSAL
    assert (
        reason_of(withdraw_proposal, proposal, actor=second_coordinator, at=NOW)
        == reason_of(withdraw_proposal, proposal, actor=second_coordinator, at=NOW)
        == ConferralReason.NOT_YOURS
    )
    assert (
        reason_of(return_proposal, proposal, reason=" ", actor=second_coordinator, at=NOW) == ConferralReason.NO_REASON
    )
    with transaction():
        withdraw_proposal(proposal, actor=graduates.coordinator, at=NOW)
    assert reason_of(approve, proposal, second_coordinator) == ConferralReason.DECIDED
    assert propose(graduates).number == 2


def test_a_proposal_that_was_tampered_with_is_refused(graduates: Cast, second_coordinator: Person) -> None:
    proposal = propose(graduates)
    with transaction():
        proposal.protocol = {**proposal.protocol, "place": "Anderswo"}
    assert reason_of(approve, proposal, second_coordinator) == ConferralReason.DAMAGED


@pytest.mark.parametrize(
    ("values", "reason"),
    [({"decided": True, "own": False, "four_eyes": True}, ConferralReason.DECIDED),
     ({"decided": False, "own": True, "four_eyes": True}, ConferralReason.SAME_PERSON),
     ({"decided": False, "own": True, "four_eyes": False}, None),
     ({"decided": False, "own": False, "four_eyes": True, "intact": False}, ConferralReason.DAMAGED),
     ({"decided": False, "own": False, "four_eyes": True, "changes": 1}, ConferralReason.RESULTS_CHANGED),
     ({"decided": False, "own": False, "four_eyes": True, "new": 0}, ConferralReason.NOBODY)],
)  # fmt: skip
def test_when_a_proposal_can_be_approved(values: Any, reason: ConferralReason | None) -> None:
    assert refuse_approval(**{"new": 1, **values}) == reason
    assert refuse_withdrawal(decided=False, own=True) is None


def test_a_line_can_be_erased_without_breaking_the_hash() -> None:
    lines: list[dict[str, Any]] = [
        {"salt": str(key), "enrolment": key, "name": f"N{key}", "achievement": "none", "rules": [], "facts": None}
        for key in (1, 2)
    ]
    protocol = {"place": "Potsdam", "lines": lines, "approval": {"serials": {"1": "A", "2": "B"}}}
    erased = without_lines_of(protocol, 1, erased_on="2027-01-01")
    assert protocol_hash(erased) == protocol_hash(protocol)
    assert protocol_hash({**protocol, "place": "Anderswo"}) != protocol_hash(protocol)
    assert "N1" not in json.dumps(erased)
    assert erased["approval"]["serials"] == {"2": "B"}
    assert list_changes(erased["lines"], [lines[1]]) == []


@pytest.mark.usefixtures("four_eyes", "no_token")
def test_the_whole_way_in_the_browser(app: Flask, graduates: Cast, second_coordinator: Person) -> None:
    first, second = signed_in(app, graduates.coordinator), signed_in(app, second_coordinator)
    page = f"/cohorts/{graduates.cohort.id}/conferral"
    assert "zur Freigabe vorlegen" in first.get(page).text
    assert first.post(page, data={**FORM, "sure": ""}).status_code == 422
    proposal = first.post(page, data=FORM).location
    assert proposal.startswith("/proposals/")
    assert first.post(page, data=FORM).status_code == 409
    own = first.get(proposal).text
    assert "Eine zweite Person aus dem Programmbüro muss freigeben" in own
    assert "Freigeben und jetzt ausstellen" not in own
    assert "Eine Verleihung wartet auf Freigabe" in second.get("/").text
    assert "Eine Verleihung wartet auf Freigabe" not in first.get("/").text
    assert second.post(proposal, data={"do": "approve"}).status_code == 422
    assert second.post(proposal, data={"do": "return", "reason": ""}).status_code == 409
    assert first.post(proposal, data={"do": "approve", "sure": "y"}).status_code == 409
    assert second.post(proposal, data={"do": "anything"}).status_code == 400
    assert second.post(proposal, data={"do": "approve", "sure": "y"}).location == page
    again = second.post(proposal, data={"do": "approve", "sure": "y"})
    assert again.status_code == 409
    assert "nichts doppelt ausgestellt" in again.text
    assert count(Certificate) == 2
    certificate = session.scalars(select(Certificate)).first()
    assert certificate is not None
    assert str(certificate.valid_until_date).startswith(str(certificate.issued_at.year + 2))
    for person, status in ((graduates.auditor, 200), (graduates.trainer, 403), (graduates.participant, 403)):
        assert signed_in(app, person).get(proposal).status_code == status
    assert signed_in(app, graduates.auditor).post(proposal, data={"do": "return"}).status_code == 403


def test_the_protocol_is_sealed_and_for_office_and_auditor(app: Flask, graduates: Cast, tmp_path: Any) -> None:
    approve(propose(graduates), graduates.coordinator)
    conferral = session.scalars(select(Conferral)).one()
    path = f"/conferrals/{conferral.id}/protocol.pdf"
    assert signed_in(app, graduates.auditor).get(path).status_code == 404
    print_due_protocols()
    print_due_protocols()
    session.expire_all()
    pdf = get_content(conferral.protocol_pdf_sha256 or "")
    assert b"/ByteRange" in pdf
    (tmp_path / "p.pdf").write_bytes(pdf)
    with pikepdf.open(tmp_path / "p.pdf") as document:
        attached = json.loads(document.attachments["protokoll.json"].get_file().read_bytes())
        assert str(document.docinfo["/Title"]) == "Protokoll der Verleihung"
    assert protocol_hash(attached) == conferral.protocol_sha256
    found = {
        who: signed_in(app, getattr(graduates, who)).get(path).status_code
        for who in ("coordinator", "auditor", "trainer", "participant", "admin")
    }
    assert found == {"coordinator": 200, "auditor": 200, "trainer": 403, "participant": 403, "admin": 403}


def test_a_late_joiner_gets_a_supplement_with_its_own_protocol(graduates: Cast, second_coordinator: Person) -> None:
    approve(propose(graduates), second_coordinator)
    assert reason_of(propose, graduates) == ConferralReason.NOBODY
    at = NOW + timedelta(days=2)
    with transaction():
        reopen_cohort(graduates.cohort, actor=graduates.coordinator, at=at)
        late = enrol_person(
            graduates.cohort, graduates.other_participant, municipality_ags=None, actor=graduates.coordinator, at=at
        )
        mark_attendance(graduates.live_session, late, Status.PRESENT, actor=graduates.trainer, at=at)
        complete_cohort(graduates.cohort, actor=graduates.coordinator, at=at)
    session.expire_all()
    supplement = propose(graduates)
    assert supplement.protocol["number"] == 2
    assert [line["has_document"] for line in supplement.protocol["lines"]].count(True) == 2
    assert [one.serial for one in approve(supplement, second_coordinator)] == ["SCM-2026-00003"]


@pytest.mark.usefixtures("four_eyes", "no_token")
def test_who_approves_reads_which_letters_cannot_be_printed(
    app: Flask, graduates: Cast, second_coordinator: Person
) -> None:
    with transaction():
        graduates.participant.printed_name = "王伟"
    first, second = signed_in(app, graduates.coordinator), signed_in(app, second_coordinator)
    proposal = first.post(f"/cohorts/{graduates.cohort.id}/conferral", data=FORM).location
    page = second.get(proposal).text
    assert "王伟: Diese Zeichen lassen sich nicht drucken: 王 伟" in page
    assert "Bodo Nur-Anwesend: Diese" not in page
    unseen = second.post(proposal, data={"do": "approve", "sure": "y"})
    assert (unseen.status_code, "Es wurde nichts ausgestellt" in unseen.text) == (409, True)
    assert session.scalars(select(Certificate)).all() == []
    assert second.post(proposal, data={"do": "approve", "sure": "y", "boxes": "y"}).status_code == 302
    assert "lassen sich nicht drucken" not in second.get(proposal).text
