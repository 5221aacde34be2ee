"""A question is put in other words: who begins now reads them, who began before keeps theirs, and no text is lost."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from assessments.attempts.actions import start_attempt, submit_attempt
from assessments.attempts.models import Attempt
from assessments.attempts.queries import get_state
from assessments.items.actions import take_questions
from assessments.items.models import Item, ItemVersion
from assessments.items.rules import texts_of
from assessments.quizzes.queries import list_pool
from assessments.repair.actions import mended_version, repair_item
from assessments.repair.queries import find_standing
from assessments.repair.rules import Kind
from assessments.wording.actions import reword_item
from courses.archive.actions import import_course
from courses.cohorts.actions import create_cohort
from courses.cohorts.models import CohortTrainer
from lms.audit.models import AuditEntry
from lms.clock import now
from lms.db import session, transaction
from lms.signin.actions import set_password
from tests.assessments.repair.test_repair import Stage, ledger, other_key, repair, version_of
from tests.assessments.taking import answer_all, take
from tests.assessments.twelve import twelve_types
from tests.cast import Cast, signed_in
from tests.lms.test_kept_forms import PASSWORD, sign_in_again

PROMPT = "Womit beginnt jeder Weg?"


@pytest.fixture
def coordinator(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The coordinator's browser."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return signed_in(app, cast.coordinator)


def path_of(key: str) -> str:
    """Return the page of a question's wording."""
    return f"/bank/items/{session.scalars(select(Item.id).where(Item.key == key)).one()}/wording"


def fields(page: str) -> dict[str, str]:
    """Return what the form of a page would send."""
    found = {name: html.unescape(text).removeprefix("\r\n") for name, text in
             re.findall(r'<textarea[^>]*name="(text-[^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL)}  # fmt: skip
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', page)
    assert seen
    return found | {"seen": seen[1]}


def send(browser: FlaskClient, key: str, *, seen: str = "", step: str = "save", **texts: str) -> TestResponse:
    """Fill the form's fields (``prompt="…"``, ``answers_0_text="…"``) and send it."""
    form = fields(browser.get(path_of(key)).text) | ({"seen": seen} if seen else {})
    form |= {f"text-{name.replace('_', '-')}": text for name, text in texts.items()}
    return browser.post(path_of(key), data=form | {"step": step})


def reworded(cast: Cast, key: str, **texts: str) -> ItemVersion:
    """Put a question in other words as the coordinator."""
    with transaction():
        old = version_of(key)
        made = reword_item(old.item, texts, seen=old, actor=cast.coordinator, at=now())
    assert made is not None
    return made


def count_versions() -> int:
    """Return how many versions of questions there are."""
    return session.scalar(select(func.count()).select_from(ItemVersion)) or 0


def test_who_begins_now_reads_the_new_words(cast: Cast, quiz: Stage, coordinator: FlaskClient) -> None:
    done = take(*quiz, right=True)
    with transaction():
        running = start_attempt(*quiz, actor=cast.participant, at=now())
    before = version_of("an-01")
    answer = send(coordinator, "an-01", prompt=PROMPT, answers_1_feedback="Dort endet er.")
    assert answer.status_code == 302
    after = version_of("an-01")
    assert (after.number, after.created_by_id) == (2, cast.coordinator.id)
    assert after.definition["answers"] == [
        {"text": "Mit dem ersten Schritt", "correct": True},
        {"text": "Mit dem letzten Schritt", "feedback": "Dort endet er."},
    ]
    assert {one.id for one in list_pool(quiz[0]) if one.key == "an-01"} == {after.id}
    for attempt in (done, running):
        drawn = [slot.item_version_id for slot in get_state(attempt).slots]
        assert before.id in drawn
        assert after.id not in drawn
    participant = signed_in(coordinator.application, cast.participant)
    assert "Womit beginnt ein Weg?" in participant.get(f"/attempts/{done.id}/result").text
    with transaction():
        answer_all(session.get_one(Attempt, running.id), right=True)
        submit_attempt(session.get_one(Attempt, running.id), actor=cast.participant, at=now())
    assert before.id in [slot.item_version_id for slot in get_state(running).slots], "handed in, it keeps its words"
    assert session.get_one(Attempt, running.id).score_hundredths == 200
    later = take(*quiz, right=True)
    assert after.id in [slot.item_version_id for slot in get_state(later).slots]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "item_reworded")).one()
    assert entry.details == {"key": "an-01", "before": 1, "number": 2}


def test_a_later_repair_reaches_who_read_the_old_words(cast: Cast, quiz: Stage) -> None:
    take(*quiz, right=False)
    with transaction():
        running = start_attempt(*quiz, actor=cast.participant, at=now())
        answer_all(running, right=False)
    reworded(cast, "an-02", prompt="Ein Amt verwaltet mehr als eine Gemeinde.")
    repair(cast, "an-02", Kind.KEY, definition=other_key(version_of("an-02")))
    assert ledger(quiz[1])[-1] == (100, 200, False)
    with transaction():
        submit_attempt(session.get_one(Attempt, running.id), actor=cast.participant, at=now())
    assert session.get_one(Attempt, running.id).score_hundredths == 100


def test_a_repair_taken_back_keeps_the_new_words(cast: Cast, quiz: Stage) -> None:
    attempt = take(*quiz, right=False)
    reworded(cast, "an-02", prompt="Erste Verbesserung.")
    repair(cast, "an-02", Kind.KEY, definition=other_key(version_of("an-02")))
    reworded(cast, "an-02", prompt="Zweite Verbesserung.")
    assert find_standing(version_of("an-02")) is not None
    with transaction():
        old = version_of("an-02")
        new = mended_version(old, Kind.TAKE_BACK)
        repair_item(old, new, Kind.TAKE_BACK, never_lower=False, reason="Doch nicht.", actor=cast.coordinator, at=now())
    newest = version_of("an-02")
    assert (newest.definition["prompt"], newest.definition["correct"]) == ("Zweite Verbesserung.", True)
    assert ledger(quiz[1])[-1] == (0, 200, False)
    assert session.get_one(Attempt, attempt.id).score_hundredths == 0


def test_a_repair_by_an_old_link_finds_the_present_words(cast: Cast, quiz: Stage, coordinator: FlaskClient) -> None:
    old = version_of("an-02")
    new = reworded(cast, "an-02", prompt="Anders gesagt.")
    assert coordinator.get(f"/questions/{old.id}/repair").location.endswith(f"/questions/{new.id}/repair")
    assert "Wortlaut geändert" in coordinator.get(f"/questions/{new.id}/repair").text


def test_nothing_changed_is_no_version(quiz: Stage, coordinator: FlaskClient) -> None:
    before = count_versions()
    answer = send(coordinator, "an-01", prompt="  Womit beginnt ein Weg?\r\n")
    assert answer.status_code == 302
    assert "Es wurde nichts geändert" in coordinator.get(answer.location).text
    assert count_versions() == before


def test_pressing_twice_makes_one_version(quiz: Stage, coordinator: FlaskClient) -> None:
    form = fields(coordinator.get(path_of("an-01")).text) | {"text-prompt": PROMPT, "step": "save"}
    answers = [coordinator.post(path_of("an-01"), data=form) for _twice in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert version_of("an-01").number == 2
    assert "lautet schon so, in Fassung 2" in coordinator.get(answers[1].location).text


def test_the_later_of_two_is_told_and_loses_nothing(cast: Cast, quiz: Stage, coordinator: FlaskClient) -> None:
    reworded(cast, "an-01", prompt="Womit beginnt <wohl> ein Weg?", explanation="Stets mit dem ersten Schritt.")
    told = coordinator.post(path_of("an-01"), data={
        "seen": "1", "step": "save", "text-prompt": PROMPT, "text-explanation": "Mit dem ersten Schritt.",
        "text-answers-0-text": "Mit dem ersten Schritt", "text-answers-1-text": "Mit dem allerletzten Schritt",
        "text-answers-1-feedback": "Das ist das Ende.",
    })  # fmt: skip
    assert told.status_code == 200
    assert "Jemand anderes hat diese Frage inzwischen geändert" in told.text
    assert "&lt;wohl&gt;" in told.text
    assert f"Uhr, {cast.coordinator.full_name}" in told.text
    shown = fields(told.text)
    assert shown["text-prompt"] == PROMPT, "what was typed stays"
    assert shown["text-answers-1-text"] == "Mit dem allerletzten Schritt"
    assert shown["text-explanation"] == "Stets mit dem ersten Schritt.", "what was not touched is what holds now"
    assert (shown["seen"], version_of("an-01").number) == ("2", 2)
    assert coordinator.post(path_of("an-01"), data=shown | {"step": "save"}).status_code == 302
    definition = version_of("an-01").definition
    assert (definition["prompt"], definition["explanation"]) == (PROMPT, "Stets mit dem ersten Schritt.")


def test_other_answers_meanwhile_take_no_text_away(cast: Cast, quiz: Stage, coordinator: FlaskClient) -> None:
    form = fields(coordinator.get(path_of("an-01")).text) | {"text-answers-1-text": "Mit gar nichts", "step": "save"}
    question = {"id": "an-01", "type": "true_false", "prompt": "Neu?", "explanation": "Ja.", "correct": True}
    with transaction():
        take_questions(quiz[0].activity.version.course_id, [question], at=now(), actor=None)
    told = coordinator.post(path_of("an-01"), data=form)
    assert "Das hatten Sie geschrieben" in told.text
    assert "Mit gar nichts" in told.text
    assert fields(told.text)["text-prompt"] == "Neu?"
    assert version_of("an-01").number == 2


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"prompt": " \r\n "}, "Bitte schreiben Sie hier einen Text."),
        ({"explanation": ""}, "Bitte schreiben Sie hier einen Text."),
        ({"prompt": "x" * 20_001}, "Dieser Text hat 20.001 Zeichen. Möglich sind höchstens 20.000."),
        ({"prompt": "Ein\x00 Weg"}, "Steuerzeichen"),
        ({"answers_0_text": "Mit dem letzten Schritt"}, "„Antwort 2“ lautet ebenso"),
    ],
)
def test_a_refused_text_is_said_at_its_field(
    quiz: Stage, coordinator: FlaskClient, texts: dict[str, str], said: str
) -> None:
    answer = send(coordinator, "an-01", **texts, answers_1_feedback="Das bleibt stehen.")
    assert answer.status_code == 200
    assert answer.text.count(said) == 2, "above, and at the field"
    name, text = next(iter(texts.items()))
    shown = fields(answer.text)
    assert shown[f"text-{name.replace('_', '-')}"] == text.replace("\x00", "")
    assert shown["text-answers-1-feedback"] == "Das bleibt stehen."
    assert version_of("an-01").number == 1


def test_an_expired_sign_in_keeps_the_text(app: Flask, cast: Cast, quiz: Stage) -> None:
    with transaction():
        set_password(cast.coordinator, PASSWORD, actor=None, at=now())
    client, path = app.test_client(), path_of("an-01")
    refused = client.post(path, data={"seen": "1", "text-prompt": PROMPT})
    assert refused.status_code == 401
    page = client.get(sign_in_again(client, refused.text, cast.coordinator.email)).text
    assert fields(page)["text-prompt"] == PROMPT
    assert fields(page)["text-explanation"] == "Mit dem ersten Schritt."


def test_the_preview_saves_nothing(quiz: Stage, coordinator: FlaskClient) -> None:
    before = count_versions()
    page = send(coordinator, "an-01", step="preview", prompt="Womit **beginnt** ein Weg?", answers_1_text="Nie")
    assert page.status_code == 200
    assert "Womit <strong>beginnt</strong> ein Weg?" in page.text
    assert "Vorschau: noch nicht gespeichert" in page.text
    assert fields(page.text)["text-answers-1-text"] == "Nie"
    assert count_versions() == before


def test_every_type_is_shown_previewed_and_saved(cast: Cast, coordinator: FlaskClient) -> None:
    with transaction():
        import_course(twelve_types(), actor=cast.coordinator, at=now())
    for number in range(1, 13):
        key = f"t-{number:02}"
        before = version_of(key)
        shown = fields(coordinator.get(path_of(key)).text)
        texts = texts_of(before.type, before.definition)
        assert {name.removeprefix("text-"): text for name, text in shown.items() if name != "seen"} == texts
        typed = shown | {name: f"{text} neu" for name, text in shown.items() if name.startswith("text-")}
        preview = coordinator.post(path_of(key), data=typed | {"step": "preview"})
        assert "Vorschau: noch nicht gespeichert" in preview.text, key
        assert coordinator.post(path_of(key), data=typed | {"step": "save"}).status_code == 302, key
        after = version_of(key)
        assert after.number == 2
        assert texts_of(after.type, after.definition) == {name: f"{text} neu".strip() for name, text in texts.items()}


def test_the_history_compares_and_leads_back(cast: Cast, quiz: Stage, coordinator: FlaskClient) -> None:
    reworded(cast, "an-01", prompt=PROMPT)
    item = path_of("an-01").removesuffix("/wording")
    page = coordinator.get(item).text
    assert "<del>" in page
    assert "entfällt:" in page
    assert "<ins>" in page
    assert cast.coordinator.full_name in page
    assert f"{item}/wording?from=1" in page
    assert f"{item}/wording?from=2" not in page
    again = coordinator.get(f"{item}/wording?from=1").text
    assert fields(again)["text-prompt"] == "Womit beginnt ein Weg?"
    assert coordinator.get(f"{item}/wording?from=9").status_code == 404
    assert coordinator.post(f"{item}/wording?from=1", data=fields(again) | {"step": "save"}).status_code == 302
    first, third = session.scalars(
        select(ItemVersion).where(ItemVersion.item.has(key="an-01"), ItemVersion.number.in_([1, 3]))
    )
    assert first.definition == third.definition


def test_what_came_by_a_file_is_no_earlier_wording(cast: Cast, quiz: Stage, coordinator: FlaskClient) -> None:
    old = version_of("an-01")
    answers = list(reversed(old.definition["answers"]))
    with transaction():
        question = {"id": "an-01", "type": old.type} | old.definition | {"answers": answers}
        take_questions(old.item.course_id, [question], at=now(), actor=None)
    assert "wording?from=" not in coordinator.get(path_of("an-01").removesuffix("/wording")).text
    assert coordinator.get(f"{path_of('an-01')}?from=1").status_code == 404
    assert "behalten sie: Quiz" in coordinator.get(path_of("an-01")).text


def test_who_may(app: Flask, cast: Cast, quiz: Stage, coordinator: FlaskClient) -> None:
    path = path_of("an-01")
    trainer = signed_in(app, cast.trainer)
    assert trainer.get(path).status_code == 404
    assert trainer.post(path, data={"text-prompt": "x"}).status_code == 404
    for person in (cast.participant, cast.auditor):
        assert signed_in(app, person).get(path).status_code == 403
    with transaction():
        session.add(CohortTrainer(cohort=quiz[1].cohort, person=cast.trainer, assigned_at=now()))
    take(*quiz, right=True)
    assert path in trainer.get(path.removesuffix("/wording")).text
    assert send(trainer, "an-01", prompt=PROMPT).status_code == 302
    with transaction():
        session.query(CohortTrainer).filter_by(person_id=cast.trainer.id).delete()
    assert trainer.get(path).status_code == 404


def test_where_others_have_answered_it_is_the_office_that_words(app: Flask, cast: Cast, quiz: Stage) -> None:
    begin = quiz[1].cohort.begin_date
    with transaction():
        create_cohort(quiz[1].cohort.version, slug="zwei", title="Zwei", begin_date=begin, end_date=begin, seats=9,
                      zone="Europe/Berlin", trainers=[cast.trainer], actor=cast.coordinator, at=now())  # fmt: skip
    path, trainer = path_of("an-01"), signed_in(app, cast.trainer)
    assert trainer.get(path).status_code == 200
    take(*quiz, right=True)
    assert trainer.get(path).status_code == 403
    page = trainer.get(path.removesuffix("/wording")).text
    assert "ändert das Programmbüro" in page
    assert path not in page


def test_the_page_takes_a_bounded_number_of_queries(
    cast: Cast, quiz: Stage, coordinator: FlaskClient, count_queries: Any
) -> None:
    item = path_of("an-01").removesuffix("/wording")
    for number in range(2):
        reworded(cast, "an-01", prompt=f"Wortlaut {number}")
    with count_queries() as few:
        coordinator.get(item)
    for number in range(4):
        reworded(cast, "an-01", prompt=f"Wortlaut {number}")
    with count_queries() as many:
        coordinator.get(item)
    assert len(many) <= len(few)
