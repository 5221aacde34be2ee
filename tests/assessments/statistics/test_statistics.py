"""Statistics: what sums say, and that counting again, in whatever order, gives the same."""

from __future__ import annotations

import random
import statistics
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from assessments.attempts.models import Attempt, AttemptStep
from assessments.attempts.rules import Step
from assessments.items.interactions.parts import Part
from assessments.quizzes.models import Quiz
from assessments.statistics.jobs import count_statistics
from assessments.statistics.models import QuizStatistics
from assessments.statistics.queries import get_figures
from assessments.statistics.rules import (
    OTHERS,
    Answer,
    add_attempt,
    add_figures,
    alpha,
    describe_item,
    mean_maximum,
    seconds_by_slot,
)
from assessments.statistics.views import bars
from assessments.supervision.actions import void_attempt
from courses.cohorts.models import Enrolment
from lms.clock import now
from lms.db import session, transaction
from tests.assessments.taking import take
from tests.cast import NOW, Cast, make_person, signed_in

Stage = tuple[Quiz, Enrolment]


def attempt_with(points: list[int]) -> list[Answer]:
    """Return an attempt at questions of one point each."""
    return [
        Answer(number, given, 100, [Part(f"antwort {given}", given == 100)], 10) for number, given in enumerate(points)
    ]


def figures_of(attempts: list[list[int]]) -> dict[str, Any]:
    """Return the sums over attempts."""
    figures: dict[str, Any] = {}
    for points in attempts:
        figures = add_attempt(figures, attempt_with(points))
    return figures


POINTS = st.lists(st.lists(st.sampled_from([0, 50, 100]), min_size=3, max_size=3), min_size=1, max_size=20)


@given(POINTS, st.randoms(use_true_random=False))
def test_what_is_added_and_taken_away_leaves_no_trace(attempts: list[list[int]], chance: random.Random) -> None:
    figures = figures_of(attempts)
    extra = [chance.choice(attempts) for _ in range(3)]
    for points in extra:
        figures = add_attempt(figures, attempt_with(points))
    for points in chance.sample(extra, 3):
        figures = add_attempt(figures, attempt_with(points), -1)
    assert figures == figures_of(attempts)


@given(POINTS, POINTS)
def test_the_sum_of_two_cohorts_is_what_one_would_have(one: list[list[int]], two: list[list[int]]) -> None:
    assert add_figures([figures_of(one), figures_of(two)]) == figures_of(one + two)


def test_figures_agree_with_the_textbook() -> None:
    chance = random.Random(7)
    attempts = []
    for _ in range(40):
        skill = chance.random()
        attempts.append([100 if chance.random() < skill else 0 for _ in range(5)])
    figures = figures_of(attempts)
    columns = list(zip(*attempts, strict=True))
    totals = [sum(points) for points in attempts]
    expected = 5 / 4 * (1 - sum(map(statistics.pvariance, columns)) / statistics.pvariance(totals))
    assert alpha(figures) == pytest.approx(expected)
    for number, column in enumerate(columns):
        described = describe_item(figures["items"][str(number)])
        rest = [total - own for total, own in zip(totals, column, strict=True)]
        assert described.facility == pytest.approx(statistics.mean(column) / 100)
        assert described.discrimination == pytest.approx(statistics.correlation(column, rest), abs=1e-3)
        assert described.seconds == 10


def test_how_much_could_be_had_on_average() -> None:
    assert mean_maximum({"attempts": 0, "items": {}}) is None
    figures = add_attempt(figures_of([[100, 0, 50]]), [Answer(7, 100, 200, [], 5)])
    assert mean_maximum(figures) == 2.5


def test_a_swapped_key_is_noticed() -> None:
    attempts = [[100, 100, 0] if number % 2 else [0, 0, 100] for number in range(12)]
    assert describe_item(figures_of(attempts)["items"]["2"]).doubtful == "reversed"


def test_nothing_is_said_of_few_or_different_attempts() -> None:
    few = figures_of([[100, 0, 50], [0, 100, 50]])
    assert alpha(few) is None
    assert describe_item(few["items"]["0"]).discrimination is None
    assert describe_item(few["items"]["0"]).doubtful is None
    mixed = figures_of([[100, 0, 50]] * 6 + [[100, 100, 50]] * 6)
    other = add_attempt(mixed, [Answer(9, 100, 100, [], 0)])
    assert alpha(mixed) is not None
    assert alpha(other) is None


def test_free_texts_are_kept_short_and_few() -> None:
    figures: dict[str, Any] = {}
    for number in range(50):
        figures = add_attempt(figures, [Answer(1, 0, 100, [Part(f"{number} " + "x" * 500, False)], 0)])
    texts = figures["items"]["1"]["texts"]
    assert len(texts) == 31
    assert texts[OTHERS] == [20, 0]
    assert max(map(len, texts)) == 120


def test_a_text_is_taken_away_from_where_it_was_counted() -> None:
    chance = random.Random(5)
    figures: dict[str, Any] = {}
    there: list[str] = []
    for _step in range(600):
        if len(there) < 40 or (len(there) < 60 and chance.random() < 0.5):
            there.append(f"text {chance.randrange(36)}")
            figures = add_attempt(figures, [Answer(1, 0, 100, [Part(there[-1], False)], 0)])
        else:
            gone = there.pop(chance.randrange(len(there)))
            figures = add_attempt(figures, [Answer(1, 0, 100, [Part(gone, False)], 0)], -1)
        said = {text: count for text, count, _right in describe_item(figures["items"]["1"]).texts}
        others = said.pop(OTHERS, 0)
        assert said == {text: there.count(text) for text in said}
        assert others == len(there) - sum(said.values())
        assert len(said) <= 30


def test_breaks_are_not_time_on_a_question() -> None:
    offsets = [(0, None), (30, 0), (50, 1), (4000, 1), (4010, 0)]
    steps = [
        Step("answered" if slot is not None else "started", NOW + timedelta(seconds=at), slot) for at, slot in offsets
    ]
    assert seconds_by_slot(steps) == {0: 40, 1: 20}


def test_the_bars_stand_on_the_ground_and_the_tallest_is_full() -> None:
    drawn = bars([0, 1, 4, 0, 0, 0, 0, 0, 2, 8])
    assert all(bar.y + bar.height == pytest.approx(160, abs=0.2) for bar in drawn)
    assert max(bar.height for bar in drawn) == 160
    assert all(left.x + left.width < right.x for left, right in pairwise(drawn))
    assert all(bar.height == 0 for bar in bars([0] * 10))


def test_only_first_attempts_that_count_are_counted_and_each_once(cast: Cast, quiz: Stage) -> None:
    first = take(*quiz, right=False)
    take(*quiz, right=True)
    for _again in range(2):
        count_statistics()
        figures = get_figures(quiz[0].activity_id, [quiz[1].cohort_id])
        assert (figures["attempts"], figures["total"]) == (1, 0)
    with transaction():
        void_attempt(session.get_one(Attempt, first.id), reason="Leitung", actor=cast.coordinator, at=now())
    count_statistics()
    figures = get_figures(quiz[0].activity_id, [quiz[1].cohort_id])
    assert (figures["attempts"], figures["total"]) == (1, 200)
    assert all(item["n"] == 1 for item in figures["items"].values())
    assert session.scalars(select(Attempt).where(Attempt.recount)).all() == []


def test_an_attempt_that_cannot_be_counted_keeps_no_other_waiting(cast: Cast, quiz: Stage) -> None:
    bad = take(*quiz, right=False)
    with transaction():
        other = Enrolment(cohort=quiz[1].cohort, person=cast.other_participant, enrolled_at=NOW)
        session.add(other)
        step = session.scalars(
            select(AttemptStep).where(AttemptStep.attempt_id == bad.id, AttemptStep.kind == "started")
        ).one()
        whole, step.payload = step.payload, {"draw": [[999_999, []]]}  # a version that is not there
    take(quiz[0], other, right=True)
    count_statistics()
    assert session.scalars(select(Attempt.id).where(Attempt.recount)).all() == [bad.id]
    assert get_figures(quiz[0].activity_id, [quiz[1].cohort_id])["total"] == 200
    with transaction():
        session.refresh(step)
        step.payload = whole
    count_statistics()
    assert session.scalars(select(Attempt.id).where(Attempt.recount)).all() == []
    assert get_figures(quiz[0].activity_id, [quiz[1].cohort_id])["attempts"] == 2


def test_the_page_reads_sums_only_and_takes_few_queries(
    app: Flask, cast: Cast, quiz: Stage, count_queries: Any
) -> None:
    with transaction():
        for number in range(12):
            person = make_person("Mit", f"Lernend {number}", email=f"m{number}@example.org")
            session.add(Enrolment(cohort=quiz[1].cohort, person=person, enrolled_at=NOW))
    for number, enrolment in enumerate(
        session.scalars(select(Enrolment).where(Enrolment.cohort_id == quiz[1].cohort_id)).all()
    ):
        take(quiz[0], enrolment, right=number % 3 > 0)
    path = f"/cohorts/{quiz[1].cohort_id}/quizzes/{quiz[0].activity_id}/statistics"
    client = signed_in(app, cast.coordinator)
    assert "Noch keine Zahlen" in client.get(path).text
    count_statistics()
    with count_queries() as seen:
        page = client.get(path).text
    assert len(seen) <= 12
    assert not any("attempt_steps" in query for query in map(str, seen))
    assert "Cronbachs Alpha" in page
    assert "Diese Frage berichtigen" in page
    assert session.scalars(select(QuizStatistics)).one().figures["attempts"] == 13
    assert signed_in(app, cast.participant).get(path).status_code == 403
    assert signed_in(app, cast.trainer).get(path).status_code == 404
