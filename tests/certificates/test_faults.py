"""Faults: a lost seal key, a full disk, two at the same moment. Nothing is issued twice or by halves, and people are told."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from certificates.conferral.actions import (
    approve_proposal,
    changes_since,
    propose_conferral,
    return_proposal,
    withdraw_proposal,
)
from certificates.conferral.jobs import print_due_protocols
from certificates.conferral.models import Certificate, Conferral, ConferralDecision, ConferralProposal, SerialCounter
from certificates.documents.jobs import render_due_certificates
from certificates.documents.models import Printing
from certificates.lifecycle.actions import revoke_certificate
from certificates.lifecycle.corrections import request_correction
from certificates.lifecycle.models import CorrectionRequest
from courses.cohorts.models import Cohort
from lms.db import session, transaction
from lms.people.models import Person
from lms.permissions import Role
from lms.settings import CONFIG
from tests.cast import NOW, Cast, make_person, signed_in
from tests.certificates.conferring import SIGNATORIES, confer
from tests.test_races import at_once, set_stage


@contextmanager
def lost_key(app: Flask, folder: Path) -> Iterator[None]:
    """The seal's key cannot be read."""
    usual = app.extensions[CONFIG]
    app.extensions[CONFIG] = replace(usual, seal_key_file=folder / "verschwunden.p12")
    try:
        yield
    finally:
        app.extensions[CONFIG] = usual


@pytest.mark.usefixtures("short_print")
def test_a_lost_seal_key_does_not_keep_from_issuing(app: Flask, graduates: Cast, tmp_path: Path) -> None:
    with lost_key(app, tmp_path):
        certificates = confer(graduates)
        assert len(certificates) == 2
        render_due_certificates()
        print_due_protocols()
        session.expire_all()
        assert [one.pdf_sha256 for one in certificates] == [None, None]
        assert app.test_client().get(f"/verify/{certificates[0].token}.json").get_json()["state"] == "valid"
        page = signed_in(app, graduates.coordinator).get(f"/cohorts/{graduates.cohort.id}/conferral").text
        assert "ausgestellt und gültig, aber ihre PDF-Dateien müssen warten" in page
        assert "verschwunden.p12" in page
    with transaction():  # the pause is over
        session.execute(update(Printing).values(due_at=NOW))
    render_due_certificates()
    print_due_protocols()
    session.expire_all()
    assert all(one.pdf_sha256 for one in certificates)
    page = signed_in(app, graduates.coordinator).get(f"/cohorts/{graduates.cohort.id}/conferral").text
    assert "müssen warten" not in page
    assert "Gesiegeltes Protokoll" in page


@pytest.mark.usefixtures("short_print")
def test_what_can_be_had_without_the_key_is_there_and_the_rest_says_why_not(
    app: Flask, graduates: Cast, tmp_path: Path
) -> None:
    certificate = confer(graduates)[0]
    render_due_certificates()
    session.expire_all()
    owner, office, stranger = signed_in(app, graduates.participant), signed_in(app, graduates.coordinator), app.test_client()
    mine = f"/certificates/{certificate.id}"
    with lost_key(app, tmp_path):
        pdf = owner.get(f"{mine}.pdf").data
        assert pdf.startswith(b"%PDF")
        assert "Gültig" in stranger.get(f"/verify/{certificate.token}").text
        upload = {"file": (io.BytesIO(pdf), "a.pdf")}
        assert 'data-file-state="original"' in stranger.post(f"/verify/{certificate.token}/file", data=upload).text
        receipt = stranger.post("/verify/many", data={"list": certificate.code, "receipt": "1"})
        assert (receipt.status_code, "Bitte versuchen Sie es später noch einmal" in receipt.text) == (503, True)
        for browser, path in (
            (owner, f"{mine}/credential.jwt"), (owner, f"{mine}/credential.json"),
            (office, f"/cohorts/{graduates.cohort.id}/documents.zip"),
        ):  # fmt: skip
            answer = browser.get(path)
            assert (answer.status_code, "Schlüssel des Siegels" in answer.text) == (503, True), path
    assert owner.get(f"{mine}/credential.jwt").status_code == 200
    assert office.get(f"/cohorts/{graduates.cohort.id}/documents.zip").data.startswith(b"PK")


def test_a_full_disk_issues_nothing_and_says_so(app: Flask, graduates: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    full = (
        sqlite3.OperationalError("database or disk is full")
        if session.get_bind().dialect.name == "sqlite"
        else psycopg.errors.DiskFull("could not extend file: No space left on device")
    )

    def fill_up(*_arguments: object, **_values: object) -> None:
        raise OperationalError("INSERT INTO certificates", {}, full)

    form = {"first_name": "Dr. Falk", "first_function": "Leitung", "place": "Potsdam", "sure": "y"}
    path = f"/cohorts/{graduates.cohort.id}/conferral"
    office = signed_in(app, graduates.coordinator)
    with monkeypatch.context() as broken:
        broken.setattr("certificates.conferral.actions.publish", fill_up)
        answer = office.post(path, data=form)
    assert answer.status_code == 507
    assert "kein Platz mehr" in answer.text
    assert "nichts gespeichert" in answer.text
    session.expire_all()
    for model in (Certificate, Conferral, ConferralProposal, SerialCounter):
        assert session.scalar(select(func.count()).select_from(model)) == 0
    assert office.post(path, data=form).status_code == 302
    serials = session.scalars(select(Certificate.serial).order_by(Certificate.serial)).all()
    assert [serial[-5:] for serial in serials] == ["00001", "00002"]


def test_sqlite_really_says_so(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "voll.db", isolation_level=None)
    connection.execute("CREATE TABLE t (x)")
    connection.execute("PRAGMA max_page_count = 3")
    with pytest.raises(sqlite3.OperationalError, match="disk is full"):
        connection.execute("INSERT INTO t VALUES (zeroblob(100000))")
    connection.close()


def stage(app: Flask, learners: int = 6) -> int:
    """Make a completed cohort and two coordinators more; return the cohort's id."""
    with app.app_context(), transaction():
        cohort_id = set_stage(learners)
        session.get_one(Cohort, cohort_id).completed_at = NOW
        make_person("Konrad", "Zweiter", Role.COORDINATOR)
        make_person("Klara", "Dritte", Role.COORDINATOR)
    return cohort_id


def somebody(family_name: str) -> Person:
    return session.scalars(select(Person).where(Person.family_name == family_name)).one()


def propose_now(cohort_id: int) -> ConferralProposal:
    return propose_conferral(
        session.get_one(Cohort, cohort_id), actor=somebody("Seefeld"), at=NOW, signatories=SIGNATORIES, place="Potsdam"
    )


def open_proposal() -> ConferralProposal:
    return session.scalars(select(ConferralProposal)).one()


def issued(app: Flask) -> list[str]:
    with app.app_context():
        return list(session.scalars(select(Certificate.serial).order_by(Certificate.serial)))


def test_two_proposals_at_once_are_one(own_app: Flask) -> None:
    cohort_id = stage(own_app)
    results = at_once(own_app, 4, lambda: propose_now(cohort_id).number)
    assert sorted(map(str, results)) == ["1", "open_proposal", "open_proposal", "open_proposal"]
    assert issued(own_app) == []


def test_two_approvals_at_once_issue_everything_once(own_app: Flask) -> None:
    cohort_id = stage(own_app)
    with own_app.app_context(), transaction():
        propose_now(cohort_id)
    with own_app.app_context():
        assert changes_since(open_proposal()) == []
    results = at_once(
        own_app, 4, lambda: len(approve_proposal(open_proposal(), actor=somebody("Zweiter"), at=NOW).certificates)
    )
    assert sorted(map(str, results)) == ["6", "decided", "decided", "decided"]
    assert issued(own_app) == [f"SCM-2026-{number:05}" for number in range(1, 7)]


def test_approving_withdrawing_and_returning_at_once_is_one_decision(own_app: Flask) -> None:
    cohort_id = stage(own_app, learners=3)
    waiting: list[Callable[[], object]] = [
        lambda: approve_proposal(open_proposal(), actor=somebody("Zweiter"), at=NOW).number,
        lambda: withdraw_proposal(open_proposal(), actor=somebody("Seefeld"), at=NOW),
        lambda: return_proposal(open_proposal(), reason="Nein", actor=somebody("Dritte"), at=NOW),
    ]
    with own_app.app_context(), transaction():
        propose_now(cohort_id)
    results = at_once(own_app, 3, lambda: waiting.pop()())
    assert [str(one) for one in results].count("decided") == 2
    with own_app.app_context():
        decision = session.scalars(select(ConferralDecision)).one()
        count = session.scalar(select(func.count()).select_from(Certificate))
        assert count == (3 if decision.kind == "approved" else 0)


def test_two_requests_and_two_revocations_at_once_are_one_each(own_app: Flask) -> None:
    cohort_id = stage(own_app, learners=1)
    with own_app.app_context(), transaction():
        propose_now(cohort_id)
        approve_proposal(open_proposal(), actor=somebody("Zweiter"), at=NOW)

    def ask() -> int:
        certificate = session.scalars(select(Certificate)).one()
        return request_correction(certificate, text="Falsch", actor=somebody("Läuferin 00"), at=NOW).number

    def revoke() -> str:
        revoke_certificate(session.scalars(select(Certificate)).one(), reason="x", actor=somebody("Zweiter"), at=NOW)
        return "done"

    assert sorted(map(str, at_once(own_app, 3, ask))) == ["1", "open_request", "open_request"]
    assert sorted(map(str, at_once(own_app, 3, revoke))) == ["done", "revoked", "revoked"]
    with own_app.app_context():
        certificate = session.scalars(select(Certificate)).one()
        assert [event.kind for event in certificate.events] == ["issued", "revoked"]
        assert session.scalar(select(func.count()).select_from(CorrectionRequest)) == 1
