"""Erasing at the same moment as everything else: whoever comes first, nothing personal is left in the end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.exceptions import NotFound

from assessments.events import ResultsRepaired
from certificates.conferral.actions import approve_proposal
from certificates.conferral.jobs import print_due_protocols
from certificates.conferral.models import Certificate
from certificates.conferral.repairs import flag_certificates
from certificates.documents.access import document_for
from certificates.documents.jobs import render_due_certificates
from certificates.erasure.actions import erase_certificate
from certificates.lifecycle.access import own_certificate
from certificates.lifecycle.actions import hold, set_concealed
from certificates.lifecycle.corrections import accept_correction, renew_certificate, request_correction
from certificates.lifecycle.queries import list_versions
from courses.cohorts.models import Enrolment
from lms.db import ENGINE, session, transaction
from lms.files.models import StoredFile
from lms.people.models import Person
from lms.sentences import Refusal
from tests.cast import NOW, signed_in
from tests.certificates.test_faults import open_proposal, propose_now, somebody, stage

#: As a module whose functions these tests replace.
routes: Any = import_module("certificates.documents.routes")
#: Where something is written down in people's names.
TABLES = ("certificates", "certificate_events", "conferrals", "conferral_proposals", "correction_requests",
          "correction_decisions", "outbox_mails")  # fmt: skip
PEOPLE = 7
NAME = "Läuferin"


@pytest.fixture
def runners(own_app: Flask) -> Flask:
    """Seven people have a document each, which ends and is not printed yet."""
    cohort_id = stage(own_app, learners=PEOPLE)
    with own_app.app_context(), transaction():
        propose_now(cohort_id)
        for made in approve_proposal(open_proposal(), actor=somebody("Zweiter"), at=NOW).certificates:
            made.valid_until_date = NOW.date() + timedelta(days=300)
    return own_app


def first_of(number: int) -> Certificate:
    """Return the first document of the n-th person."""
    return session.scalars(select(Certificate).where(Certificate.serial == f"SCM-2026-{number + 1:05}")).one()


def newest_of(number: int) -> Certificate:
    return list_versions(first_of(number))[-1]


def owner(number: int) -> Person:
    return somebody(f"{NAME} {number:02}")


def erase(number: int) -> str:
    certificate = first_of(number)
    erase_certificate(certificate, typed=certificate.serial, reason="Art. 17", actor=somebody("Dritte"), at=NOW)
    return "erased"


def correct(number: int) -> str:
    certificate = newest_of(number)
    request = request_correction(certificate, text=f"Ich, {NAME}", actor=owner(number), at=NOW)
    facts = {**certificate.facts, "name": f"{certificate.facts['name']}-Berg"}
    accept_correction(request, facts, reason=f"{NAME} hat es belegt", actor=somebody("Zweiter"), at=NOW)
    return "corrected"


def renew(number: int) -> str:
    renew_certificate(newest_of(number), months=12, reason=f"Für {NAME}", actor=somebody("Zweiter"), at=NOW)
    return "renewed"


def conceal(number: int) -> str:
    person = owner(number)
    set_concealed(own_certificate(person, first_of(number).id), concealed=True, actor=person, at=NOW)
    return "concealed"


def print_all(_number: int) -> str:
    render_due_certificates()
    return "printed"


def at_the_same_moment(app: Flask, number: int, other: Callable[[int], str]) -> list[str]:
    """Erase and do something else at once, each as a request or a worker would; return what came of it."""
    barrier = threading.Barrier(2)

    def one(action: Callable[[int], str]) -> str:
        with app.app_context():
            barrier.wait()
            try:
                with nullcontext() if action is print_all else transaction():
                    return action(number)
            except Refusal as refusal:
                return refusal.reason.value
            except NotFound:
                return "not found"

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, (erase, other)))


def nothing_is_left(app: Flask) -> None:
    """Be sure that nobody's name stands anywhere, also after the workers have run once more."""
    with app.app_context():
        render_due_certificates()
        print_due_protocols()
        for table in TABLES:
            for row in session.execute(text(f"SELECT * FROM {table}")):
                assert NAME not in str(tuple(row)), table
                assert NAME.encode("ascii", "backslashreplace").decode() not in str(tuple(row)), table
        certificates = session.scalars(select(Certificate)).all()
        for one in certificates:
            assert (one.snapshot_json, one.pdf_sha256, one.erased_at is not None) == ("{}", None, True), one.serial
            assert [event.kind for event in one.events].count("erased") == 1
        protocols = {one.conferral.protocol_pdf_sha256 for one in certificates}
        pdfs = {one.sha256 for one in session.scalars(select(StoredFile)) if one.content.startswith(b"%PDF")}
        assert pdfs == protocols


def test_erasing_beside_everything_else(runners: Flask) -> None:
    before = [correct, renew, conceal]
    for number, other in enumerate([*before, print_all, *before]):
        erased, beside = at_the_same_moment(runners, number, other)
        assert erased == "erased"
        assert beside in {"printed", "corrected", "renewed", "concealed", "erased", "not found"}
    nothing_is_left(runners)


def test_a_version_that_is_issued_while_the_older_ones_are_erased_goes_as_well(runners: Flask) -> None:
    for number in range(PEOPLE):
        if number > 1:
            with runners.app_context(), transaction():
                erase(number)
            continue
        with runners.app_context(), transaction():
            correct(number)
        held, erasing = threading.Event(), threading.Event()

        def third_version(number: int, held: threading.Event, erasing: threading.Event) -> None:
            with runners.app_context(), transaction():
                hold(newest_of(number), NOW)
                held.set()
                erasing.wait(10)
                threading.Event().wait(0.3)  # the erasure has reached the document that is held here
                (correct, renew)[number](number)

        def erasure(number: int, held: threading.Event, erasing: threading.Event) -> None:
            held.wait(10)
            with runners.app_context(), transaction():
                erasing.set()
                erase(number)

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(one, number, held, erasing) for one in (third_version, erasure)]:
                done.result(30)
        with runners.app_context():
            assert [one.version for one in list_versions(first_of(number))] == [1, 2, 3]
    nothing_is_left(runners)


def test_erasing_from_a_newer_version_beside_a_repair(runners: Flask) -> None:
    def repair(number: int) -> None:
        with runners.app_context(), transaction():
            place = session.get_one(Enrolment, first_of(number).enrolment_id)
            repaired = ResultsRepaired(
                enrolments=[place], actor=somebody("Zweiter"), reason=f"{NAME} hatte recht", at=NOW
            )
            flag_certificates(repaired)

    def erase_newest(number: int) -> None:
        with runners.app_context(), transaction():
            newest = newest_of(number)
            erase_certificate(newest, typed=newest.serial, reason="Art. 17", actor=somebody("Dritte"), at=NOW)

    for number, order in enumerate([(repair, erase_newest), (erase_newest, repair)]):
        with runners.app_context(), transaction():
            correct(number)
        with ThreadPoolExecutor(2) as pool:
            with runners.app_context(), transaction():
                hold(first_of(number), NOW)  # both come upon the oldest version, one after the other
                waiting = []
                for action in order:
                    waiting.append(pool.submit(action, number))
                    threading.Event().wait(0.4)
            for done in waiting:
                done.result(30)
    with runners.app_context(), transaction():
        for number, flags in enumerate(([1, 1], [0, 0])):
            kinds = [[event.kind for event in one.events] for one in list_versions(first_of(number))]
            assert [one.count("flagged") for one in kinds] == flags
        for number in range(2, PEOPLE):
            erase(number)
    nothing_is_left(runners)


def test_downloads_beside_an_erasure_are_whole_or_not_found(runners: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with runners.app_context():
        render_due_certificates()
        document = first_of(0).id
        browsers = [signed_in(runners, owner(0)) for _path in range(3)]
    kinds = (".pdf", "/credential.jwt", "/credential.json")
    barrier = threading.Barrier(4)
    answers: dict[str, list[int]] = {kind: [] for kind in kinds}

    def download(which: int) -> None:
        barrier.wait()
        for _time in range(4):
            answer = browsers[which].get(f"/certificates/{document}{kinds[which]}")
            answers[kinds[which]].append(answer.status_code)
            assert answer.status_code == 404 or len(answer.data) > 500

    def erasure() -> None:
        barrier.wait()
        with runners.app_context(), transaction():
            erase(0)

    with ThreadPoolExecutor(4) as pool:
        for done in [*(pool.submit(download, which) for which in range(3)), pool.submit(erasure)]:
            done.result(30)
    for kind, found in answers.items():
        assert set(found) <= {200, 404}, kind
        assert found == sorted(found), kind  # never there again

    # The file goes between the two looks into the database.
    def read_and_erase(person: Person, number: int) -> Certificate:
        found = document_for(person, number)
        with runners.app_context(), transaction():
            erase(1)
        return found

    with runners.app_context():
        second, browser = first_of(1).id, signed_in(runners, owner(1))
    assert browser.get(f"/certificates/{second}.pdf").status_code == 200
    if runners.extensions[ENGINE].dialect.name == "postgresql":  # SQLite reads as of one moment
        monkeypatch.setattr(routes, "document_for", read_and_erase)
        assert browser.get(f"/certificates/{second}.pdf").status_code == 404
