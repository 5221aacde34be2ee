"""An exception that ends by itself leaves nothing open that cannot be done any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from assessments.quizzes import jobs
from assessments.quizzes.actions import grant_exception
from assessments.quizzes.jobs import end_exceptions
from assessments.quizzes.models import Quiz
from assessments.quizzes.rules import Allowance
from courses.cohorts.models import Enrolment
from courses.progress.models import ProgressFact
from courses.progress.rules import ActivityState
from lms.clock import now
from lms.db import session, transaction
from tests.assessments.supervision.test_supervision import state_of
from tests.assessments.taking import take
from tests.cast import Cast

Stage = tuple[Quiz, Enrolment]


def test_a_quiz_is_failed_again_when_an_exception_has_ended_unused(
    cast: Cast, quiz: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _number in range(3):
        take(*quiz, right=False)
    at, day = now(), timedelta(days=1)
    values: dict[str, Any] = {"reason": "Krank", "actor": cast.coordinator, "at": at}
    with transaction():
        grant_exception(*quiz, Allowance(extra_attempts=1, ends_at=at + day), **values)
    end_exceptions()
    assert state_of(quiz) is ActivityState.BEGUN, "it has not ended yet"
    monkeypatch.setattr(jobs, "now", lambda: at + 2 * day)
    end_exceptions()
    assert state_of(quiz) is ActivityState.FAILED
    count = select(func.count()).select_from(ProgressFact)
    before = session.scalar(count)
    end_exceptions()
    assert session.scalar(count) == before
    with transaction():
        grant_exception(*quiz, Allowance(extra_attempts=1), **values | {"at": at + 2 * day})
    end_exceptions()
    assert state_of(quiz) is ActivityState.BEGUN, "another one goes on"
