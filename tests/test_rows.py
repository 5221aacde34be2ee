"""Having a permission is not enough for a row: every route with one, times those whose row it is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from assessments.assignments.actions import save_draft, submit_assignment
from assessments.assignments.models import Assignment
from assessments.attempts.models import AttemptFile
from assessments.quizzes.actions import grant_exception
from assessments.quizzes.models import Quiz
from assessments.quizzes.rules import Allowance
from assessments.receipts.actions import ask_for_receipt
from assessments.receipts.rules import Contents
from certificates.conferral.actions import confer_cohort
from courses.archive.actions import import_course
from courses.archive.reading import read_archive
from courses.attendance.rules import Status
from courses.cohorts.actions import create_cohort, enrol_person
from courses.progress.actions import complete_lesson
from courses.schedule.actions import plan_live_session
from lms.clock import now
from lms.db import session, transaction
from lms.files.actions import store_file
from lms.permissions import Permission
from lms.signin.models import SignIn
from tests.assessments.taking import take
from tests.cast import Cast, signed_in
from tests.courses.conftest import SMALL_COURSE
from tests.marking import mark_attendance

#: What a rule's parameters mean: a row of ours for each.
Rows = Callable[[Rule], dict[str, str | int]]

#: Routes of the scopes ``self`` and ``cohort`` that show everybody with the permission the same.
SHARED = re.compile(r"content\.(version|glossary|media|page|peer_review_form|plan|survey|preview_lesson)|exchange\.picture")
#: What its own people cannot open in this stage: it waits for a worker, or its time has passed.
WAITS = {"documents.download", "receipts.download", "takeaway.credential", "takeaway.credential_json", "marking.attempt"}


@pytest.fixture
def rows(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Rows:
    """One of everything, of a cohort that ``trainer`` teaches and ``participant`` learns in."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    at = now()
    with transaction():
        version = import_course(read_archive(SMALL_COURSE).files, actor=cast.coordinator, at=at).version
        day = at.date() - timedelta(days=7)
        cohort = create_cohort(version, slug="reihen", title="Reihen", begin_date=day, end_date=day + timedelta(90), seats=5,
                               zone="Europe/Berlin", trainers=[cast.trainer], actor=cast.coordinator, at=at)  # fmt: skip
        mine = enrol_person(cohort, cast.participant, municipality_ags=None, actor=cast.coordinator, at=at)
        live = plan_live_session(cohort, activity=None, title="Reihe", starts_at=at + timedelta(days=1),
                                 ends_at=at + timedelta(days=1, hours=4), ue=4, actor=cast.trainer, at=at)  # fmt: skip
        quiz, project = session.scalars(select(Quiz)).one(), session.scalars(select(Assignment)).one()
        exception = grant_exception(quiz, mine, Allowance(1), reason="Nachteilsausgleich", actor=cast.trainer, at=at)
    attempt = take(quiz, mine, right=False)
    with transaction():
        receipt = ask_for_receipt(attempt, Contents(answers=True, points=True), language="de", actor=cast.participant, at=at)
        stored = store_file(b"%PDF-1.7", at=at)
        handed_in = AttemptFile(attempt_id=attempt.id, slot=0, sha256=stored.sha256, filename="a.pdf",
                                media_type="application/pdf", size=stored.size, uploaded_at=at)  # fmt: skip
        session.add(handed_in)
        save_draft(project, mine, text="Steckbrief", files=[("b.txt", b"Vier Seiten.")], megabytes=1, at=at)
        submission = submit_assignment(project, mine, actor=cast.participant, at=at)
        for lesson in cast.lessons:
            complete_lesson(cast.enrolment, lesson, actor=cast.participant, at=at)
        mark_attendance(cast.live_session, cast.enrolment, Status.PRESENT, actor=cast.trainer, at=at)
        cast.cohort.completed_at = at
        signatories = [{"name": "A", "function": ""}]
        conferral = confer_cohort(cast.cohort, actor=cast.coordinator, at=at, signatories=signatories, place="Potsdam")
        session.flush()

    def values(rule: Rule) -> dict[str, str | int]:
        room = rule.endpoint.partition(".")[0]
        sign_in = session.scalars(select(SignIn.id).where(SignIn.person_id == cast.participant.id)).first()
        known: dict[str, str | int | None] = {
            "sign_in_id": sign_in, "attempt_id": attempt.id, "number": 1, "receipt_id": receipt.id, "cohort_id": cohort.id,
            "file_id": submission.files[0].id if room == "assignments" else handed_in.id, "session_id": live.id,
            "activity_id": project.activity_id if room == "assignments" else quiz.activity_id, "enrolment_id": mine.id,
            "exception_id": exception.id, "submission_id": submission.id, "slug": "aufbruch",
            "certificate_id": conferral.certificates[0].id,
        }  # fmt: skip
        return {name: known[name] or 0 for name in rule.arguments}

    return values


def own_rules(app: Flask) -> list[tuple[Rule, Permission]]:
    """Return the routes to rows of one's own or of one's cohorts, each with its permission."""
    found = []
    for rule in app.url_map.iter_rules():
        permission = getattr(app.view_functions[rule.endpoint], "permission", None)
        if not isinstance(permission, Permission):
            continue
        if rule.arguments and permission.startswith(("self:", "cohort:")) and not SHARED.fullmatch(rule.endpoint):
            found.append((rule, permission))
    return found


@pytest.mark.parametrize("who", ["other_trainer", "other_participant"])
def test_nobody_reaches_the_rows_of_others(app: Flask, cast: Cast, rows: Rows, who: str) -> None:
    signed_in(app, cast.participant)  # whose sign-in is one of the rows
    client = signed_in(app, getattr(cast, who))
    asked = set()
    for rule, permission in own_rules(app):
        with app.test_request_context():
            path = app.url_map.bind("").build(rule.endpoint, rows(rule), method=min(rule.methods or ()))
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            may = getattr(cast, who).may(permission)
            answer = client.open(path, method=method)
            assert answer.status_code == (404 if may else 403), (method, path, answer.status_code)
            asked |= {rule.endpoint} if may else set()
    assert len(asked) > 15


def test_those_whose_rows_they_are_reach_them(app: Flask, cast: Cast, rows: Rows) -> None:
    """Or the test above would pass for paths that nobody reaches."""
    clients = {"cohort": signed_in(app, cast.trainer), "self": signed_in(app, cast.participant)}
    for rule, permission in own_rules(app):
        if "GET" in (rule.methods or set()) and rule.endpoint not in WAITS:
            with app.test_request_context():
                path = app.url_map.bind("").build(rule.endpoint, rows(rule), method="GET")
            answer = clients[permission.partition(":")[0]].get(path)
            assert answer.status_code not in {401, 403, 404, 500}, (path, answer.status_code)
