"""What a next version of a document takes over from the one that it replaces, and what stands in its way."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from certificates.conferral.models import Certificate
from certificates.lifecycle.actions import add_event, revoke_certificate, set_concealed
from certificates.lifecycle.corrections import accept_correction, renew_certificate, request_correction
from certificates.lifecycle.queries import list_open_requests
from certificates.lifecycle.rules import EventKind, LifeReason
from certificates.verification.rules import is_concealed
from lms.db import session, transaction
from lms.sentences import Refusal
from tests.cast import NOW, Cast
from tests.certificates.conferring import confer


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
