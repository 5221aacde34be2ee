"""Receipts: what they say and keep to themselves, and what a file that comes back is worth."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pikepdf
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from assessments.attempts.actions import start_attempt
from assessments.attempts.models import Attempt, AttemptStep
from assessments.attempts.queries import get_state
from assessments.attempts.rules import Step
from assessments.items.models import ItemVersion
from assessments.quizzes.models import Quiz
from assessments.receipts.actions import ask_for_receipt
from assessments.receipts.jobs import print_due_receipts
from assessments.receipts.models import Receipt
from assessments.receipts.rules import (
    Claim,
    Contents,
    Subject,
    Verdict,
    canonical_log,
    judge_log,
    judge_seal,
    later_steps,
    log_hash,
    read_claim,
)
from assessments.receipts.validation import Validation, validate_receipt
from assessments.repair.actions import mended_version, repair_item
from assessments.repair.rules import Kind
from assessments.supervision.actions import reopen_attempt, void_attempt
from courses.cohorts.models import Enrolment
from lms.clock import now
from lms.db import session, transaction
from lms.files.queries import get_content
from lms.institution.seal import sign_pdf
from lms.people.models import Person
from lms.printing.rendering import print_pdf
from lms.sentences import Refusal
from tests.assessments.taking import take
from tests.cast import NOW, Cast, signed_in

SUBJECT = Subject(attempt=1, quiz=2, enrolment=3, number=1)
ALL = Contents(answers=True, points=True)
STEPS = [
    Step("started", NOW, payload={"draw": [[1, [0, 1]]]}),
    Step("answered", NOW, 0, "phone", 1, {"response": {"choice": 1}}),
    Step("submitted", NOW),
    Step("scored", NOW, payload={"scores": [100]}),
]


def claim_about(steps: list[Step], contents: Contents = ALL) -> Claim:
    """Return what a receipt about these steps claims."""
    log = canonical_log(SUBJECT, steps, points=contents.points)
    return Claim("QB-000001", 1, len(steps), contents, log_hash(log))


def test_a_log_has_one_form_and_it_is_this_one() -> None:
    moment = datetime(2026, 3, 29, 3, 0, tzinfo=UTC)
    step = Step("voided", moment, payload={"reason": "Grüße", "actor": 7})
    assert canonical_log(SUBJECT, [step], points=True).decode() == (
        '{"attempt":1,"enrolment":3,"format":1,"number":1,"quiz":2,"steps":[{"at":"2026-03-29T03:00:00.000000+00:00",'
        '"kind":"voided","payload":{"reason":"Grüße"},"sequence":0}]}'
    )


def test_points_that_are_not_shown_are_not_in_the_hash_either() -> None:
    """With ten questions, a hash over the points would tell them after a thousand tries."""
    others = [*STEPS[:3], Step("scored", NOW, payload={"scores": [0]}), Step("marked", NOW, 0, payload={"points": 50})]
    assert canonical_log(SUBJECT, STEPS, points=False) == canonical_log(SUBJECT, others, points=False)
    assert canonical_log(SUBJECT, STEPS, points=True) != canonical_log(SUBJECT, others, points=True)


@given(
    st.integers(0, 3), st.sampled_from(["at", "slot", "device", "counter", "payload", "kind", "gone"]), st.booleans()
)
def test_whatever_is_changed_in_the_log_afterwards_is_found(position: int, what: str, points: bool) -> None:
    contents = Contents(answers=True, points=points)
    claim = claim_about(STEPS, contents)
    step = STEPS[position]
    if step.kind == "scored" and not points:
        return
    changed = {
        "at": Step(step.kind, step.at + timedelta(microseconds=1), step.slot, step.device, step.counter, step.payload),
        "slot": Step(step.kind, step.at, 9, step.device, step.counter, step.payload),
        "device": Step(step.kind, step.at, step.slot, "other", step.counter, step.payload),
        "counter": Step(step.kind, step.at, step.slot, step.device, 99, step.payload),
        "payload": Step(step.kind, step.at, step.slot, step.device, step.counter, {"response": {"choice": 0}}),
        "kind": Step("flagged", step.at, step.slot, step.device, step.counter, step.payload),
    }
    steps = [*STEPS[:position], *([changed[what]] if what in changed else []), *STEPS[position + 1 :]]
    assert judge_log(claim, SUBJECT, steps) is Verdict.DIFFERENT
    assert judge_log(claim, SUBJECT, STEPS) is Verdict.GENUINE


def test_a_log_that_went_on_is_no_forgery() -> None:
    later = [
        Step("reopened", NOW, payload={"reason": "Versehen", "actor": 1}),
        Step("answered", NOW, 0, "phone", 2, {"response": {"choice": 0}}),
        Step("flagged", NOW, 0, payload={"flag": True}),
        Step("answered", NOW, 0, "phone", 3, {"response": {"choice": 1}}),
        Step("submitted", NOW),
        Step("scored", NOW, payload={"scores": [100]}),
        Step("scored", NOW, payload={"scores": [0], "repair": 4}),
        Step("voided", NOW, payload={"reason": "Doppelt", "actor": 1}),
    ]
    assert judge_log(claim_about(STEPS), SUBJECT, [*STEPS, *later]) is Verdict.CONTINUED
    told = [(one.kind.value, one.count) for one in later_steps([*STEPS, *later], len(STEPS))]
    assert told == [("reopened", 1), ("answered", 2), ("submitted", 1), ("scored", 1), ("repaired", 1), ("voided", 1)]


@pytest.mark.parametrize(
    ("sealed", "intact", "own", "whole", "verdict"),
    [
        (False, False, False, False, Verdict.UNSEALED),
        (True, False, True, True, Verdict.CHANGED),
        (True, True, False, True, Verdict.FOREIGN),
        (True, True, True, False, Verdict.APPENDED),
        (True, True, True, True, None),
    ],
)
def test_what_a_seal_is_worth(sealed: bool, intact: bool, own: bool, whole: bool, verdict: Any) -> None:
    assert judge_seal(sealed=sealed, intact=intact, own=own, whole_file=whole) is verdict


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"null", b'{"format": 1}', b'{"format": 2}', b"\xff", b'{"format": 1, "attempt": []}']
)
def test_what_is_no_claim_is_none(content: bytes) -> None:
    assert read_claim(content) is None


def test_a_claim_is_read_as_it_was_written() -> None:
    for contents in (ALL, Contents(answers=False, points=False), Contents(answers=True, points=False)):
        assert read_claim(claim_about(STEPS, contents).written()) == claim_about(STEPS, contents)


def receipt_for(attempt: Attempt, person: Person, contents: Contents = ALL) -> tuple[Receipt, bytes]:
    """Ask for a receipt and have it printed."""
    with transaction():
        receipt = ask_for_receipt(attempt, contents, language="de", actor=person, at=now())
    print_due_receipts()
    session.refresh(receipt)
    assert receipt.file_sha256 is not None
    return receipt, get_content(receipt.file_sha256)


def attachments(content: bytes) -> dict[str, bytes]:
    """Return what a PDF carries."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}


def test_the_same_attempt_gives_the_same_file(quiz: tuple[Quiz, Enrolment], cast: Cast) -> None:
    attempt = take(*quiz, right=True)
    receipt, content = receipt_for(attempt, cast.participant)
    again, same = receipt_for(attempt, cast.participant)
    assert again.id == receipt.id
    assert same == content
    assert validate_receipt(cast.participant, content).verdict is Verdict.GENUINE


def test_the_carried_log_has_the_printed_hash(quiz: tuple[Quiz, Enrolment], cast: Cast) -> None:
    receipt, content = receipt_for(take(*quiz, right=True), cast.participant)
    carried = attachments(content)
    assert hashlib.sha256(carried["log.json"]).hexdigest() == receipt.log_sha256
    assert [step["kind"] for step in json.loads(carried["log.json"])["steps"]][-2:] == ["submitted", "scored"]
    assert json.loads(carried["receipt.json"])["log_sha256"] == receipt.log_sha256


def test_a_receipt_says_no_more_than_the_review(quiz: tuple[Quiz, Enrolment], cast: Cast) -> None:
    attempt = take(*quiz, right=True)
    _receipt, silent = receipt_for(attempt, cast.participant, Contents(answers=False, points=False))
    assert set(attachments(silent)) == {"receipt.json"}
    _receipt, pointless = receipt_for(attempt, cast.participant, Contents(answers=True, points=False))
    assert b"scored" not in attachments(pointless)["log.json"]
    for content in (silent, pointless):
        assert validate_receipt(cast.participant, content).verdict is Verdict.GENUINE


def test_there_is_none_before_handing_in(quiz: tuple[Quiz, Enrolment], cast: Cast) -> None:
    with transaction():
        attempt = start_attempt(*quiz, actor=cast.participant, at=now())
    with pytest.raises(Refusal), transaction():
        ask_for_receipt(attempt, ALL, language="de", actor=cast.participant, at=now())


def test_what_staff_does_later_is_explained(quiz: tuple[Quiz, Enrolment], cast: Cast) -> None:
    attempt = take(*quiz, right=False)
    _receipt, content = receipt_for(attempt, cast.participant)
    version = session.get_one(ItemVersion, get_state(attempt).slots[0].item_version_id)
    with transaction():
        new = mended_version(version, Kind.FULL_POINTS)
        repair_item(
            version, new, Kind.FULL_POINTS, never_lower=True, reason="War falsch.", actor=cast.coordinator, at=now()
        )
        reopen_attempt(attempt, minutes=None, reason="Versehen", actor=cast.coordinator, at=now())
        void_attempt(attempt, reason="Doppelt", actor=cast.coordinator, at=now())
    found = validate_receipt(cast.participant, content)
    assert found.verdict is Verdict.CONTINUED
    assert [one.kind.value for one in found.later] == ["repaired", "reopened", "voided"]
    assert list(found.reasons.values()) == ["War falsch."]


def verdict_of(person: Person, content: bytes) -> Validation:
    """Return what a file is worth to somebody."""
    return validate_receipt(person, content)


def test_a_file_that_was_touched_is_found_out(quiz: tuple[Quiz, Enrolment], cast: Cast) -> None:
    attempt = take(*quiz, right=True)
    _receipt, content = receipt_for(attempt, cast.participant)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        out = io.BytesIO()
        pdf.save(out)
    assert not verdict_of(cast.participant, out.getvalue()).verdict.good
    middle = len(content) // 3
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    assert verdict_of(cast.participant, flipped).verdict in {Verdict.CHANGED, Verdict.UNSEALED}
    assert not verdict_of(cast.participant, content + b"\n% more\n").verdict.good
    for rubbish in (b"", b"hello", b"\0" * 5000, b"%PDF-1.7\n%%EOF"):
        assert verdict_of(cast.participant, rubbish).verdict is Verdict.UNSEALED
    for length in (10, 2000, len(content) // 2, len(content) - 10):
        assert verdict_of(cast.participant, content[:length]).verdict is Verdict.CUT_SHORT


def test_a_database_that_was_touched_is_found_out(quiz: tuple[Quiz, Enrolment], cast: Cast) -> None:
    attempt = take(*quiz, right=True)
    _receipt, content = receipt_for(attempt, cast.participant)
    step = session.get_one(AttemptStep, (attempt.id, 1))
    with transaction():
        step.at = step.at + timedelta(seconds=1)
    assert validate_receipt(cast.participant, content).verdict is Verdict.DIFFERENT


def test_another_sealed_document_is_no_receipt(cast: Cast) -> None:
    html = "<html lang=de><head><title>Protokoll</title></head><body><p>Etwas anderes</p></body></html>"
    sealed = sign_pdf(print_pdf(html, "", files={}, identifier="x", at=now()), at=now(), reason="x", location="y")
    assert validate_receipt(cast.participant, sealed).verdict is Verdict.NO_RECEIPT


def test_who_may_have_whose_receipt_validated(quiz: tuple[Quiz, Enrolment], cast: Cast) -> None:
    _receipt, content = receipt_for(take(*quiz, right=True), cast.participant)
    for person in (cast.participant, cast.coordinator, cast.auditor):
        assert validate_receipt(person, content).verdict is Verdict.GENUINE
    for person in (cast.other_participant, cast.other_trainer):
        found = validate_receipt(person, content)
        assert found.verdict is Verdict.OTHERS
        assert found.attempt is None
        assert found.claim is None


def test_the_whole_way_in_the_browser(
    app: Flask, quiz: tuple[Quiz, Enrolment], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    attempt = take(*quiz, right=True)
    client = signed_in(app, cast.participant)
    page = f"/attempts/{attempt.id}/receipt"
    assert page in client.get(f"/attempts/{attempt.id}/result").text
    assert client.post(page).status_code == 302
    assert client.post(page).status_code == 302
    assert "data-receipt-waiting" in client.get(page).text
    print_due_receipts()
    receipt = session.query(Receipt).one()
    assert f"/receipts/{receipt.id}.pdf" in client.get(page).text
    answer = client.get(f"/receipts/{receipt.id}.pdf")
    assert answer.mimetype == "application/pdf"
    said = client.post("/receipts", data={"file": (io.BytesIO(answer.data), "QB.pdf")})
    assert said.status_code == 200
    assert receipt.log_sha256 in said.text
    assert client.post("/receipts").status_code == 422
    other = signed_in(app, cast.other_participant)
    assert other.get(f"/receipts/{receipt.id}.pdf").status_code == 404
    assert other.get(page).status_code == 404
    assert other.post(page).status_code == 404
    told = other.post("/receipts", data={"file": (io.BytesIO(answer.data), "QB.pdf")}).text
    assert cast.participant.family_name not in told


def test_one_that_cannot_be_printed_keeps_nobody_waiting(
    quiz: tuple[Quiz, Enrolment], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = take(*quiz, right=False), take(*quiz, right=True)
    with transaction():
        broken = ask_for_receipt(bad, ALL, language="de", actor=cast.participant, at=now())
        broken.steps = 0  # nothing can be read out of no steps
        receipt = ask_for_receipt(good, ALL, language="de", actor=cast.participant, at=now())
    print_due_receipts()
    session.refresh(broken)
    session.refresh(receipt)
    assert broken.file_sha256 is None
    assert receipt.file_sha256 is not None
