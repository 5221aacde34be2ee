"""Automatic and manual questions in one quiz: what waits, who marks it, what follows, what stays readable."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assessments.attempts.actions import save_response, start_attempt, submit_attempt
from assessments.attempts.models import Attempt, AttemptFile
from assessments.attempts.queries import get_state, list_steps
from assessments.attempts.results import counting_result
from assessments.grading.models import GradeEntry
from assessments.items.models import ItemVersion
from assessments.marking.actions import mark_answers
from assessments.marking.rules import Given, MarkReason, read_marks, read_points
from assessments.quizzes.models import Quiz
from assessments.repair.actions import mended_version, repair_item
from assessments.repair.rules import Kind
from assessments.statistics.jobs import count_statistics
from assessments.statistics.models import QuizStatistics
from assessments.supervision.actions import reopen_attempt, void_attempt
from certificates.demo.answers import right_response
from courses.cohorts.models import Enrolment
from courses.progress.models import ProgressFact
from lms.clock import now
from lms.db import session, transaction
from lms.mail.models import OutboxMail
from lms.sentences import Refusal
from tests.cast import Cast, signed_in

Stage = tuple[Quiz, Enrolment]
PDF = b"%PDF-1.7\nplan"


def slots_of(attempt: Attempt) -> dict[str, int]:
    """Return where each type stands in an attempt."""
    found = {}
    for number, slot in enumerate(get_state(attempt).slots):
        found[session.get_one(ItemVersion, slot.item_version_id).type] = number
    return found


def take(stage: Stage, *, essay: str = "Ein kurzer Text.", right: bool = True) -> Attempt:
    """Answer everything that is marked automatically, write the essay, and hand in."""
    with transaction():
        attempt = start_attempt(*stage, actor=stage[1].person, at=now())
        for number, slot in enumerate(get_state(attempt).slots):
            version = session.get_one(ItemVersion, slot.item_version_id)
            if version.type == "essay":
                save_response(attempt, number, {"text": essay} if essay else None, at=now())
            elif version.type != "file_upload" and right:
                save_response(attempt, number, right_response(version.type, version.definition), at=now())
        submit_attempt(attempt, actor=stage[1].person, at=now())
    return attempt


def mark(attempt: Attempt, cast: Cast, points: int, comment: str = "Gut.", reason: str = "") -> list[int]:
    """Mark the essay as the trainer."""
    with transaction():
        given = {slots_of(attempt)["essay"]: Given(points, comment, reason)}
        return mark_answers(attempt, given, grader=cast.trainer, at=now())


def ledger(enrolment: Enrolment) -> list[tuple[int, int, bool, str]]:
    """Return what the ledger says, oldest first."""
    rows = session.scalars(select(GradeEntry).where(GradeEntry.enrolment_id == enrolment.id).order_by(GradeEntry.id))
    return [(one.score_given_hundredths, one.score_maximum_hundredths, one.passed, one.reason) for one in rows]


def test_a_mark_does_not_bring_in_a_repair_that_was_not_to_lower(cast: Cast, stage: Stage) -> None:
    attempt = take(stage)
    slot = slots_of(attempt)["true_false"]
    before = get_state(attempt).scores[slot]
    with transaction():
        old = session.get_one(ItemVersion, get_state(attempt).slots[slot].item_version_id)
        new = mended_version(old, Kind.KEY, {**old.definition, "correct": not old.definition["correct"]})
        _repair, run = repair_item(
            old, new, Kind.KEY, never_lower=True, reason="Verdreht.", actor=cast.coordinator, at=now()
        )
    assert run.kept == 1
    mark(attempt, cast, 100)
    state = get_state(attempt)
    assert state.scores[slot] == before > 0
    assert state.slots[slot].item_version_id == old.id


def verbs() -> list[str]:
    return list(session.scalars(select(ProgressFact.verb).order_by(ProgressFact.id)))


def mails() -> list[str]:
    return list(
        session.scalars(select(OutboxMail.subject).where(OutboxMail.kind == "answers_marked").order_by(OutboxMail.id))
    )


def test_nothing_counts_before_the_last_answer_is_marked(stage: Stage, cast: Cast) -> None:
    attempt = take(stage)
    assert (attempt.unmarked, attempt.score_hundredths, attempt.score_maximum_hundredths) == (1, 1000, 1200)
    assert ledger(stage[1]) == []
    assert verbs() == ["attempted", "submitted"]
    count_statistics()
    assert session.scalars(select(QuizStatistics)).one().figures == {}
    mark(attempt, cast, 75)
    assert ledger(stage[1]) == [(1075, 1200, True, "")]
    assert verbs() == ["attempted", "submitted", "passed"]
    assert len(mails()) == 1
    count_statistics()
    figures = session.scalars(select(QuizStatistics)).one().figures
    assert (figures["attempts"], figures["total"]) == (1, 1075)


def test_an_unanswered_essay_needs_no_mark(stage: Stage) -> None:
    attempt = take(stage, essay="")
    assert attempt.unmarked == 0
    assert ledger(stage[1]) == [(1000, 1200, True, "")]


def test_a_changed_mark_needs_a_reason_and_keeps_the_old_one(stage: Stage, cast: Cast) -> None:
    attempt = take(stage, right=False)
    mark(attempt, cast, 0)
    with pytest.raises(Refusal) as refused:
        mark(attempt, cast, 100)
    assert refused.value.reason is MarkReason.NEEDS_REASON
    assert mark(attempt, cast, 0) == [], "the same again is no change"
    assert mark(attempt, cast, 100, "Doch gut.", "Zweiter Blick.") == [slots_of(attempt)["essay"]]
    assert ledger(stage[1]) == [(0, 1200, False, ""), (100, 1200, False, "Zweiter Blick.")]
    marks = [step.payload for step in list_steps(attempt) if step.kind == "marked" and step.payload]
    assert [one["points"] for one in marks] == [0, 100]
    assert len(mails()) == 2


def test_what_cannot_be_marked_is_refused(stage: Stage, cast: Cast) -> None:
    attempt = take(stage)
    slots = slots_of(attempt)
    table = [
        ({slots["single_choice"]: Given(100, "")}, MarkReason.NOTHING_TO_MARK),
        ({slots["file_upload"]: Given(100, "")}, MarkReason.NOTHING_TO_MARK),
        ({slots["essay"]: Given(101, "")}, MarkReason.OUT_OF_RANGE),
        ({slots["essay"]: Given(-1, "")}, MarkReason.OUT_OF_RANGE),
    ]
    for given, reason in table:
        with pytest.raises(Refusal) as refused, transaction():
            mark_answers(attempt, given, grader=cast.trainer, at=now())
        assert refused.value.reason is reason
    with transaction():
        running = start_attempt(*stage, actor=cast.participant, at=now())
    with pytest.raises(Refusal) as refused, transaction():
        mark_answers(running, {slots["essay"]: Given(1, "")}, grader=cast.trainer, at=now())
    assert refused.value.reason is MarkReason.NOT_SUBMITTED
    with transaction():
        void_attempt(attempt, reason="Doppelt.", actor=cast.trainer, at=now())
    with pytest.raises(Refusal) as refused:
        mark(attempt, cast, 50)
    assert refused.value.reason is MarkReason.VOIDED


def test_a_repair_keeps_the_marks_and_can_settle_what_waits(stage: Stage, cast: Cast) -> None:
    marked, waiting = take(stage), take(stage)
    mark(marked, cast, 50)
    essay = session.scalars(select(ItemVersion).where(ItemVersion.type == "essay")).one()
    choice = session.scalars(select(ItemVersion).where(ItemVersion.type == "single_choice")).one()
    with transaction():
        repair_item(choice, mended_version(choice, Kind.DROP), Kind.DROP, never_lower=False, reason="Unklar.",
                    actor=cast.coordinator, at=now())  # fmt: skip
    assert (marked.score_hundredths, marked.score_maximum_hundredths, marked.unmarked) == (950, 1100, 0)
    assert (waiting.score_hundredths, waiting.unmarked) == (900, 1)
    with transaction():
        new = mended_version(essay, Kind.FULL_POINTS)
        repair_item(
            essay, new, Kind.FULL_POINTS, never_lower=True, reason="Für alle.", actor=cast.coordinator, at=now()
        )
    assert (marked.score_hundredths, waiting.score_hundredths, waiting.unmarked) == (1000, 1000, 0)
    assert ledger(stage[1])[-1] == (1000, 1100, True, "Für alle.")


def test_a_waiting_attempt_is_no_failure_even_as_the_last_one(stage: Stage, cast: Cast) -> None:
    first, second, third = (take(stage, right=False) for _number in range(3))
    for attempt in (third, first):
        mark(attempt, cast, 0)
    assert "failed" not in verbs()
    mark(second, cast, 100)
    assert verbs()[-1] == "failed"


def test_an_attempt_opened_again_waits_again_only_for_what_changed(stage: Stage, cast: Cast) -> None:
    attempt = take(stage)
    mark(attempt, cast, 100)
    for text, unmarked in (("Ein kurzer Text.", 0), ("Ein anderer Text.", 1)):
        with transaction():
            reopen_attempt(attempt, minutes=None, reason="Technik.", actor=cast.trainer, at=now())
        assert attempt.unmarked == 0
        with transaction():
            save_response(attempt, slots_of(attempt)["essay"], {"text": text}, at=now())
            submit_attempt(attempt, actor=cast.participant, at=now())
        assert attempt.unmarked == unmarked


@pytest.mark.parametrize(
    ("scores", "grading", "given"),
    [
        ([None], "best", None), ([(3, 8), None], "best", 3), ([None, (3, 8)], "best", 3), ([None, (3, 8)], "first", None),
        ([(3, 8), None], "first", 3), ([(3, 8), None], "last", None), ([None, (3, 8)], "last", 3),
        ([(3, 8), None], "average", None), ([(2, 8), (4, 8)], "average", 3), ([], "best", None),
    ],
)  # fmt: skip
def test_a_result_waits_for_the_attempts_it_is_made_of(scores: Any, grading: str, given: int | None) -> None:
    result = counting_result(scores, grading, 60)
    assert (result.given if result else None) == given


@pytest.mark.parametrize(
    ("typed", "most", "points"),
    [("1", 200, 100), ("1,5", 200, 150), ("1.5", 200, 150), ("0", 100, 0), ("2,01", 200, None), ("-1", 200, None),
     ("1,234", 500, None), ("zwei", 200, None), ("", 200, None), (" 2 ", 200, 200)],
)  # fmt: skip
def test_points_are_read_as_people_write_them(typed: str, most: int, points: int | None) -> None:
    assert read_points(typed, most) == points


def test_a_comment_without_points_is_asked_about() -> None:
    marks, problems = read_marks(
        {"points_0": "1", "comment_0": "a\r\nb", "comment_1": "Schön"}, {0: 100, 1: 100, 2: 100}
    )
    assert marks == {0: Given(100, "a\nb")}
    assert [(name, refusal.reason) for name, refusal in problems] == [("points_1", MarkReason.NO_POINTS)]


def test_the_trainer_finds_marks_and_the_participant_reads(
    app: Flask, stage: Stage, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    attempt = take(stage, essay="Zwei <b>Gründe</b>\nund ein dritter.")
    path, slot = f"/attempts/{attempt.id}/marks", slots_of(attempt)["essay"]
    learner, trainer = signed_in(app, cast.participant), signed_in(app, cast.trainer)
    result = learner.get(f"/attempts/{attempt.id}/result").get_data(as_text=True)
    assert "wartet auf Bewertung" in result
    assert "10 der 11 Punkte" in result
    assert "Zwei Gründe genügen" not in result, "the guidance is for who marks"
    assert path in trainer.get("/grading").get_data(as_text=True)
    assert "Eine Abgabe wartet" in trainer.get("/").get_data(as_text=True)
    page = trainer.get(path).get_data(as_text=True)
    for text in ("Zwei &lt;b&gt;Gründe&lt;/b&gt;", "5 Wörter", "Zwei Gründe genügen", "10 von 11 Punkten"):
        assert text in page
    assert not re.search(r"data-(hotspot|ordering|words)\b", page), "without them the page needs no script for questions"
    for other in (cast.other_trainer, cast.participant, cast.auditor):
        assert signed_in(app, other).get(path).status_code in {403, 404}
    wrong = trainer.post(path, data={f"points_{slot}": "7", f"comment_{slot}": "Na ja"})
    assert "zwischen 0 und 1" in wrong.get_data(as_text=True)
    assert attempt.unmarked == 1
    assert trainer.post(path, data={f"points_{slot}": "0,5", f"comment_{slot}": "Na ja"}).status_code == 302
    result = learner.get(f"/attempts/{attempt.id}/result").get_data(as_text=True)
    assert "Na ja" in result
    assert "0,5 von 1 Punkt" in result
    assert path not in trainer.get("/grading").get_data(as_text=True)
    log = trainer.get(f"/attempts/{attempt.id}/log").get_data(as_text=True)
    assert "Bewertet von Tomasz Trainer. Punkte: 0,5" in log


def test_a_file_is_handed_in_looked_at_and_downloaded_by_those_who_may(
    app: Flask, stage: Stage, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    with transaction():
        attempt = start_attempt(*stage, actor=cast.participant, at=now())
    number = slots_of(attempt)["file_upload"] + 1
    learner, path = signed_in(app, cast.participant), f"/attempts/{attempt.id}/answers/{number}"

    def send(name: str, content: bytes, counter: int) -> Any:
        data = {"answer-file": (io.BytesIO(content), name), "device": "a", "counter": str(counter)}
        return learner.post(path, data=data, headers={"Accept": "application/json"})

    assert send("plan.pdf", b"<html>", 1).status_code == 422
    assert "nicht, was der Name sagt" in send("plan.pdf", b"<html>", 1).get_json()["message"]
    assert send("../../mein\u202e plan.pdf", PDF, 2).get_json()["saved"] is True
    assert send("../../mein\u202e plan.pdf", PDF, 2).get_json()["saved"] is True
    file = session.scalars(select(AttemptFile)).one()
    assert file.filename == "mein plan.pdf"
    # A form without a new file keeps the one that stands, whatever it claims under the answer's own name.
    learner.post(path, data={"answer": '{"id": 1}', "device": "a", "counter": "3"})
    state = get_state(attempt)
    assert state.responses[number - 1] == {
        "file": {
            "id": file.id,
            "filename": "mein plan.pdf",
            "media_type": "application/pdf",
            "size": len(PDF),
            "sha256": file.sha256,
        }
    }
    got = learner.get(f"/attempts/files/{file.id}")
    assert (got.data, got.headers["Content-Disposition"][:10]) == (PDF, "attachment")
    for person, status in ((cast.trainer, 200), (cast.other_trainer, 404), (cast.other_participant, 404)):
        assert signed_in(app, person).get(f"/attempts/files/{file.id}").status_code == status
    page = learner.get(f"/attempts/{attempt.id}/questions/{number}").get_data(as_text=True)
    assert f"/attempts/files/{file.id}" in page
    # Without JavaScript: a wrong file is told on the page, and the one before stays.
    data = {"answer-file": (io.BytesIO(b"x"), "bild.gif"), "go": "summary"}
    answer = learner.post(f"/attempts/{attempt.id}/questions/{number}", data=data, follow_redirects=True)
    assert "kann hier nicht angenommen werden. Bitte wählen Sie eine Datei dieser Art: " in answer.get_data(as_text=True)
    assert get_state(attempt).responses[number - 1] is not None
    learner.post(f"/attempts/{attempt.id}/questions/{number}", data={"answer-remove": "1"})
    assert get_state(attempt).responses[number - 1] is None
