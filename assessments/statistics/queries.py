"""Reads for statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from assessments.attempts.models import Attempt
from assessments.attempts.queries import list_steps
from assessments.attempts.rules import fold
from assessments.items.interactions.parts import Part
from assessments.items.interactions.registry import get_interaction
from assessments.items.models import ItemVersion
from assessments.items.queries import find_all_present, get_item_versions
from assessments.items.rules import maximum
from assessments.statistics.models import QuizStatistics
from assessments.statistics.rules import (
    MOST_LETTERS,
    Answer,
    ItemFigures,
    add_figures,
    describe_item,
    join_versions,
    seconds_by_slot,
)
from courses.cohorts.models import Enrolment
from lms.db import session


def list_to_count() -> list[int]:
    """Return the attempts that changed since they were counted."""
    return list(session.scalars(select(Attempt.id).where(Attempt.recount.is_(True)).order_by(Attempt.id)))


def get_to_count(attempt_id: int) -> Attempt:
    """Return an attempt as it stands now, with its enrolment."""
    return session.get_one(Attempt, attempt_id, options=[joinedload(Attempt.enrolment)], populate_existing=True)


def is_first(attempt: Attempt) -> bool:
    """Say whether an attempt is a person's first one that counts; later ones would tell of practice, not of questions."""
    earlier = (
        select(Attempt.id)
        .where(
            Attempt.enrolment_id == attempt.enrolment_id,
            Attempt.quiz_id == attempt.quiz_id,
            Attempt.number < attempt.number,
            Attempt.voided_at.is_(None),
        )
        .limit(1)
    )
    return session.scalar(earlier) is None


def list_answers(attempt: Attempt, length: int | None = None) -> tuple[list[Answer], int]:
    """Return what statistics count of a scored attempt, and how many steps of its log were read for that.

    ``length`` reads the log only so far, which gives what was counted back then.
    """
    steps = list_steps(attempt)[:length]
    state, seconds = fold(steps), seconds_by_slot(steps)
    versions = get_item_versions([slot.item_version_id for slot in state.slots])
    answers = []
    for number, slot in enumerate(state.slots):
        version, response = versions[slot.item_version_id], state.responses.get(number)
        interaction = get_interaction(version.type)
        good = response is not None and interaction.check(version.definition, response)
        parts = interaction.analyse(version.definition, response) if response is not None and good else []
        answers.append(
            Answer(version.id, state.scores[number], maximum(version.definition), parts, seconds.get(number, 0))
        )
    return answers, len(steps)


def get_figures(quiz_id: int, cohort_ids: list[int]) -> dict[str, Any]:
    """Return the sums over the first attempts of these cohorts, some queries, with one item for each question.

    Sums are kept by version, so that an attempt can be taken away as it was counted. Repairs and new wordings never move the
    parts of a question, so its versions are added up here: in the newest words, with the points that each attempt has.
    """
    rows = session.scalars(
        select(QuizStatistics).where(QuizStatistics.quiz_id == quiz_id, QuizStatistics.cohort_id.in_(cohort_ids))
    )
    figures = add_figures(row.figures for row in rows)
    present = find_all_present([int(version_id) for version_id in figures["items"]])
    replaced = {before: now for before, now in present.items() if before != now}
    versions = get_item_versions({*replaced, *replaced.values()})
    words = {str(before): _words(versions[before], versions[now]) for before, now in replaced.items()}
    return join_versions(figures, {str(before): str(now) for before, now in present.items()}, words)


def _words(before: ItemVersion, now: ItemVersion) -> dict[str, Part]:
    """Return the parts of a version as they are called now, by the text that they were counted as."""
    parts = [get_interaction(one.type).named_parts(one.definition) for one in (before, now)]
    return {old.text[:MOST_LETTERS]: new for old, new in zip(*parts, strict=True)}


@dataclass(frozen=True)
class QuestionFigures:
    """A question, what its sums say, the answers that nobody chose, and the words for texts that are not the author's."""

    version: ItemVersion
    figures: ItemFigures
    unchosen: list[Part]
    words: dict[str, str]


def list_questions(figures: dict[str, Any]) -> list[QuestionFigures]:
    """Return the questions of some sums, those that should be looked at first."""
    versions = get_item_versions([int(version_id) for version_id in figures["items"]])
    found = []
    for version_id, item in figures["items"].items():
        version = versions[int(version_id)]
        described = describe_item(item)
        chosen = {text for text, _count, _right in described.texts}
        options = get_interaction(version.type).options(version.definition)
        words = {part.text: part.said for part in options if part.said}
        unchosen = [one for one in options if one.text[:MOST_LETTERS] not in chosen]
        found.append(QuestionFigures(version, described, unchosen, words))
    order = {"reversed": 0, "weak": 1, "hard": 2, "easy": 3, None: 4}
    return sorted(found, key=lambda one: (order[one.figures.doubtful], one.version.item.key))


def count_waiting(quiz_id: int, cohort_ids: list[int]) -> int:
    """Return how many attempts at a quiz in these cohorts have not been counted yet."""
    query = (
        select(func.count())
        .select_from(Attempt)
        .join(Attempt.enrolment)
        .where(Attempt.quiz_id == quiz_id, Attempt.recount.is_(True), Enrolment.cohort_id.in_(cohort_ids))
    )
    return session.scalar(query) or 0
