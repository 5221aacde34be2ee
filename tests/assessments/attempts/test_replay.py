"""Scoring is a function of the log: replayed, however it was written down, it gives what it gave at first."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from assessments.attempts.models import AttemptStep
from assessments.attempts.queries import list_steps
from assessments.attempts.rules import State, Step, StepKind, fold
from assessments.attempts.scoring import score_state
from assessments.items.queries import Wording, get_wordings
from assessments.quizzes.models import Quiz
from certificates.demo.answers import right_response, wrong_response
from courses.cohorts.models import Enrolment
from lms.db import session
from tests.assessments.taking import take
from tests.cast import NOW

CATALOGUE = Path(__file__).parents[3] / "courses" / "catalogue" / "smart-city-manager" / "modules"


@cache
def catalogue() -> dict[int, Wording]:
    """Return every question of the course as the version with its number from 1 on."""
    found: list[dict[str, Any]] = []
    for path in sorted(CATALOGUE.glob("*/questions/*.yaml")):
        found += yaml.safe_load(path.read_text("utf-8"))
    return {
        number: Wording(
            type=question["type"],
            definition={key: value for key, value in question.items() if key not in {"id", "type"}},
        )
        for number, question in enumerate(found, start=1)
    }


@given(st.data())
def test_a_replay_scores_as_the_first_scoring_did(data: st.DataObject) -> None:
    versions = catalogue()
    drawn = data.draw(st.lists(st.sampled_from(sorted(versions)), min_size=1, max_size=10, unique=True))
    log = [Step("started", NOW, payload={"draw": [[number, []] for number in drawn]})]
    choices = st.tuples(st.integers(0, len(drawn) - 1), st.sampled_from(["right", "wrong", "none"]))
    for counter, (slot, how) in enumerate(data.draw(st.lists(choices, max_size=25)), start=1):
        version = versions[drawn[slot]]
        response = None
        if how != "none":
            response = (right_response if how == "right" else wrong_response)(version.type, version.definition)
        log.append(Step("answered", NOW, slot, "phone", counter, {"response": response}))
    first = score_state(fold(log), versions, {})
    assert 0 <= first.given <= first.maximum
    # As the database gives it back, and with everything arriving once more and in another order.
    stored = [replace(step, payload=json.loads(json.dumps(step.payload))) for step in log]
    late = data.draw(st.permutations([*stored[1:], *stored[1:]]))
    for replayed in (stored, [stored[0], *late]):
        assert score_state(fold(replayed), versions, {}) == first
    scored = [*stored, Step("submitted", NOW), Step("scored", NOW, payload=first.payload())]
    assert fold(scored).scores == list(first.scores)
    assert score_state(fold(scored), versions, {}) == first


@pytest.mark.parametrize("right", [True, False])
def test_what_is_stored_replays_to_what_was_scored(quiz: tuple[Quiz, Enrolment], right: bool) -> None:
    attempt = take(*quiz, right=right)
    session.expire_all()
    steps = list_steps(attempt)
    state: State = fold(steps[:-1])
    again = score_state(state, get_wordings([slot.item_version_id for slot in state.slots]), {})
    kept = session.scalars(select(AttemptStep.payload).where(AttemptStep.kind == StepKind.SCORED.value)).one()
    assert kept == again.payload()
    assert (attempt.score_hundredths, attempt.score_maximum_hundredths) == (again.given, again.maximum)
