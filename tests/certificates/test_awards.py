"""Whoever was issued a document reads it on the start page, first of all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask

from certificates.conferral.models import Certificate, CertificateEvent
from courses.cohorts.models import Enrolment
from courses.content.models import Activity
from lms.db import session, transaction
from lms.files.actions import store_file
from lms.permissions import Role
from tests.cast import NOW, Cast, make_person, signed_in
from tests.certificates.conferring import confer
from tests.conftest import Queries

GLAD = "Herzlichen Glückwunsch zu Ihrem Zertifikat"


def start_page(app: Flask, graduates: Cast) -> str:
    """Return the start page of who has the certificate."""
    return signed_in(app, graduates.participant).get("/").text


def add_event(certificate: Certificate, kind: str) -> None:
    """Let something happen to a document."""
    with transaction():
        session.add(CertificateEvent(certificate=certificate, kind=kind, at=NOW))


def test_before_the_conferral_nothing_is_congratulated_on(app: Flask, graduates: Cast) -> None:
    page = start_page(app, graduates)
    assert GLAD not in page
    assert "Würde heute entschieden" in page


def test_the_certificate_stands_first_and_nothing_is_missing_any_more(
    app: Flask, graduates: Cast, count_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    confer(graduates)
    with transaction():  # a lesson that the conferral does not know of
        version = graduates.version
        session.add(
            Activity(version=version, module=version.activities[0].module, position=9, kind="lesson", slug="spaet",
                     title="Zu spät", minutes=5)
        )  # fmt: skip
    client = signed_in(app, graduates.participant)
    session.expunge_all()
    with count_queries() as seen:
        page = client.get("/").text
    assert len(seen) <= 8, seen
    for missing in ("Weiter geht", "Würde heute entschieden", "steht unten", "noch möglich"):
        assert missing not in page
    assert "Wonach entschieden wurde" in page


@pytest.mark.parametrize("printed", [False, True])
def test_what_the_card_says_and_where_it_leads(printed: bool, app: Flask, graduates: Cast) -> None:
    certificate = confer(graduates)[0]
    certificate_id = certificate.id
    if printed:
        with transaction():
            certificate.pdf_sha256 = store_file(b"%PDF-", at=NOW).sha256
    page = start_page(app, graduates)
    assert GLAD in page
    assert "Zertifikat Nr. SCM-2026-00001, ausgestellt am 8. September 2026" in page
    assert (f'href="/certificates/{certificate_id}.pdf"' in page) is printed
    assert (f'href="/certificates#share-{certificate_id}"' in page) is printed
    assert ("es wird gerade gedruckt" in page) is not printed


def test_a_confirmation_of_attendance_is_named_as_such(app: Flask, graduates: Cast) -> None:
    confer(graduates)
    second = next(one.person for one in graduates.cohort.enrolments if one.person.given_name == "Bodo")
    page = signed_in(app, second).get("/").text
    assert "Ihre Teilnahmebescheinigung ist da" in page
    assert "Teilnahmebescheinigung Nr. SCM-2026-00002" in page
    assert GLAD not in page
    assert "nicht erfüllt" in page


def test_nobody_is_congratulated_on_what_was_revoked(app: Flask, graduates: Cast) -> None:
    add_event(confer(graduates)[0], "revoked")
    page = start_page(app, graduates)
    assert "Ihr Dokument wurde widerrufen" in page
    assert GLAD not in page
    assert ".pdf" not in page


def test_one_that_ended_says_so(app: Flask, graduates: Cast) -> None:
    certificate = confer(graduates)[0]
    with transaction():
        certificate.valid_until_date = (NOW - timedelta(days=300)).date()
    assert "gültig bis 12. November 2025" in start_page(app, graduates)


WAITING = "Das Programmbüro entscheidet nun"


def test_whoever_got_nothing_is_not_told_to_wait(app: Flask, graduates: Cast) -> None:
    with transaction():  # who only came does not even get that confirmed
        graduates.cohort.rules = [{**rule, "confirmation_percent": 100} for rule in graduates.cohort.rules]
        leo = make_person("Leo", "Leer", Role.PARTICIPANT)
        session.add(Enrolment(cohort=graduates.cohort, person=leo, enrolled_at=NOW))
    assert WAITING in signed_in(app, leo).get("/").text
    confer(graduates)
    page = signed_in(app, leo).get("/").text
    assert WAITING not in page
    assert "Für Sie wurde kein Dokument ausgestellt" in page
    with transaction():  # the teaching was opened and finished once more: a supplement may come
        graduates.cohort.completed_at = NOW + timedelta(days=3)
    assert WAITING in signed_in(app, leo).get("/").text


def test_whose_document_was_erased_reads_that(app: Flask, graduates: Cast) -> None:
    certificate = confer(graduates)[0]
    with transaction():
        certificate.erased_at = NOW
    page = start_page(app, graduates)
    assert "Die Daten Ihres Dokuments wurden gelöscht" in page
    assert WAITING not in page
