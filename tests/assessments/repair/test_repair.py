"""A question with a fault is mended: dry run, replay, never lower, who is told, what stays readable."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assessments.attempts.actions import start_attempt, submit_attempt
from assessments.attempts.models import Attempt, AttemptStep
from assessments.attempts.queries import get_state
from assessments.grading.models import GradeEntry
from assessments.items.models import ItemRepair, ItemVersion
from assessments.quizzes.models import Quiz
from assessments.quizzes.queries import list_pool
from assessments.repair.actions import mended_version, repair_item
from assessments.repair.queries import try_repair
from assessments.repair.rules import Kind, RepairReason, keeps, summary
from courses.cohorts.models import Enrolment
from lms.audit.models import AuditEntry
from lms.clock import now
from lms.db import session, transaction
from lms.mail.models import OutboxMail
from lms.sentences import Refusal
from tests.assessments.repair.confirming import shown_by
from tests.assessments.taking import answer_all, take
from tests.cast import Cast, signed_in

Stage = tuple[Quiz, Enrolment]


def version_of(key: str) -> ItemVersion:
    """Return the newest version of a question."""
    return session.scalars(
        select(ItemVersion).where(ItemVersion.item.has(key=key)).order_by(ItemVersion.number.desc())
    ).first() or pytest.fail(key)


def other_key(version: ItemVersion) -> dict[str, Any]:
    """Return the definition of the true-or-false question with the other key."""
    definition = copy.deepcopy(version.definition)
    definition["correct"] = not definition["correct"]
    return definition


def repair(cast: Cast, key: str, kind: Kind, *, never_lower: bool = True, definition: Any = None) -> ItemRepair:
    """Repair a question as the coordinator."""
    with transaction():
        old = version_of(key)
        new = mended_version(old, kind, definition)
        made, _run = repair_item(
            old,
            new,
            kind,
            never_lower=never_lower,
            reason="Der Schlüssel war falsch.",
            actor=cast.coordinator,
            at=now(),
        )
    return made


def ledger(enrolment: Enrolment) -> list[tuple[int, int, bool]]:
    """Return what the ledger says, oldest first."""
    rows = session.scalars(select(GradeEntry).where(GradeEntry.enrolment_id == enrolment.id).order_by(GradeEntry.id))
    return [(row.score_given_hundredths, row.score_maximum_hundredths, row.passed) for row in rows]


def test_a_changed_key_moves_a_person_over_the_pass_mark(cast: Cast, quiz: Stage) -> None:
    attempt = take(*quiz, right=False)
    old = version_of("an-02")
    run = try_repair(old, mended_version(old, Kind.KEY, other_key(old)), never_lower=True)
    assert summary(run.effects) == {"concerned": 1, "changed": 1, "passed": 0, "failed": 0}
    assert session.scalars(select(ItemRepair)).all() == [], "a dry run writes nothing"
    repair(cast, "an-02", Kind.KEY, definition=other_key(old))
    assert ledger(quiz[1]) == [(0, 200, False), (100, 200, False)]
    repair(cast, "an-01", Kind.FULL_POINTS)
    assert ledger(quiz[1])[-1] == (200, 200, True)
    scorings = get_state(session.get_one(Attempt, attempt.id)).scorings
    assert [one.given for one in scorings] == [0, 100, 200], "earlier scorings stay readable"


def test_replaying_gives_what_the_first_scoring_gave(quiz: Stage) -> None:
    take(*quiz, right=True)
    take(*quiz, right=False)
    for key in ("an-01", "an-02"):
        old = version_of(key)
        same = ItemVersion(
            item_id=old.item_id, type=old.type, definition=copy.deepcopy(old.definition), sha256="x" * 64
        )
        run = try_repair(old, same, never_lower=False)
        assert len(run.rescorings) == 2
        assert [one.scoring.given for one in run.rescorings] == [one.attempt.score_hundredths for one in run.rescorings]
        assert not any(effect.changed for effect in run.effects)


def test_never_lower_keeps_an_attempt_as_it_was(cast: Cast, quiz: Stage) -> None:
    take(*quiz, right=True)
    old = version_of("an-02")
    assert try_repair(old, mended_version(old, Kind.KEY, other_key(old)), never_lower=True).kept == 1
    run = try_repair(old, mended_version(old, Kind.KEY, other_key(old)), never_lower=False)
    assert summary(run.effects)["failed"] == 1
    repair(cast, "an-02", Kind.KEY, definition=other_key(old), never_lower=True)
    assert ledger(quiz[1]) == [(200, 200, True)]
    assert session.scalar(
        select(AttemptStep.sequence).where(AttemptStep.kind == "scored").order_by(AttemptStep.sequence.desc())
    )


def test_a_dropped_question_counts_for_nobody_and_is_not_asked_again(cast: Cast, quiz: Stage) -> None:
    take(*quiz, right=False)
    repair(cast, "an-02", Kind.DROP)
    assert ledger(quiz[1])[-1] == (0, 100, False)
    assert [one.id for one in list_pool(quiz[0])] == [version_of("an-01").id]
    with pytest.raises(Refusal) as refused:
        repair(cast, "an-01", Kind.DROP)
    assert refused.value.reason is RepairReason.LAST_QUESTION
    assert take(*quiz, right=True).score_maximum_hundredths == 100


def test_an_attempt_that_is_running_is_scored_with_the_repair_when_it_is_handed_in(cast: Cast, quiz: Stage) -> None:
    with transaction():
        attempt = start_attempt(*quiz, actor=cast.participant, at=now())
        answer_all(attempt, right=False)
    repair(cast, "an-01", Kind.FULL_POINTS)
    with transaction():
        submit_attempt(attempt, actor=cast.participant, at=now())
    assert attempt.score_hundredths == 100


def test_a_version_is_repaired_once(cast: Cast, quiz: Stage) -> None:
    old = version_of("an-01")
    repair(cast, "an-01", Kind.FULL_POINTS)
    with pytest.raises(Refusal) as refused, transaction():
        repair_item(
            old,
            mended_version(old, Kind.DROP),
            Kind.DROP,
            never_lower=True,
            reason="Doppelt.",
            actor=cast.coordinator,
            at=now(),
        )
    assert refused.value.reason is RepairReason.REPAIRED_ALREADY


def test_people_concerned_are_told_and_it_is_in_the_audit_log(cast: Cast, quiz: Stage) -> None:
    take(*quiz, right=False)
    repair(cast, "an-01", Kind.FULL_POINTS)
    [mail] = session.scalars(select(OutboxMail).where(OutboxMail.kind == "result_repaired")).all()
    assert cast.participant.email in mail.recipient
    assert session.scalars(select(AuditEntry).where(AuditEntry.action == "item_repaired")).one().details["changed"] == 1


@pytest.mark.parametrize(
    ("before", "after", "never_lower", "kept"),
    [((100, 200), (0, 100), True, True), ((100, 200), (0, 100), False, False), ((100, 200), (50, 100), True, False),
     ((0, 200), (0, 0), True, False), ((100, 200), (100, 100), True, False)],
)  # fmt: skip
def test_which_attempt_keeps_its_points(
    before: tuple[int, int], after: tuple[int, int], never_lower: bool, kept: bool
) -> None:
    assert keeps(before, after, never_lower=never_lower) is kept


@pytest.fixture
def without_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests ask what the form does, not whether it was ours."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.mark.usefixtures("without_tokens")
def test_the_page_shows_first_and_acts_second(app: Flask, cast: Cast, quiz: Stage) -> None:
    take(*quiz, right=False)
    old = version_of("an-02")
    browser = signed_in(app, cast.coordinator)
    fields = {"kind": "key", "key-right": "false", "never_lower": "y", "reason": "Verdreht.", "step": "preview"}
    shown = browser.post(f"/questions/{old.id}/repair", data=fields)
    assert shown.status_code == 200
    assert cast.participant.family_name in shown.text
    assert session.scalars(select(ItemRepair)).all() == []
    done = browser.post(f"/questions/{old.id}/repair", data=fields | {"step": "apply", "outcome": shown_by(shown.text)})
    assert done.status_code == 302
    assert browser.get(f"/questions/{old.id}/repair").status_code == 302, "the old version leads to the new one"
    participant = signed_in(app, cast.participant)
    attempt = session.scalars(select(Attempt)).one()
    assert "Verdreht." in participant.get(f"/attempts/{attempt.id}/result").text


@pytest.mark.usefixtures("without_tokens")
def test_a_bad_key_is_refused_and_nothing_written_is_lost(app: Flask, cast: Cast, quiz: Stage) -> None:
    old = version_of("an-01")
    fields = {"kind": "key", "never_lower": "y", "reason": "Ein langer Grund.", "step": "apply"}
    page = signed_in(app, cast.coordinator).post(f"/questions/{old.id}/repair", data=fields)
    assert page.status_code == 200
    assert "Ein langer Grund." in page.text
    assert session.scalars(select(ItemRepair)).all() == []


def test_a_trainer_repairs_only_where_all_cohorts_are_their_own(app: Flask, cast: Cast, quiz: Stage) -> None:
    take(*quiz, right=False)
    path = f"/questions/{version_of('an-01').id}/repair"
    assert signed_in(app, cast.trainer).get(path).status_code == 404, "no course of theirs"
    assert signed_in(app, cast.participant).get(path).status_code == 403
    assert signed_in(app, cast.auditor).get(path).status_code == 403
    assert signed_in(app, cast.coordinator).get(path).status_code == 200
    assert signed_in(app, cast.coordinator).get("/questions/999999/repair").status_code == 404
