"""What a next version of a document takes over from the one that it replaces, and what stands in its way."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from certificates.conferral.models import Certificate
from certificates.conferral.rules import ConferralReason, attendance_needed
from certificates.conferral.snapshots import restate_attendance
from certificates.layouts.missing import list_missing
from certificates.lifecycle.actions import add_event, revoke_certificate, set_concealed
from certificates.lifecycle.corrections import accept_correction, renew_certificate, request_correction
from certificates.lifecycle.facts import correct_facts
from certificates.lifecycle.queries import list_open_requests
from certificates.lifecycle.rules import EventKind, LifeReason, refuse_correction
from certificates.verification.rules import is_concealed
from courses.progress.actions import reopen_lesson
from lms.db import session, transaction
from lms.sentences import Refusal
from tests.cast import NOW, Cast, signed_in
from tests.certificates.conferring import confer
from tests.certificates.test_documents import facts


def correct(certificate: Certificate, cast: Cast, name: str = "Petra Neumann") -> Certificate:
    """Correct a certificate's name, in a transaction of its own."""
    with transaction():
        request = request_correction(certificate, text="Neuer Name", actor=cast.participant, at=NOW)
        facts = {**certificate.facts, "name": name}
        return accept_correction(request, facts, reason="Belegt", actor=cast.coordinator, at=NOW)


def renew(certificate: Certificate, cast: Cast) -> Certificate:
    """Renew a certificate, in a transaction of its own."""
    with transaction():
        return renew_certificate(certificate, months=12, reason="Aufgefrischt", actor=cast.coordinator, at=NOW)


@pytest.mark.parametrize("replace", [correct, renew])
@pytest.mark.parametrize("concealed", [True, False])
def test_who_has_hidden_a_document_stays_hidden_in_the_next_version(
    app: Flask, graduates: Cast, replace: object, concealed: bool
) -> None:
    old = confer(graduates, valid_months=12)[0]
    with transaction():
        set_concealed(old, concealed=concealed, actor=graduates.participant, at=NOW)
    new = correct(old, graduates) if replace is correct else renew(old, graduates)
    assert session.scalar(select(Certificate).where(Certificate.replaces_id == old.id)) is new
    assert is_concealed(event.kind for event in new.events) is concealed
    assert ("Petra" in app.test_client().get(f"/verify/{new.token}").text) is not concealed


def test_a_request_is_decided_before_a_renewal(graduates: Cast) -> None:
    old = confer(graduates, valid_months=12)[0]
    with transaction():
        request_correction(old, text="Neuer Name", actor=graduates.participant, at=NOW)
    assert len(list_open_requests([graduates.cohort.id])) == 1
    with pytest.raises(Refusal) as refused:
        renew(old, graduates)
    assert refused.value.reason is LifeReason.OPEN_REQUEST


def test_a_request_about_what_was_replaced_waits_for_nobody(graduates: Cast) -> None:
    old = confer(graduates)[0]
    with transaction():
        request_correction(old, text="Neuer Name", actor=graduates.participant, at=NOW)
        add_event(old, EventKind.REPLACED, actor=None, at=NOW)
    assert list_open_requests([graduates.cohort.id]) == []


def test_a_revoked_document_is_issued_anew_once(graduates: Cast) -> None:
    old = confer(graduates)[0]
    with transaction():
        revoke_certificate(old, reason="Irrtum", actor=graduates.coordinator, at=NOW)
        request = request_correction(old, text="Neu", by_office=True, actor=graduates.coordinator, at=NOW)
        facts = {**old.facts, "name": "Petra Neu"}
        accept_correction(request, facts, reason="Belegt", actor=graduates.coordinator, at=NOW)
    with pytest.raises(Refusal) as refused, transaction():
        request_correction(old, text="Noch einmal", by_office=True, actor=graduates.coordinator, at=NOW)
    assert refused.value.reason is LifeReason.REPLACED


@pytest.mark.parametrize(
    ("changes", "attended", "said"),
    [({}, 38, "38 von 40 UE; nötig sind 32 UE."),
     ({}, 36, "36, wie es einmal hieß."),
     ({"attendance_percent": None}, 20, "36, wie es einmal hieß."),
     ({"kind": "attendance", "confirmation_percent": 60}, 25, "25 von 40 UE besucht; für diese Bescheinigung waren 24 nötig."),
     ({"kind": "attendance"}, 25, "25 von 40 UE besucht; für diese Bescheinigung waren 20 nötig."),
     ({"language": "en"}, 38, "38 of 40 UE attended; 32 were needed.")],
)  # fmt: skip
def test_what_is_said_about_attendance_follows_the_figure(
    database: Flask, changes: dict[str, Any], attended: int, said: str
) -> None:
    lessons = {"kind": "lessons", "title": "Lektionen", "text": "Alle sind erledigt."}
    criteria = [{"kind": "attendance", "title": "Anwesenheit", "text": "36, wie es einmal hieß."}, lessons]
    before = facts(**{"criteria": criteria, **changes})
    stated = restate_attendance(before, corrected(before, attended))
    assert [one["text"] for one in stated["criteria"]] == [said, "Alle sind erledigt."]
    assert stated["ue"]["live_attended"] == attended


def corrected(before: dict[str, Any], attended: int) -> dict[str, Any]:
    """Return facts with another figure."""
    return correct_facts(
        before, name=before["name"], municipality=before["municipality"], begin_date=date(2026, 3, 3),
        end_date=date(2026, 5, 26), live_attended=attended,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "attended", "reason"),
    [({}, 32, None), ({}, 31, LifeReason.NOT_EARNED), ({}, 36, LifeReason.NO_CHANGE), ({}, 41, LifeReason.IMPOSSIBLE_UE),
     ({"attendance_percent": None}, 1, None), ({"kind": "attendance"}, 20, None),
     ({"kind": "attendance"}, 19, LifeReason.NOT_EARNED)],
)  # fmt: skip
def test_what_would_not_have_been_earned_is_no_correction(
    changes: dict[str, Any], attended: int, reason: LifeReason | None
) -> None:
    before = facts(**changes)
    assert refuse_correction(before, corrected(before, attended)) == reason
    assert attendance_needed(facts()) == 32


@pytest.mark.usefixtures("no_token")
def test_after_a_revocation_the_confirmation_that_was_earned_can_be_issued(app: Flask, graduates: Cast) -> None:
    page, cohort = f"/cohorts/{graduates.cohort.id}/conferral", graduates.cohort
    petra = confer(graduates)[0]
    assert petra.kind == "certificate"
    correct(petra, graduates)
    newest = session.scalars(select(Certificate).where(Certificate.replaces_id == petra.id)).one()
    with transaction():  # she had not read everything after all; the attendance holds
        reopen_lesson(graduates.enrolment, graduates.lessons[0], actor=graduates.participant, at=NOW)
    session.expire_all()
    office = signed_in(app, graduates.coordinator)
    with pytest.raises(Refusal) as early:
        confer(graduates)  # while the certificate holds there is nothing beside it
    session.expire_all()
    assert early.value.reason is ConferralReason.NOBODY
    assert 'value="' + str(graduates.enrolment.id) not in office.get(page).text
    with transaction():
        revoke_certificate(newest, reason="Nicht erreicht", actor=graduates.coordinator, at=NOW)
        usual, graduates.participant.printed_name = graduates.participant.printed_name, "محمد"  # no print font has it
    session.expire_all()
    assert [one.line.standing.enrolment.id for one in list_missing(cohort, at=NOW)] == [graduates.enrolment.id]
    with transaction():
        graduates.participant.printed_name = usual
    assert 'value="' + str(graduates.enrolment.id) in office.get(page).text
    issued = confer(graduates)
    assert [(one.kind, one.version, one.enrolment_id) for one in issued] == [("attendance", 1, graduates.enrolment.id)]
    assert [line["has_document"] for line in issued[0].conferral.protocol["lines"]].count(True) == 1
    with transaction():
        revoke_certificate(issued[0], reason="Doch nicht", actor=graduates.coordinator, at=NOW)
    session.expire_all()
    with pytest.raises(Refusal) as again:
        confer(graduates)  # the same kind is issued anew by a correction only
    assert again.value.reason is ConferralReason.NOBODY


@pytest.mark.usefixtures("no_token")
def test_a_corrected_figure_is_on_the_document_and_a_too_low_one_is_a_revocation(app: Flask, graduates: Cast) -> None:
    old = confer(graduates)[1]
    with transaction():
        request = request_correction(old, text="Eine UE zu viel", by_office=True, actor=graduates.coordinator, at=NOW)
    office, page = signed_in(app, graduates.coordinator), f"/corrections/{request.id}"
    assert "Nötig waren mindestens 2" in office.get(page).text
    form = {"name": old.facts["name"], "municipality": "", "begin_date": "2026-09-01", "end_date": "2026-11-24",
            "reason": "Nachgezählt", "do": "accept"}  # fmt: skip
    refused = office.post(page, data={**form, "live_attended": "1"})
    assert refused.status_code == 409
    assert "Mit 1 von 4 UE wäre dieses Dokument nicht erreicht worden" in refused.text
    assert "widerrufen Sie das Dokument" in refused.text
    assert office.post(page, data={**form, "live_attended": "3"}).status_code == 302
    new = session.scalars(select(Certificate).where(Certificate.replaces_id == old.id)).one()
    assert new.facts["criteria"][0]["text"] == "3 von 4 UE besucht; für diese Bescheinigung waren 2 nötig."
    public = app.test_client().get(f"/verify/{new.token}").text
    assert "3 von 4 UE besucht" in public
    assert "4 von 4 UE" not in public


@pytest.mark.parametrize(("replace", "words", "because"), [
    (correct, "durch ein berichtigtes ersetzt", "correction"), (renew, "durch ein neueres ersetzt", "renewal"),
])  # fmt: skip
def test_corrected_and_renewed_are_told_apart(
    app: Flask, graduates: Cast, replace: Any, words: str, because: str, count_queries: Any
) -> None:
    old = confer(graduates, valid_months=12)[0]
    replace(old, graduates)
    with count_queries() as seen:
        page = app.test_client().get(f"/verify/{old.token}").text
    assert len(seen) <= 3
    assert words in page
    assert "Zum neueren Dokument" in page
    told = app.test_client().get(f"/verify/{old.token}.json").get_json()
    assert told["replaced_because"] == because


def test_evidence_of_two_hundred_megabytes_is_refused_in_words(app: Flask, graduates: Cast) -> None:
    certificate = confer(graduates)[0]
    answer = signed_in(app, graduates.participant).post(
        f"/certificates/{certificate.id}/correction",
        input_stream=io.BytesIO(b"--x"),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(200 * 1024 * 1024)},
    )
    assert answer.status_code == 413
    assert "größer als" in answer.text


@pytest.mark.usefixtures("no_token")
def test_letters_that_cannot_be_printed_are_told_before_a_correction_is_issued(app: Flask, graduates: Cast) -> None:
    [certificate, _other] = confer(graduates)
    office = signed_in(app, graduates.coordinator)
    asked = office.post(f"/issued/{certificate.id}/correction", data={"text": "Der Name ist Wang Wei."}).location
    data = {"name": "王伟", "municipality": "", "begin_date": certificate.facts["begin_date"],
            "end_date": certificate.facts["end_date"], "live_attended": str(certificate.facts["ue"]["live_attended"]),
            "reason": "Ausweis", "do": "accept"}  # fmt: skip
    assert 'name="boxes"' not in office.get(asked).text
    told = office.post(asked, data=data)
    assert told.status_code == 409
    assert "Diese Zeichen lassen sich nicht drucken: 王 伟." in told.text
    assert 'name="boxes"' in told.text
    assert session.scalar(select(func.count()).select_from(Certificate)) == 2
    assert office.post(asked, data={**data, "boxes": "y"}).status_code == 302
    assert session.scalar(select(func.count()).select_from(Certificate)) == 3
