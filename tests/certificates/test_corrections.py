"""Which facts of a document can be corrected, what follows from it, what is said before issuing, and what stays true."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from certificates.conferral.models import Certificate
from certificates.conferral.protocols import protocol_hash
from certificates.lifecycle.corrections import request_correction
from certificates.lifecycle.facts import CORRECTABLE, FIXED, correct_facts, corrected_keys, list_corrections
from certificates.lifecycle.models import CorrectionRequest
from certificates.lifecycle.rules import LifeReason, refuse_correction
from lms.audit.models import AuditEntry
from lms.db import session, transaction
from lms.sentences import plain_sentence
from tests.cast import NOW, Cast, signed_in
from tests.certificates.conferring import confer
from tests.certificates.test_documents import facts

TODAY = date(2026, 7, 1)
FALK, SIGNED = (
    {"name": "Dr. Henriette Falk", "function": "Leitung"},
    {"name": "Dr. Henriette Falck", "function": "Leiterin"},
)


def corrected(before: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return facts with these corrections, and everything else as it was."""
    usual: dict[str, Any] = {
        "name": before["name"],
        "municipality": before["municipality"] or "",
        "begin_date": date.fromisoformat(before["begin_date"]),
        "end_date": date.fromisoformat(before["end_date"]),
        "live_attended": before["ue"]["live_attended"],
    }
    return correct_facts(before, **{**usual, **changes})


def lines(before: dict[str, Any], number: int, **changes: Any) -> list[dict[str, Any]]:
    """Return the table of modules with one line changed."""
    return [{**one, **changes} if place == number else one for place, one in enumerate(before["modules"])]


def test_it_is_decided_for_every_fact_whether_it_can_be_corrected(graduates: Cast) -> None:
    snapshot = confer(graduates, valid_months=12)[0].facts
    assert not CORRECTABLE.keys() & FIXED.keys()
    assert CORRECTABLE.keys() | FIXED.keys() == snapshot.keys()


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"name": " Petra  Neu "}, ["Name: Petra Łukaszewicz → Petra Neu"]),
     ({"municipality": ""}, ["Municipality: Ahrensfelde → None"]),
     ({"begin_date": date(2026, 3, 4)}, ["Begin: 2026-03-03 → 2026-03-04"]),
     ({"end_date": date(2026, 5, 27)}, ["End: 2026-05-26 → 2026-05-27"]),
     ({"live_attended": 38}, ["UE attended in live sessions: 36 → 38"]),
     ({"texts": {"course": "Smart-City-Management"}}, ["Course: Smart City Manager → Smart-City-Management"]),
     ({"texts": {"cohort": "Frühling 2026"}}, ["Cohort: Frühjahr 2026 → Frühling 2026"]),
     ({"texts": {"place": "Cottbus"}}, ["Place: Potsdam → Cottbus"]),
     ({"texts": {"issuer": "Institut"}}, ["Institution: Testinstitut → Institut"]),
     ({"valid_until": date(2028, 6, 1)}, ["Valid until: None → 2028-06-01"]),
     ({"valid_until": None}, []),
     ({"signatories": [SIGNED]}, ["Signature 1: Dr. Henriette Falk, Leitung → Dr. Henriette Falck, Leiterin"]),
     ({"signatories": [FALK, SIGNED]}, ["Signature 2: None → Dr. Henriette Falck, Leiterin"]),
     ({"signatories": [FALK, {"name": " ", "function": ""}]}, []),
     ({"project": 14}, ["Transfer project (UE): 12 → 14", "Scope, all together (UE): 72 → 74"]),
     ({"modules": lines(facts(), 2, title="Drittes")}, ["Module 3: title: Modul 3 → Drittes"]),
     ({"modules": lines(facts(), 0, live_ue=6)},
      ["Module 1: live sessions (UE): 4 → 6", "Live sessions, all together (UE): 40 → 42", "Scope, all together (UE): 72 → 74"]),
     ({"modules": lines(facts(), 9, self_study_ue=1)},
      ["Module 10: self-study (UE): 2 → 1", "Self-study, all together (UE): 20 → 19", "Scope, all together (UE): 72 → 71"]),
     ({}, [])],
)  # fmt: skip
def test_what_changes_is_said_from_old_to_new(changes: dict[str, Any], said: list[str]) -> None:
    before = facts()
    after = corrected(before, **changes)
    told = list_corrections(before, after)
    assert [f"{plain_sentence(one.label)}: {one.old} → {one.new}" for one in told] == said
    assert [one.follows for one in told] == ["all together" in one for one in said]
    assert bool(said) is bool(corrected_keys(before, after))
    # The sums are the table's, whatever was corrected.
    assert after["ue"]["total"] == sum(after["ue"][key] for key in ("live_planned", "self_study", "project"))
    assert after["ue"]["live_planned"] == sum(one["live_ue"] for one in after["modules"])


def test_sums_that_nobody_touched_are_left_alone() -> None:
    """A document of an earlier release may have had others than its table; a new name is no reason to restate them."""
    before = facts(ue={"total": 80, "live_planned": 40, "live_attended": 36, "self_study": 20, "project": 12})
    assert corrected(before, name="Neu")["ue"] == before["ue"]
    assert corrected(before, project=13)["ue"]["total"] == 73


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"name": "-"}, LifeReason.NO_NAME), ({}, LifeReason.NO_CHANGE), ({"texts": {"course": " "}}, LifeReason.GAP),
     ({"texts": {"cohort": ""}}, LifeReason.GAP), ({"texts": {"place": ""}}, LifeReason.GAP),
     ({"texts": {"issuer": ""}}, LifeReason.GAP), ({"signatories": []}, LifeReason.GAP),
     ({"modules": lines(facts(), 1, title=" ")}, LifeReason.GAP),
     ({"end_date": date(2026, 3, 2)}, LifeReason.IMPOSSIBLE_DATES), ({"live_attended": 41}, LifeReason.IMPOSSIBLE_UE),
     ({"modules": lines(facts(), 1, live_ue=0)}, None), ({"modules": lines(facts(), 1, live_ue=0), "live_attended": 37},
     LifeReason.IMPOSSIBLE_UE), ({"live_attended": 31}, LifeReason.NOT_EARNED),
     # With 46 planned, 80 % are 37: 36 would not have been enough.
     ({"modules": lines(facts(), 1, live_ue=10)}, LifeReason.NOT_EARNED),
     ({"modules": lines(facts(), 1, live_ue=10), "live_attended": 37}, None),
     ({"valid_until": date(2026, 6, 30)}, LifeReason.PAST_END), ({"valid_until": TODAY}, None),
     ({"texts": {"place": "Cottbus"}}, None)],
)  # fmt: skip
def test_what_cannot_be_issued(changes: dict[str, Any], reason: LifeReason | None) -> None:
    assert refuse_correction(facts(), corrected(facts(), **changes), today=TODAY) == reason


def test_a_document_that_has_ended_is_corrected_without_touching_its_end() -> None:
    before = facts(valid_until_date="2026-06-30")
    after = corrected(before, name="Petra Neu", valid_until=date(2026, 6, 30))
    assert refuse_correction(before, after, today=TODAY) is None
    assert after["valid_until_date"] == "2026-06-30"


@pytest.mark.usefixtures("no_token")
def test_the_office_sees_what_changes_before_it_issues(app: Flask, graduates: Cast) -> None:
    old = confer(graduates, valid_months=12)[0]
    protocol, before = old.conferral.protocol, protocol_hash(old.conferral.protocol)
    with transaction():
        request_correction(old, text="Bitte ändern", actor=graduates.participant, at=NOW)
    page = f"/corrections/{session.scalars(select(CorrectionRequest)).one().id}"
    office = signed_in(app, graduates.coordinator)
    form = office.get(page).text
    for name in ("course", "signature_1_function", "module_0_title", "module_0_live_ue", "project", "valid_until"):
        assert f'name="{name}"' in form
    assert 'name="issuer"' not in form  # it is called the same still
    assert "Nummer, Prüfcode und Link" in form
    sent = {
        "course": "Smart City Managerin", "signature_0_name": "Dr. Henriette Falck", "module_0_title": "Anfänge",
        "valid_until": "", "reason": "Belegt.",
    }  # fmt: skip
    assert office.post(page, data={**sent, "do": "check", "module_0_live_ue": "x"}).status_code == 422
    usual = {"begin_date": "2026-09-01", "end_date": "2026-09-08", "live_attended": "4"}
    shown = office.post(page, data={**usual, **sent, "do": "check"})
    assert shown.status_code == 200
    for text in ("Smart City Managerin", "Dr. Henriette Falck", "Anfänge", "Bisher"):
        assert text in shown.text
    assert session.scalar(select(Certificate).where(Certificate.replaces_id == old.id)) is None
    assert "Smart City Managerin" in office.post(page, data={**usual, **sent, "do": "edit"}).text
    assert office.post(page, data={**usual, **sent, "do": "accept"}).status_code == 302
    session.expire_all()
    new = session.scalars(select(Certificate).where(Certificate.replaces_id == old.id)).one()
    said = new.facts
    assert (said["course"], said["modules"][0]["title"], new.valid_until_date) == (
        "Smart City Managerin",
        "Anfänge",
        None,
    )
    assert said["signatories"] == [{"name": "Dr. Henriette Falck", "function": "Leitung"}]
    assert {key: said[key] for key in ("kind", "criteria", "name", "place")} == {
        key: old.facts[key] for key in ("kind", "criteria", "name", "place")
    }
    # What was conferred stays what it was, and the log names facts, not words.
    assert (new.conferral.protocol, protocol_hash(new.conferral.protocol)) == (protocol, before)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "correction_decided")).one()
    assert entry.details == {"accepted": True, "facts": "course, valid_until_date, signatories, modules"}


@pytest.mark.usefixtures("no_token")
def test_a_misspelt_institution_follows_the_settings_and_nothing_else(app: Flask, graduates: Cast) -> None:
    old = confer(graduates)[0]
    with transaction():
        old.snapshot_json = old.snapshot_json.replace("Testinstitut", "Testinstitud")
        request_correction(old, text="Tippfehler", actor=graduates.participant, at=NOW)
    page = f"/corrections/{session.scalars(select(CorrectionRequest)).one().id}"
    office = signed_in(app, graduates.coordinator)
    assert 'name="issuer"' in office.get(page).text
    sent = {"begin_date": "2026-09-01", "end_date": "2026-09-08", "live_attended": "4", "reason": "Ja.", "do": "accept"}
    assert office.post(page, data={**sent, "issuer": "Anderes Institut"}).status_code == 302
    new = session.scalars(select(Certificate).where(Certificate.replaces_id == old.id)).one()
    assert new.facts["issuer"] != "Anderes Institut"
    assert new.facts["issuer"] == "Testinstitut"
