"""How it is tested: item bank, quizzes, attempts, assignments, grading, gradebook."""

from __future__ import annotations

from flask import Flask

from assessments.assignments import routes as assignments
from assessments.assignments.kind import AssignmentKind
from assessments.attempts import jobs as _attempt_jobs  # noqa: F401 - declares its jobs
from assessments.attempts import routes as attempts
from assessments.bank import routes as bank
from assessments.exchange import commands
from assessments.exchange import routes as exchange
from assessments.grading import routes as grading
from assessments.grading.tasks import answer_pages, answer_tasks
from assessments.items import rendering as items
from assessments.marking import routes as marking
from assessments.permissions import AssessmentPermission
from assessments.quizzes import jobs as _quiz_jobs  # noqa: F401 - declares its jobs
from assessments.quizzes import routes as quizzes
from assessments.quizzes.kind import QuizKind
from assessments.receipts import jobs as _receipt_jobs  # noqa: F401 - declares its jobs
from assessments.receipts import routes as receipts
from assessments.repair import routes as repair
from assessments.statistics import jobs as _statistics_jobs  # noqa: F401 - declares its jobs
from assessments.statistics import routes as statistics
from assessments.supervision import routes as supervision
from assessments.time_factors import routes as time_factors
from assessments.wording import routes as wording
from assessments.wording.archive import answer_archive
from courses.activity_kinds import register_activity_kind
from courses.events import ArchiveAsked, CohortPagesAsked, TasksAsked
from lms.events import subscribe
from lms.navigation import register_place
from lms.sentences import N_


def init_app(app: Flask) -> None:
    """Register the package's rooms and activity kinds."""
    register_activity_kind(QuizKind())
    register_activity_kind(AssignmentKind())
    subscribe(TasksAsked, answer_tasks)
    subscribe(ArchiveAsked, answer_archive)
    subscribe(CohortPagesAsked, answer_pages)
    app.cli.add_command(commands.group)
    register_place("grading.queue", N_("To grade"), AssessmentPermission.GRADE, 40)
    register_place("bank.courses", N_("Questions"), AssessmentPermission.READ_BANK, 60)
    for room in (
        items, attempts, assignments, bank, exchange, grading, marking, repair, quizzes, receipts, statistics, supervision,
        time_factors, wording,
    ):  # fmt: skip
        app.register_blueprint(room.bp)
