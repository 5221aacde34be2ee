"""The log of an attempt: held, read and appended to. A state is folded from it, and is changed by what is appended."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, exists, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from assessments.attempts.models import Attempt, AttemptStep
from assessments.attempts.queries import get_state, list_attempts
from assessments.attempts.rules import State, Step, StepKind, apply
from assessments.quizzes.models import Quiz
from courses.cohorts.actions import hold_enrolments
from courses.cohorts.models import Enrolment
from lms.db import as_loaded, begin_writing, lock, session

# Written with every saved answer: plain INSERTs, since a step is never looked at again as an object.
_LOG = cast("Table", AttemptStep.__table__)
_STEP = insert(_LOG)
# The same, if nothing has come into the log at this place. PostgreSQL's driver tells how many rows that were only if asked.
_IS_TAKEN = exists().where(_LOG.c.attempt_id == bindparam("attempt_id"), _LOG.c.sequence == bindparam("sequence"))
_VALUES = select(*(bindparam(column.key, type_=column.type) for column in _LOG.c)).where(~_IS_TAKEN)
_STEP_IF_NEXT = insert(_LOG).from_select(_LOG.c.keys(), _VALUES).execution_options(preserve_rowcount=True)

# Nothing is made where the attempt would have another one's number, or another one runs. Who comes while that is being
# committed waits for it on PostgreSQL.
_ATTEMPT = cast("Table", Attempt.__table__)
_MAKE_IF_NEXT = {
    dialect.dialect.name: dialect.insert(_ATTEMPT).on_conflict_do_nothing().returning(*_ATTEMPT.c)
    for dialect in (sqlite, postgresql)
}


def make_attempt_if_next(
    quiz: Quiz, enrolment: Enrolment, *, number: int, at: datetime, due_at: datetime | None
) -> Attempt | None:
    """Make an attempt, whose log is still empty, unless another one runs or has this number."""
    ids = {"quiz_id": quiz.activity_id, "enrolment_id": enrolment.id}
    values: dict[str, Any] = ids | {"number": number, "started_at": at, "due_at": due_at}
    made = session.execute(_MAKE_IF_NEXT[session.get_bind().dialect.name], values).one_or_none()
    return None if made is None else as_loaded(Attempt, made)


def hold_results(attempt: Attempt) -> list[Attempt]:
    """Hold an attempt and what counts of its person's attempts until the transaction ends; return all at this quiz, read anew.

    For whoever changes what counts: of two the second sees what the first has done.
    """
    hold_enrolments(Enrolment.id == attempt.enrolment_id)
    lock(attempt)
    return list_attempts(attempt.enrolment_id, attempt.quiz_id, anew=True)


def lock_state(attempt: Attempt) -> State:
    """Hold the attempt until the transaction ends and return where it stands."""
    lock(attempt)
    return get_state(attempt)


def append_step(
    attempt: Attempt,
    state: State,
    kind: StepKind,
    at: datetime,
    *,
    slot: int | None = None,
    payload: dict[str, Any] | None = None,
) -> None:
    """Append a step to the log of an attempt whose state was read under its lock, and change the state by it."""
    append(attempt.id, state, Step(kind.value, at, slot, payload=payload))


def append(attempt_id: int, state: State, step: Step) -> None:
    """Append such a step as it is."""
    session.execute(_STEP, _row(attempt_id, state, step))
    apply(state, step)


def append_if_next(attempt_id: int, state: State, step: Step) -> bool:
    """Append a step and change the state by it, unless the log has gone on since the state was read; say which.

    Whatever changes an attempt appends a step, so that a log as long as the state says is the one that was read.
    """
    begin_writing(keep=True)
    if session.execute(_STEP_IF_NEXT, _row(attempt_id, state, step)).rowcount != 1:  # type: ignore[attr-defined]  # an INSERT's result has it
        return False
    apply(state, step)
    return True


def _row(attempt_id: int, state: State, step: Step) -> dict[str, Any]:
    """Return the row of a step that follows; its device is said only where it is another one (see ``read_steps``)."""
    row = {"attempt_id": attempt_id, "sequence": state.length, **vars(step)}
    return row | {"device": ""} if step.device and step.device == state.device else row
