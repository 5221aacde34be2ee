"""A question in other words, or with another key, is the same question: its figures are one row."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from sqlalchemy import select

from assessments.attempts.models import Attempt
from assessments.items.interactions.registry import get_interaction
from assessments.items.models import ItemVersion
from assessments.items.rules import list_wordings, reword
from assessments.quizzes.models import Quiz
from assessments.repair.actions import mended_version, repair_item
from assessments.repair.rules import Kind
from assessments.statistics.jobs import count_statistics
from assessments.statistics.queries import get_figures, list_questions
from assessments.statistics.rules import alpha
from assessments.supervision.actions import void_attempt
from assessments.wording.actions import reword_item
from courses.cohorts.models import Enrolment
from lms.clock import now
from lms.db import session, transaction
from tests.assessments.items.test_scoring import QUESTIONS
from tests.assessments.taking import take
from tests.cast import NOW, Cast, make_person

Stage = tuple[Quiz, Enrolment]


def newest(key: str) -> ItemVersion:
    """Return the newest version of a question."""
    query = select(ItemVersion).where(ItemVersion.item.has(key=key)).order_by(ItemVersion.number.desc())
    return session.scalars(query).first() or pytest.fail(key)


def take_all(quiz: Stage, names: range) -> list[Attempt]:
    """Let people take the quiz, every third with wrong answers, and return their attempts."""
    with transaction():
        enrolments = [
            Enrolment(cohort=quiz[1].cohort, person=make_person("Mit", f"Lernend {name}", email=f"m{name}@example.org"),
                      enrolled_at=NOW)
            for name in names
        ]  # fmt: skip
        session.add_all(enrolments)
    return [take(quiz[0], one, right=number % 3 > 0) for number, one in enumerate(enrolments)]


def figures_of(quiz: Stage) -> dict[str, Any]:
    """Return the figures of a quiz when all is counted."""
    count_statistics()
    session.expire_all()
    return get_figures(quiz[0].activity_id, [quiz[1].cohort_id])


def test_a_new_wording_goes_on_with_the_figures(cast: Cast, quiz: Stage) -> None:
    attempts = take_all(quiz, range(12))
    before = alpha(figures_of(quiz))
    texts = {"prompt": "Womit fängt ein Weg an?", "answers-0-text": "Mit dem allerersten Schritt"}
    with transaction():
        seen = newest("an-01")
        reword_item(seen.item, texts, seen=seen, actor=cast.coordinator, at=now())
    attempts += take_all(quiz, range(12, 24))
    figures = figures_of(quiz)
    assert before is not None
    assert alpha(figures) == pytest.approx(before)
    found = {one.version.item.key: one for one in list_questions(figures)}
    assert len(found) == len(figures["items"])
    one = found["an-01"]
    assert one.version.definition["prompt"] == "Womit fängt ein Weg an?"
    assert one.figures.n == 24
    assert one.figures.facility == pytest.approx(2 / 3, abs=1e-4)
    assert one.figures.discrimination == pytest.approx(1)
    assert one.figures.texts == [("Mit dem allerersten Schritt", 16, True), ("Mit dem letzten Schritt", 8, False)]
    for number in (1, 13):  # one that was asked the old words, one the new
        with transaction():
            gone = session.get_one(Attempt, attempts[number].id)
            void_attempt(gone, reason="Leitung", actor=cast.coordinator, at=now())
    figures = figures_of(quiz)
    one = next(one for one in list_questions(figures) if one.version.item.key == "an-01")
    assert (figures["attempts"], one.figures.n) == (22, 22)
    assert one.figures.texts == [("Mit dem allerersten Schritt", 14, True), ("Mit dem letzten Schritt", 8, False)]


def test_who_keeps_the_points_of_an_earlier_key_is_counted_with_the_others(cast: Cast, quiz: Stage) -> None:
    take_all(quiz, range(12))
    old = newest("an-02")
    definition = copy.deepcopy(old.definition) | {"correct": not old.definition["correct"]}
    with transaction():
        new = mended_version(old, Kind.KEY, definition)
        _made, run = repair_item(old, new, Kind.KEY, never_lower=True, reason="Falsch.", actor=cast.coordinator, at=now())
    assert run.kept == 8
    figures = figures_of(quiz)
    one = next(one for one in list_questions(figures) if one.version.item.key == "an-02")
    assert (one.version.id, one.figures.n, one.figures.facility) == (new.id, 12, 1)
    assert [(count, right) for _text, count, right in one.figures.texts] == [(8, False), (4, True)], "as the key says now"
    assert alpha(figures) is not None


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_part_is_found_again_in_other_words(name: str) -> None:
    interaction, question = get_interaction(name), QUESTIONS[name]
    texts = {one.name: f"{one.text} neu" for one in list_wordings(name, question) if one.texts.kin}
    before, after = (interaction.named_parts(one) for one in (question, reword(name, question, texts)))
    assert [one.right for one in before] == [one.right for one in after]
    assert len({one.text for one in before}) == len(before)
    assert not texts or all("neu" in one.text for one in after)


@pytest.mark.parametrize(
    ("name", "response", "said"),
    [
        ("matching", {"match": [2, 0]}, [("1 → c", False), ("2 → a", False)]),
        ("ordering", {"places": [0, None, 1]}, [("1. eins", True), ("2. drei", False)]),
        ("categorising", {"categories": [0, None, 1]}, [("a → x", True), ("c → y", True)]),
        ("gaps", {"gaps": {"b": 1}}, [("2. Dorf", True)]),
    ],
)
def test_what_is_chosen_is_among_the_named_parts(name: str, response: dict[str, Any], said: list[tuple[str, bool]]) -> None:
    interaction, question = get_interaction(name), QUESTIONS[name]
    found = interaction.analyse(question, response)
    assert [(one.text, one.right) for one in found] == said
    assert all(one in interaction.named_parts(question) for one in found)
