"""Conferring: once, all or none, without gaps; and what a verifier is then told."""

from __future__ import annotations

import json
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from certificates.conferral.models import Certificate, CertificateEvent
from certificates.conferral.rules import ConferralReason, canonical_json, parse_signatories, refuse_proposal, sha256_of
from certificates.conferral.snapshots import make_snapshot
from certificates.documents.jobs import render_due_certificates
from certificates.verification.rules import CertificateState, Happening, fold_events
from courses.attendance.rules import Status
from courses.cohorts.actions import complete_cohort, enrol_person, reopen_cohort
from lms.db import session, transaction
from lms.files.queries import get_content
from lms.limits import Limiter
from lms.mail.models import OutboxMail
from lms.permissions import Role
from lms.sentences import Refusal
from tests.cast import NOW, Cast, make_person, signed_in
from tests.certificates.conferring import SIGNATORIES, confer
from tests.conftest import RecordingQueue
from tests.lms.test_kept_forms import token_of
from tests.marking import mark_attendance


def test_everybody_gets_what_they_earned(graduates: Cast, queue: RecordingQueue) -> None:
    certificates = confer(graduates)
    assert [(one.kind, one.facts["name"], one.serial) for one in certificates] == [
        ("certificate", "Petra Łukaszewicz", "SCM-2026-00001"),
        ("attendance", "Bodo Nur-Anwesend", "SCM-2026-00002"),
    ]
    assert len({one.token for one in certificates}) == 2
    assert all(len(one.token) == 32 for one in certificates)
    assert all(sha256_of(one.snapshot_json) == one.snapshot_sha256 for one in certificates)
    assert "render_due_certificates" in queue.names


def test_a_second_conferral_issues_nothing_twice(graduates: Cast) -> None:
    confer(graduates)
    with pytest.raises(Refusal) as refused:
        confer(graduates)
    assert refused.value.reason == ConferralReason.NOBODY
    assert session.scalar(select(func.count()).select_from(Certificate)) == 2


def test_who_completes_later_is_conferred_in_a_supplement(graduates: Cast) -> None:
    confer(graduates)
    with transaction():
        late = make_person("Spät", "Dazu", Role.PARTICIPANT)
        session.flush()
        reopen_cohort(graduates.cohort, actor=graduates.coordinator, at=NOW)
        enrolment = enrol_person(graduates.cohort, late, municipality_ags=None, actor=graduates.coordinator, at=NOW)
        mark_attendance(graduates.live_session, enrolment, Status.PRESENT, actor=graduates.trainer, at=NOW)
        complete_cohort(graduates.cohort, actor=graduates.coordinator, at=NOW)
    supplement = confer(graduates)
    assert [(one.serial, one.conferral.number) for one in supplement] == [("SCM-2026-00003", 2)]


def test_a_failure_in_the_middle_issues_nothing_and_skips_no_number(
    graduates: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuing = import_module("certificates.conferral.issuing")

    calls: list[int] = []

    def fail_second(*args: Any, **kwargs: Any) -> dict[str, Any]:
        calls.append(1)
        if len(calls) == 2:
            raise OSError("disk full")
        return make_snapshot(*args, **kwargs)

    monkeypatch.setattr(issuing, "make_snapshot", fail_second)
    with pytest.raises(OSError, match="disk full"):
        confer(graduates)
    assert session.scalar(select(func.count()).select_from(Certificate)) == 0
    monkeypatch.setattr(issuing, "make_snapshot", make_snapshot)
    assert [one.serial for one in confer(graduates)] == ["SCM-2026-00001", "SCM-2026-00002"]


@pytest.mark.usefixtures("no_token")
@pytest.mark.parametrize(
    ("second", "field", "words"),
    [({"second_name": "Tomasz Trainer"}, "second_function", "Bitte geben Sie auch die Funktion ein"),
     ({"second_name": "Tomasz Trainer", "second_function": "  "}, "second_function", "Bitte geben Sie auch die Funktion ein"),
     ({"second_function": "Kursleitung"}, "second_name", "Bitte geben Sie auch den Namen ein"),
     ({"first_name": " "}, "first_name", "Dieses Feld wird benötigt"),
     ({"first_function": " "}, "first_function", "Dieses Feld wird benötigt")],
)  # fmt: skip
def test_who_signs_has_a_name_and_a_function(
    app: Flask, graduates: Cast, second: dict[str, str], field: str, words: str
) -> None:
    office, path = signed_in(app, graduates.coordinator), f"/cohorts/{graduates.cohort.id}/conferral"
    form = {"first_name": "Dr. Henriette Falk", "first_function": "Leitung", "place": "Potsdam", "sure": "y"}
    answer = office.post(path, data={**form, **second})
    assert answer.status_code == 422
    assert words in answer.text.partition(f'id="{field}-error"')[2].partition("</p>")[0]
    assert answer.text.count('aria-invalid="true"') == 1
    assert session.scalar(select(func.count()).select_from(Certificate)) == 0
    assert office.post(path, data={**form, "second_name": " ", "second_function": ""}).status_code == 302


def test_a_certificate_never_reads_person_or_course_again(graduates: Cast) -> None:
    certificate = confer(graduates)[0]
    before = certificate.snapshot_json
    with transaction():
        graduates.participant.family_name = "Anders"
        graduates.version.title = "Umbenannt"
    assert certificate.snapshot_json == before
    assert json.loads(before)["name"] == "Petra Łukaszewicz"


def test_documents_are_rendered_sealed_and_mailed_once(graduates: Cast) -> None:
    certificates = confer(graduates)
    render_due_certificates()
    render_due_certificates()
    session.expire_all()
    for one in certificates:
        assert one.pdf_sha256 is not None
        assert b"/ByteRange" in get_content(one.pdf_sha256)
        kinds = session.scalars(select(CertificateEvent.kind).where(CertificateEvent.certificate_id == one.id)).all()
        assert list(kinds) == ["issued", "rendered", "mailed"]
    assert len(session.scalars(select(OutboxMail).where(OutboxMail.kind == "certificate_ready")).all()) == 2


@pytest.mark.parametrize(
    ("completed", "signatories", "new", "reason"),
    [(False, SIGNATORIES, 3, ConferralReason.NOT_COMPLETED), (True, [], 3, ConferralReason.NO_SIGNATORIES),
     (True, [{"name": " "}], 3, ConferralReason.NO_SIGNATORIES), (True, SIGNATORIES, 0, ConferralReason.NOBODY),
     (True, SIGNATORIES, 1, None)],
)  # fmt: skip
def test_when_a_cohort_can_be_conferred(
    completed: bool, signatories: Any, new: int, reason: ConferralReason | None
) -> None:
    found = refuse_proposal(completed=completed, signatories=signatories, new=new, open_proposal=False)
    assert found == reason


def test_canonical_json_is_the_same_for_the_same_facts() -> None:
    assert canonical_json({"b": 1, "a": "ä"}) == canonical_json({"a": "ä", "b": 1}) == '{"a":"ä","b":1}'
    assert parse_signatories("A B, Leitung; C D, Kurs") == [
        {"name": "A B", "function": "Leitung"}, {"name": "C D", "function": "Kurs"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kinds", "valid_until", "state"),
    [([], None, "valid"), (["issued", "rendered"], None, "valid"), (["revoked"], None, "revoked"),
     (["replaced"], None, "replaced"), (["replaced", "revoked"], None, "revoked"), (["revoked", "erased"], None, "erased"),
     ([], date(2026, 9, 7), "expired"), ([], date(2026, 9, 8), "valid"), (["revoked"], date(2020, 1, 1), "revoked")],
)  # fmt: skip
def test_what_a_verifier_is_told(kinds: list[str], valid_until: date | None, state: str) -> None:
    happenings = [Happening(kind, NOW) for kind in kinds]
    assert fold_events(happenings, valid_until, date(2026, 9, 8))[0] == CertificateState(state)


def test_verification_shows_every_fact_to_a_stranger(app: Flask, graduates: Cast, count_queries: Any) -> None:
    certificate = confer(graduates)[0]
    stranger = app.test_client()
    with count_queries() as seen:
        answer = stranger.get(f"/verify/{certificate.token}")
    assert len(seen) <= 3
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    for fact in ("Gültig", "Petra Łukaszewicz", "SCM-2026-00001", "Kleiner Kurs", "Durchgang herbst-2026", "Potsdam",
                 "Testinstitut",                 "Dr. Henriette Falk", "4 von 4 UE"):  # fmt: skip
        assert fact in answer.text, fact
    again = stranger.get(f"/verify/{certificate.token}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    for path, headers in (
        (f"/verify/{certificate.token}.json", {}),
        (f"/verify/{certificate.token}", {"Accept": "application/json"}),
    ):
        data = stranger.get(path, headers=headers).get_json()
        assert data["state"] == "valid"
        assert data["facts"]["name"] == "Petra Łukaszewicz"


def test_a_revoked_document_says_so_and_since_when(app: Flask, graduates: Cast) -> None:
    certificate = confer(graduates)[0]
    with transaction():
        certificate.events.append(CertificateEvent(kind="revoked", at=NOW, internal_note="geheimer Grund"))
    page = app.test_client().get(f"/verify/{certificate.token}").text
    assert "Widerrufen" in page
    assert "8. September 2026" in page
    assert "geheimer Grund" not in page


@pytest.mark.parametrize(
    "token", ["x" * 32, "kurz", "ä" * 32, "x" * 5000, "%00", "..%2f..%2fetc%2fpasswd", "x" * 31 + "'"]
)
def test_an_unknown_link_has_its_own_page(app: Flask, database: Flask, token: str) -> None:
    answer = app.test_client().get(f"/verify/{token}")
    assert answer.status_code == 404


def test_a_number_needs_its_name_and_tells_nothing_without(
    app: Flask, graduates: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    certificate = confer(graduates)[0]
    client = app.test_client()
    right = client.post("/verify", data={"serial": "scm-2026-00001", "family_name": "lukaszewicz"})
    assert right.location == f"/verify/{certificate.token}"
    wrong_name = client.post("/verify", data={"serial": "SCM-2026-00001", "family_name": "Anders"})
    no_number = client.post("/verify", data={"serial": "SCM-2026-09999", "family_name": "Anders"})
    assert wrong_name.status_code == no_number.status_code == 404
    assert "gehören zu keinem Dokument" in wrong_name.text
    assert "gehören zu keinem Dokument" in no_number.text


def test_asking_too_often_is_slowed_down() -> None:
    limiter = Limiter(per_minute=6)
    assert [limiter.wait("a", 0.0) for _number in range(6)] == [0] * 6
    assert limiter.wait("a", 0.0) == 10
    assert limiter.wait("b", 0.0) == 0
    assert limiter.wait("a", 10.0) == 0
    assert limiter.wait("a", 10.0) == 10


@pytest.mark.usefixtures("short_print")
def test_downloads_are_for_the_owner_and_the_office(app: Flask, graduates: Cast) -> None:
    certificate = confer(graduates)[0]
    render_due_certificates()
    path = f"/certificates/{certificate.id}.pdf"
    expected = {
        "participant": 200,
        "other_participant": 404,
        "coordinator": 200,
        "auditor": 200,
        "trainer": 403,
        "admin": 403,
    }
    found = {who: signed_in(app, getattr(graduates, who)).get(path).status_code for who in expected}
    assert found == expected


def test_what_documents_carry_cannot_be_changed_in_the_cohort_any_more(app: Flask, graduates: Cast) -> None:
    cohort = graduates.cohort
    office = signed_in(app, graduates.coordinator)
    confer(graduates)
    given = {"title": cohort.title, "begin_date": cohort.begin_date, "end_date": cohort.end_date, "seats": 16}
    given["csrf_token"] = token_of(office.get(f"/cohorts/{cohort.id}/edit").text)
    page = office.post(f"/cohorts/{cohort.id}/edit", data=given | {"title": "Anders"}).text
    assert page.count("tragen seinen Titel und seine Tage") == 2  # said before, and as the refusal
    answer = office.post(f"/cohorts/{cohort.id}/edit", data=given | {"seats": 17})
    assert answer.status_code == 302
    assert (cohort.title != "Anders", cohort.seats, cohort.trainers) == (True, 17, [])
