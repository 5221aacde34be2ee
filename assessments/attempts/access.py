"""The door to attempts: one's own, or those of a cohort that one is in charge of."""

from __future__ import annotations

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import contains_eager, joinedload
from werkzeug.exceptions import NotFound

from assessments.attempts.models import Attempt, AttemptFile, AttemptStep
from assessments.attempts.queries import STEP_COLUMNS, read_steps
from assessments.attempts.rules import End, State, fold
from assessments.quizzes.models import Quiz
from courses.cohorts.access import in_charge
from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import Activity
from lms.db import session
from lms.people.models import Person
from lms.permissions import Permission

# Asked with every page of an attempt, and so built once.
_OWN = (
    select(Attempt)
    .join(Attempt.enrolment)
    .join(Enrolment.cohort)
    .options(
        contains_eager(Attempt.enrolment).contains_eager(Enrolment.cohort),
        joinedload(Attempt.quiz).joinedload(Quiz.activity).joinedload(Activity.module),
    )
    .where(
        Attempt.id == bindparam("attempt_id"),
        Enrolment.person_id == bindparam("person_id"),
        Enrolment.withdrawn_at.is_(None),
    )
)


def own_attempt(person: Person, attempt_id: int) -> Attempt:
    """Return the person's own attempt with its quiz and cohort. Raises NotFound otherwise."""
    found = session.scalar(_OWN, {"attempt_id": attempt_id, "person_id": person.id})
    if found is None:
        raise NotFound
    return found


# The row is held until the end of the transaction, as in ``log.lock_state``.
_TO_ANSWER = (
    select(Attempt)
    .join(Attempt.enrolment)
    .where(
        Attempt.id == bindparam("attempt_id"),
        Enrolment.person_id == bindparam("person_id"),
        Enrolment.withdrawn_at.is_(None),
    )
    .with_for_update(of=Attempt)
)


def attempt_to_answer(person_id: int, attempt_id: int) -> Attempt:
    """Return a person's own attempt, held for writing. Raises NotFound otherwise."""
    found = session.scalar(_TO_ANSWER, {"attempt_id": attempt_id, "person_id": person_id})
    if found is None:
        raise NotFound
    return found


# Every saved answer asks this, and so it is one query, of columns.
_ATTEMPT, _STEP, _ENROLMENT = Attempt.__table__.c, AttemptStep.__table__.c, Enrolment.__table__.c
_LOG_TO_ANSWER = (
    select(_ATTEMPT.submitted_at, _ATTEMPT.voided_at, _ATTEMPT.due_at, *STEP_COLUMNS)
    .join_from(Attempt.__table__, Enrolment.__table__, _ENROLMENT.id == _ATTEMPT.enrolment_id)
    .join(AttemptStep.__table__, _STEP.attempt_id == _ATTEMPT.id)
    .where(
        _ATTEMPT.id == bindparam("attempt_id"),
        _ENROLMENT.person_id == bindparam("person_id"),
        _ENROLMENT.withdrawn_at.is_(None),
    )
    .order_by(_STEP.sequence)
    .with_for_update(of=Attempt.__table__)
)


def log_to_answer(person_id: int, attempt_id: int) -> tuple[End, State]:
    """Return what ends a person's own attempt, and where it stands. Raises NotFound otherwise.

    On PostgreSQL the attempt is held for writing, but who waited for it may have read an older log; on SQLite it is held
    where the transaction writes. So what is appended to it is appended by ``log.append_if_next``.
    """
    rows = session.execute(_LOG_TO_ANSWER, {"attempt_id": attempt_id, "person_id": person_id}).all()
    if not rows:
        raise NotFound
    return End(*rows[0][:3]), fold(read_steps(row[3:] for row in rows))


_OWN_QUIZ = (
    select(Quiz, Enrolment)
    .join(Quiz.activity)
    .join(Cohort, Cohort.version_id == Activity.version_id)
    .join(Enrolment, Enrolment.cohort_id == Cohort.id)
    .options(contains_eager(Quiz.activity), contains_eager(Enrolment.cohort))
    .where(
        Quiz.activity_id == bindparam("activity_id"),
        Enrolment.id == bindparam("enrolment_id"),
        Enrolment.person_id == bindparam("person_id"),
        Enrolment.withdrawn_at.is_(None),
    )
)


def own_quiz(person: Person, enrolment_id: int, activity_id: int) -> tuple[Quiz, Enrolment]:
    """Return a quiz of the version that the person's own enrolment is on. Raises NotFound otherwise."""
    return _find_quiz(_OWN_QUIZ, person, enrolment_id, activity_id)


_QUIZ_TO_START = _OWN_QUIZ.with_for_update(key_share=True, of=Enrolment)


def quiz_to_start(person: Person, enrolment_id: int, activity_id: int) -> tuple[Quiz, Enrolment]:
    """Return such a quiz, and the enrolment held (see ``hold_enrolments``). Raises NotFound otherwise."""
    return _find_quiz(_QUIZ_TO_START, person, enrolment_id, activity_id)


def _find_quiz(
    query: Select[Quiz, Enrolment], person: Person, enrolment_id: int, activity_id: int
) -> tuple[Quiz, Enrolment]:
    values = {"activity_id": activity_id, "enrolment_id": enrolment_id, "person_id": person.id}
    found = session.execute(query, values).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def file_for(person: Person, file_id: int, permission: Permission) -> AttemptFile:
    """Return a file of the person's own attempt, or of one in a cohort that they are in charge of. Raises NotFound."""
    query = (
        select(AttemptFile)
        .join(AttemptFile.attempt)
        .join(Attempt.enrolment)
        .join(Enrolment.cohort)
        .where(AttemptFile.id == file_id)
    )
    found = session.scalar(query.where(Enrolment.person_id == person.id))
    if found is None and person.may(permission):
        found = session.scalar(query.where(in_charge(person, permission)))
    if found is None:
        raise NotFound
    return found
