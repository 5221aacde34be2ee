"""A cohort in which nobody earned a document is closed by a sealed protocol; and what is missing is confirmed by one person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from certificates.conferral.jobs import print_due_protocols
from certificates.conferral.models import Certificate, Conferral, ConferralProposal, SerialCounter
from certificates.conferral.protocols import protocol_hash
from certificates.conferral.rules import ConferralReason, refuse_approval, refuse_proposal
from courses.attendance.rules import Status
from courses.progress.actions import complete_lesson
from lms.db import session, transaction
from lms.files.queries import get_content
from lms.people.models import Person
from tests.cast import NOW, Cast, signed_in
from tests.certificates.test_four_eyes import FORM
from tests.marking import mark_attendance

SIGNED = [{"name": "Dr. Henriette Falk", "function": "Leitung"}]


@pytest.fixture
def nobody(cast: Cast) -> Cast:
    """The teaching is over, and the only participant never came."""
    with transaction():
        cast.cohort.completed_at = NOW
    return cast


@pytest.mark.parametrize(
    ("given", "reason"),
    [({"new": 0, "conferred": False}, None), ({"new": 0, "conferred": True}, ConferralReason.NOBODY),
     ({"new": 0, "people": 0, "conferred": False}, ConferralReason.EMPTY),
     ({"new": 0, "completed": False, "conferred": False}, ConferralReason.NOT_COMPLETED),
     ({"new": 0, "open_proposal": True, "conferred": False}, ConferralReason.OPEN_PROPOSAL),
     ({"new": 1, "signatories": [], "conferred": False}, ConferralReason.NO_SIGNATORIES),
     ({"new": 0, "signatories": [], "conferred": False}, None), ({"new": 1}, None)],
)  # fmt: skip
def test_what_can_be_proposed(given: dict[str, Any], reason: ConferralReason | None) -> None:
    usual: dict[str, Any] = {"completed": True, "signatories": SIGNED, "open_proposal": False, "people": 1}
    assert refuse_proposal(**{**usual, **given}) == reason


@pytest.mark.parametrize(
    ("given", "reason"),
    [({"new": 0}, ConferralReason.NOBODY), ({"new": 0, "closing": True}, None), ({"new": 1}, None),
     ({"new": 0, "closing": True, "changes": 1}, ConferralReason.RESULTS_CHANGED),
     ({"new": 0, "closing": True, "own": True, "four_eyes": True}, ConferralReason.SAME_PERSON),
     ({"new": 2, "unprintable": 1}, ConferralReason.UNPRINTABLE),
     ({"new": 2, "unprintable": 1, "decided": True}, ConferralReason.DECIDED)],
)  # fmt: skip
def test_what_can_be_approved(given: dict[str, Any], reason: ConferralReason | None) -> None:
    usual: dict[str, Any] = {"decided": False, "own": False, "four_eyes": False}
    assert refuse_approval(**{**usual, **given}) == reason


@pytest.mark.usefixtures("no_token", "four_eyes", "short_print")
def test_two_close_a_cohort_in_which_nobody_passed(app: Flask, nobody: Cast, second_coordinator: Person) -> None:
    office, second = signed_in(app, nobody.coordinator), signed_in(app, second_coordinator)
    page = f"/cohorts/{nobody.cohort.id}/conferral"
    shown = office.get(page).text
    assert "Ohne Dokumente abschließen" in shown
    assert 'name="first_name"' not in shown
    assert office.post(page, data={"do": "close"}).status_code == 422
    proposal = office.post(page, data={"do": "close", "sure": "y"}).location
    assert office.post(page, data={"do": "close", "sure": "y"}).status_code == 409
    assert "Niemand erhält ein Dokument" in second.get(proposal).text
    assert office.post(proposal, data={"do": "approve", "sure": "y"}).status_code == 409
    assert second.post(proposal, data={"do": "approve"}).status_code == 422
    assert second.post(proposal, data={"do": "approve", "sure": "y"}).location == page
    assert second.post(proposal, data={"do": "approve", "sure": "y"}).status_code == 409
    conferral = session.scalars(select(Conferral)).one()
    assert (conferral.certificates, conferral.protocol["approval"]["serials"]) == ([], {})
    assert protocol_hash(conferral.protocol) == conferral.protocol_sha256
    assert session.scalars(select(SerialCounter)).all() == []
    done = office.get(page).text
    assert "Niemand hatte eines erreicht" in done
    assert "Ohne Dokumente abschließen" not in done
    print_due_protocols()
    session.expire_all()
    assert get_content(conferral.protocol_pdf_sha256 or "").startswith(b"%PDF-")
    assert "Gesiegeltes Protokoll" in office.get(page).text


@pytest.mark.usefixtures("no_token")
def test_who_earns_something_later_gets_it_in_a_supplement(app: Flask, nobody: Cast) -> None:
    office, page = signed_in(app, nobody.coordinator), f"/cohorts/{nobody.cohort.id}/conferral"
    assert office.post(page, data={"do": "close", "sure": "y"}).status_code == 302
    with transaction():
        for lesson in nobody.lessons:
            complete_lesson(nobody.enrolment, lesson, actor=nobody.participant, at=NOW)
        mark_attendance(nobody.live_session, nobody.enrolment, Status.PRESENT, actor=nobody.trainer, at=NOW)
    # Whoever still has the form for closing open gives no signatures: nothing is issued by it.
    assert office.post(page, data={"do": "close", "sure": "y"}).status_code == 409
    assert office.post(page, data=FORM).status_code == 302
    first, second = session.scalars(select(Conferral).order_by(Conferral.number))
    assert ([one.kind for one in first.certificates], [one.kind for one in second.certificates]) == ([], ["certificate"])
    assert "Nachtrag: " in office.get(page).text


@pytest.mark.usefixtures("no_token", "four_eyes")
def test_a_closing_is_not_approved_when_somebody_has_passed_since(
    app: Flask, nobody: Cast, second_coordinator: Person
) -> None:
    office = signed_in(app, nobody.coordinator)
    proposal = office.post(f"/cohorts/{nobody.cohort.id}/conferral", data={"do": "close", "sure": "y"}).location
    with transaction():
        complete_lesson(nobody.enrolment, nobody.lessons[0], actor=nobody.participant, at=NOW + timedelta(hours=1))
        complete_lesson(nobody.enrolment, nobody.lessons[1], actor=nobody.participant, at=NOW + timedelta(hours=1))
    answer = signed_in(app, second_coordinator).post(proposal, data={"do": "approve", "sure": "y"})
    assert answer.status_code == 409
    assert session.scalars(select(Conferral)).all() == []


@pytest.mark.usefixtures("no_token")
def test_one_person_confirms_what_cannot_be_printed_before_anything_is_issued(app: Flask, graduates: Cast) -> None:
    with transaction():
        graduates.participant.printed_name = "王伟"
    office, page = signed_in(app, graduates.coordinator), f"/cohorts/{graduates.cohort.id}/conferral"
    assert 'name="boxes"' in office.get(page).text
    refused = office.post(page, data=FORM)
    assert refused.status_code == 409
    assert "王伟: Diese Zeichen lassen sich nicht drucken" in refused.text
    session.expire_all()
    # Nor is a proposal left behind that somebody would have to take back.
    assert session.scalars(select(ConferralProposal)).all() == []
    assert session.scalars(select(Certificate)).all() == []
    assert office.post(page, data={**FORM, "boxes": "y"}).status_code == 302
    assert len(session.scalars(select(Certificate)).all()) == 2
