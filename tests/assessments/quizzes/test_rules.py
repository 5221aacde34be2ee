"""Quizzes: what is drawn, on what terms for whom, and what is shown when."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.attempts.rules import AttemptReason, may_start
from assessments.quizzes.rules import (
    GRACE,
    Allowance,
    Candidate,
    Options,
    Phase,
    Shown,
    TagDraw,
    Terms,
    Window,
    count_questions,
    draw,
    is_closed,
    personal_times,
    phase,
    read_options,
    shown_in,
    terms_for,
)
from assessments.quizzes.settings import setting_problems
from tests.cast import NOW
from tests.sayings import in_english

HOUR = timedelta(hours=1)
WEEK = Window(NOW - timedelta(days=1), NOW + timedelta(days=1))


def pool_of(count: int, seen: set[int] = frozenset()) -> list[Candidate]:  # type: ignore[assignment]  # not changed
    """Return so many questions; every second one is about law."""
    return [Candidate(n, f"q-{n}", frozenset({"recht"} if n % 2 else {"daten"}), n in seen) for n in range(count)]


@given(st.integers(1, 40), st.sets(st.integers(0, 39)), st.integers(0, 20), st.integers())
def test_a_draw_is_fair_and_prefers_what_is_new(size: int, seen: set[int], count: int, number: int) -> None:
    chosen = draw(pool_of(size, seen), count, Options(), random.Random(number))
    assert len(chosen) == len(set(chosen)) == (min(count, size) if count else size)
    if set(chosen) & seen:
        assert set(range(size)) - seen <= set(chosen)


@given(st.integers(0, 3), st.integers(0, 3), st.integers(0, 4), st.integers())
def test_fixed_questions_and_tags_are_drawn_besides_the_rest(law: int, data: int, rest: int, number: int) -> None:
    options = Options(fixed=("q-0", "q-1"), draws=(TagDraw("recht", law), TagDraw("daten", data)))
    chosen = draw(pool_of(12), rest, options, random.Random(number))
    assert {0, 1} <= set(chosen)
    assert len(chosen) == len(set(chosen)) == 2 + law + data + rest == count_questions(pool_of(12), rest, options)
    assert sum(one % 2 for one in chosen) >= law + 1


TAGGED: list[dict[str, Any]] = [
    {"id": "a", "tags": ["A"]}, {"id": "b", "tags": ["A", "B"]}, {"id": "c", "tags": ["B"]}, {"id": "d"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "number"),
    [
        ({"draws": [{"tag": "A", "count": 1}, {"tag": "B", "count": 2}]}, 3),
        ({"draws": [{"tag": "B", "count": 2}, {"tag": "A", "count": 1}]}, 3),
        ({"draws": [{"tag": "A", "count": 1}, {"tag": "B", "count": 2}], "draw": 1}, 4),
        ({"draws": [{"tag": "A", "count": 2}, {"tag": "B", "count": 2}]}, None),
        ({"fixed": ["b"], "draws": [{"tag": "B", "count": 2}]}, None),
        ({"fixed": ["b"], "draws": [{"tag": "B", "count": 1}]}, 2),
        ({"fixed": ["a", "b"], "draw": 3}, None),
        ({"fixed": ["a", "b"], "draw": 2}, 4),
        ({"fixed": ["a", "b"]}, 2),
    ],
)
def test_everybody_is_asked_as_many_questions(settings: dict[str, Any], number: int | None) -> None:
    """Whichever way the dice fall, also with questions of several tags; what cannot be is said when a course comes in."""
    problems = [said.text for _key, said in setting_problems({"title": "Q"} | settings, TAGGED)]
    if number is None:
        [problem] = problems
        assert "than can be asked at once" in problem
        return
    assert problems == []
    pool = [Candidate(place, str(one["id"]), frozenset(one.get("tags", ())), seen=place == 0) for place, one in enumerate(TAGGED)]
    options, count = read_options(settings), settings.get("draw", 0)
    for dice in range(50):
        chosen = draw(pool, count, options, random.Random(dice))
        assert len(set(chosen)) == len(chosen) == number
        for one in options.draws:
            assert sum(one.tag in pool[place].tags for place in chosen) >= one.count


def test_questions_stay_in_the_authors_order_where_that_is_wanted() -> None:
    for number in range(20):
        chosen = draw(pool_of(10), 6, Options(shuffle_questions=False), random.Random(number))
        assert chosen == sorted(chosen)


@pytest.mark.parametrize(
    ("limit", "window", "allowances", "percent", "expected_limit", "closes_after"),
    [
        (None, Window(), [], 150, None, None),
        (None, WEEK, [], 100, None, timedelta(days=1)),
        (None, WEEK, [Allowance(extra_minutes=5)], 100, None, timedelta(days=1, minutes=5)),
        (600, WEEK, [Allowance(extra_minutes=5)], 100, 900, timedelta(days=1, minutes=5)),
        (600, Window(None, NOW + HOUR), [Allowance(extra_minutes=5)], 150, 1200, timedelta(hours=1, minutes=10)),
        (600, WEEK, [Allowance(extra_minutes=5, closes_at=NOW + timedelta(days=3))], 200, 1500, timedelta(days=3)),
        (600, WEEK, [], 100, 600, timedelta(days=1)),
        (600, WEEK, [], 150, 900, timedelta(days=1, minutes=5)),
        (None, WEEK, [], 150, None, timedelta(days=2)),
        (None, Window(None, NOW + HOUR), [], 150, None, HOUR),
        (600, Window(), [Allowance(extra_minutes=5)], 100, 900, None),
        (600, WEEK, [Allowance(closes_at=NOW + timedelta(days=3))], 100, 600, timedelta(days=3)),
        (600, WEEK, [Allowance(closes_at=NOW)], 100, 600, timedelta(days=1)),
        (600, WEEK, [Allowance(extra_minutes=5, ends_at=NOW)], 100, 600, timedelta(days=1)),
        (600, WEEK, [Allowance(extra_minutes=5), Allowance(extra_minutes=5)], 200, 1800, timedelta(days=1, minutes=20)),
    ],
)  # fmt: skip
def test_terms(
    limit: int | None,
    window: Window,
    allowances: list[Allowance],
    percent: int,
    expected_limit: int | None,
    closes_after: timedelta | None,
) -> None:
    terms = terms_for(3, limit, Options(), window, allowances, percent, NOW)
    assert terms.limit_seconds == expected_limit
    assert terms.closes_at == (NOW + closes_after if closes_after else None)


@pytest.mark.parametrize(
    ("begins", "percent", "later"),
    [(None, 150, timedelta()), (-9 * HOUR, 100, timedelta()), (-9 * HOUR, 150, 5 * HOUR), (HOUR, 150, timedelta()),
     (2 * HOUR, 150, timedelta())],
)  # fmt: skip
def test_a_quiz_without_limit_and_opening_is_open_from_the_cohorts_first_day(
    begins: timedelta | None, percent: int, later: timedelta
) -> None:
    window = Window(None, NOW + HOUR)
    begins_at = None if begins is None else NOW + begins
    _limit, closes = personal_times(None, window, [], percent, begins_at)
    assert closes == NOW + HOUR + later


def test_what_is_other_for_somebody_is_said_in_words() -> None:
    terms = terms_for(3, 600, Options(), WEEK, [Allowance(1, 5), Allowance(1, 0)], 125, NOW)
    assert [one.text for one in terms.extras()] == [
        "time extension of %(percent)s %%", "one more minute for each attempt", "one attempt more",
    ]  # fmt: skip
    assert [one.values for one in terms.extras()] == [{"percent": 25}, {"n": 5}, {"n": 2}]
    assert terms_for(3, 600, Options(), WEEK, [Allowance(1, 5, ends_at=NOW)], 100, NOW).extras() == []


def test_an_attempt_is_due_at_the_end_of_its_time_but_not_after_the_closing() -> None:
    def due_in(limit: int | None, closes: timedelta | None) -> Any:
        return Terms(None, limit, None, NOW + closes if closes else None, timedelta(), 100).due(NOW)

    assert due_in(None, None) is None
    assert due_in(3600, None) == NOW + HOUR
    assert due_in(3600, HOUR / 2) == NOW + HOUR / 2
    assert due_in(None, HOUR) == NOW + HOUR


@pytest.mark.parametrize(
    ("opens", "closes", "taken", "last", "completed", "reason"),
    [
        (None, None, 2, None, False, None),
        (None, None, 3, None, False, AttemptReason.NO_ATTEMPTS_LEFT),
        (HOUR, None, 0, None, False, AttemptReason.NOT_OPEN),
        (-HOUR, HOUR, 0, None, False, None),
        (-HOUR, timedelta(), 0, None, False, AttemptReason.CLOSED),
        (None, None, 1, -timedelta(minutes=29), False, AttemptReason.PAUSE),
        (None, None, 1, -timedelta(minutes=30), False, None),
        (None, None, 0, None, True, AttemptReason.COHORT_COMPLETED),
    ],
)
def test_who_may_start(
    opens: timedelta | None, closes: timedelta | None, taken: int, last: timedelta | None, completed: bool, reason: Any
) -> None:
    terms = Terms(
        3,
        None,
        NOW + opens if opens is not None else None,
        NOW + closes if closes is not None else None,
        timedelta(minutes=30),
        100,
        cohort_completed=completed,
    )
    refusal = may_start(terms, taken, NOW + last if last else None, NOW)
    assert (refusal.reason if refusal else None) is reason


def test_when_somebody_looks() -> None:
    assert phase(None, NOW + HOUR, closed=True) is Phase.DURING
    assert phase(NOW, NOW + timedelta(minutes=30), closed=False) is Phase.AFTER
    assert phase(NOW, NOW + timedelta(minutes=31), closed=False) is Phase.LATER
    assert phase(NOW, NOW, closed=True) is Phase.CLOSED


def test_what_is_in_flight_at_the_closing_comes_before_it() -> None:
    assert not is_closed(None, NOW)
    assert not is_closed(NOW, NOW + GRACE)
    assert is_closed(NOW, NOW + GRACE + timedelta(seconds=1))


def test_what_is_shown() -> None:
    assert shown_in(Options(), Phase.DURING) == set()
    assert shown_in(Options(), Phase.AFTER) == set(Shown)
    options = read_options({"review": {"right_answers": ["closed"], "points": ["during", "after"]}})
    assert shown_in(options, Phase.DURING) == {Shown.POINTS}
    assert Shown.RIGHT_ANSWERS not in shown_in(options, Phase.LATER)
    assert Shown.RIGHT_ANSWERS in shown_in(options, Phase.CLOSED)


def test_settings_are_kept_as_they_were_read() -> None:
    stored = {"fixed": ["a"], "draws": [{"tag": "x", "count": 2}], "shuffle_answers": False, "pause_minutes": 5,
              "review": {"points": ["after"]}}  # fmt: skip
    assert read_options(stored).stored() == stored
    assert read_options({}).stored() == {}


@pytest.mark.parametrize(
    "settings",
    [
        {"fixed": ["nicht-da"]},
        {"fixed": "q-0"},
        {"fixed": ["q-0", "q-0"]},
        {"draws": [{"tag": "recht", "count": 9}]},
        {"draws": [{"tag": "recht"}]},
        {"draws": [{"tag": "recht", "count": True}]},
        {"draws": {"recht": 2}},
        {"shuffle_answers": "yes"},
        {"pause_minutes": -1},
        {"pause_minutes": 1.5},
        {"review": ["points"]},
        {"review": {"all": ["after"]}},
        {"review": {"points": "after"}},
        {"review": {"points": ["sometimes"]}},
    ],
)
def test_bad_settings_are_named(settings: dict[str, Any]) -> None:
    questions = [{"id": f"q-{n}", "tags": ["recht"]} for n in range(3)]
    ((key, problem),) = setting_problems(settings, questions)
    assert key in settings
    assert in_english([problem])
    assert setting_problems({"fixed": ["q-0"], "draws": [{"tag": "recht", "count": 2}]}, questions) == []
