"""What is learnt and by whom: course content, cohorts, enrolment, schedule, attendance, progress."""

from __future__ import annotations

from flask import Flask

from courses.activity_kinds import register_activity_kind
from courses.archive import commands
from courses.archive import routes as archive_routes
from courses.attendance import routes as attendance_routes
from courses.attendance.names import answer_names
from courses.cohorts import routes as cohorts_routes
from courses.content import routes as content_routes
from courses.permissions import CoursePermission
from courses.progress import routes as progress_routes
from courses.schedule import routes as schedule_routes
from courses.schedule.kind import LiveSessionKind
from lms.events import NamesAsked, subscribe
from lms.navigation import register_place
from lms.sentences import N_


def init_app(app: Flask) -> None:
    """Register the package's rooms."""
    register_activity_kind(LiveSessionKind())
    subscribe(NamesAsked, answer_names)
    app.cli.add_command(commands.group)
    rooms = (progress_routes, content_routes, archive_routes, schedule_routes, attendance_routes, cohorts_routes)
    for room in rooms:
        app.register_blueprint(room.bp)
    register_place("progress.dashboard", N_("Overview"), CoursePermission.SEE_START, 10)
    register_place("schedule.list_sessions", N_("Live sessions"), CoursePermission.READ_SCHEDULE, 20)
    register_place("cohorts.list_cohorts", N_("Cohorts"), CoursePermission.READ_COHORT, 30)
