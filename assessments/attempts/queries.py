"""Reads about attempts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from assessments.attempts.models import Attempt, AttemptStep
from assessments.attempts.rules import GRACE, State, Step, fold
from assessments.items.queries import get_item_versions
from lms.db import session

# Asked with every start and every page of a quiz, and so built once.
_ATTEMPTS = (
    select(Attempt)
    .where(Attempt.enrolment_id == bindparam("enrolment_id"), Attempt.quiz_id == bindparam("quiz_id"))
    .order_by(Attempt.number)
)


def list_attempts(enrolment_id: int, quiz_id: int) -> list[Attempt]:
    """Return a person's attempts at a quiz in their order."""
    return list(session.scalars(_ATTEMPTS, {"enrolment_id": enrolment_id, "quiz_id": quiz_id}))


def list_attempts_by_enrolment(quiz_id: int, enrolment_ids: list[int]) -> dict[int, list[Attempt]]:
    """Return several people's attempts at a quiz in their order, by enrolment."""
    found: dict[int, list[Attempt]] = defaultdict(list)
    query = (
        select(Attempt)
        .where(Attempt.quiz_id == quiz_id, Attempt.enrolment_id.in_(enrolment_ids))
        .order_by(Attempt.number)
    )
    for attempt in session.scalars(query):
        found[attempt.enrolment_id].append(attempt)
    return found


# Read with every saved answer, and so built once.
_STEPS = select(AttemptStep).where(AttemptStep.attempt_id == bindparam("attempt_id")).order_by(AttemptStep.sequence)


def list_steps(attempt: Attempt) -> list[AttemptStep]:
    """Return an attempt's log."""
    return list(session.scalars(_STEPS, {"attempt_id": attempt.id}))


def get_state(attempt: Attempt) -> State:
    """Return where an attempt stands."""
    return fold_steps(list_steps(attempt))


def fold_steps(steps: Sequence[AttemptStep]) -> State:
    """Return the state after these stored steps."""
    return fold(map(as_step, steps))


def as_step(step: AttemptStep) -> Step:
    """Return a stored step as the rules see it."""
    return Step(step.kind, step.at, step.slot, step.device, step.counter, step.payload)


def list_seen_items(enrolment_id: int, quiz_id: int) -> set[int]:
    """Return the items that a person has been asked in earlier attempts at this quiz, in whatever version."""
    payloads = session.scalars(
        select(AttemptStep.payload)
        .join(Attempt, Attempt.id == AttemptStep.attempt_id)
        .where(Attempt.enrolment_id == enrolment_id, Attempt.quiz_id == quiz_id, AttemptStep.sequence == 0)
    )
    drawn = {item_version_id for payload in payloads if payload for item_version_id, _order in payload["draw"]}
    return {version.item_id for version in get_item_versions(drawn).values()}


def list_overdue_attempts(now: datetime, limit: int = 100) -> list[Attempt]:
    """Return attempts whose time is over, grace included, and that nobody has handed in."""
    return list(
        session.scalars(
            select(Attempt)
            .where(Attempt.submitted_at.is_(None), Attempt.voided_at.is_(None), Attempt.due_at < now - GRACE)
            .order_by(Attempt.due_at)
            .limit(limit)
        )
    )
