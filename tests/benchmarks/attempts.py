"""Whole attempts of ten questions: over the web as fast as it goes, and what a thousand of them weigh."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from flask import current_app
from sqlalchemy import text

from assessments.attempts.actions import save_response, start_attempt, submit_attempt
from assessments.attempts.queries import get_state
from assessments.items.queries import get_item_versions
from assessments.quizzes.models import Quiz
from certificates.demo.answers import right_response
from courses.cohorts.models import Enrolment
from lms.clock import now
from lms.db import session, transaction
from lms.jobs.registry import QUEUE
from tests.benchmarks.load import Figures, Journey, Request, drive
from wsgi import create_app

QUESTIONS = 10
WEIGHED = 1000
_QUEUE = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname LIKE 'huey_%'"


def run_attempts(
    port: int, server: int, connections: int, people: list[dict[str, Any]], quiz: int, token: str
) -> Figures:
    """Take one whole attempt a person, so many at once; the times are those of whole attempts."""
    return drive(port, server, connections, (_take(person, quiz, token) for person in people))


def _take(person: dict[str, Any], quiz: int, token: str) -> Journey:
    def post(path: str, **fields: str) -> Request:
        return Request(path, person["cookie"], (("csrf_token", token), *fields.items()))

    started = yield post(f"/learn/{person['enrolment']}/quizzes/{quiz}/attempts")
    found = re.search(r"/attempts/(\d+)/", started.header("location"))
    if found is None:
        return True
    failed = False
    for number in range(1, QUESTIONS + 1):
        saved = yield post(f"/attempts/{found[1]}/answers/{number}", answer="0", device="messung", counter=str(number))
        failed = failed or saved.status >= 400
    submitted = yield post(f"/attempts/{found[1]}/submit")
    return failed or submitted.status >= 400


def weigh(quiz_id: int) -> float:
    """Return the megabytes that WEIGHED attempts add to the database, with all that is written beside them."""
    with transaction():
        quiz = session.get_one(Quiz, quiz_id)
        enrolments = session.query(Enrolment).join(Enrolment.cohort).filter_by(slug="messung").all()
    before = _size()
    for number in range(WEIGHED):
        enrolment = enrolments[number % len(enrolments)]
        with transaction():
            attempt = start_attempt(quiz, enrolment, actor=enrolment.person, at=now())
        state = get_state(attempt)
        versions = get_item_versions([slot.item_version_id for slot in state.slots])
        for at, slot in enumerate(state.slots):
            version = versions[slot.item_version_id]
            answer = right_response(version.type, version.definition)
            with transaction():
                save_response(attempt, at, answer, at=now(), device="AAAAAAAAAAAAAAAA", counter=at + 1)
        with transaction():
            submit_attempt(attempt, actor=enrolment.person, at=now())
        current_app.extensions[QUEUE].huey.flush()  # a worker would have taken what waits there
    return (_size() - before) / 1e6


def _size() -> int:
    with transaction():
        if session.connection().dialect.name == "sqlite":
            pages, width = (session.scalar(text(f"PRAGMA {name}")) or 0 for name in ("page_count", "page_size"))
            return int(pages * width)
        # What waits in the queue lies in a file of its own on SQLite, and is gone when a worker has taken it.
        return int(session.scalar(text(f"SELECT pg_database_size(current_database()) - ({_QUEUE})")) or 0)


def main() -> None:
    """Weigh, and print the megabytes as JSON."""
    app = create_app()
    with app.app_context():
        sys.stdout.write(json.dumps({"megabytes": weigh(int(sys.argv[1]))}))


if __name__ == "__main__":
    main()
