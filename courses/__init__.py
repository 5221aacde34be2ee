"""What is learnt and by whom: course content, cohorts, enrolment, schedule, attendance, progress."""

from __future__ import annotations

from flask import Flask

from courses.activity_kinds import register_activity_kind
from courses.archive import commands
from courses.attendance import routes as attendance
from courses.cohorts import routes as cohorts
from courses.content import routes as content
from courses.progress import routes as progress
from courses.schedule import routes as schedule
from courses.schedule.kind import LiveSessionKind


def init_app(app: Flask) -> None:
    """Register the package's rooms."""
    register_activity_kind(LiveSessionKind())
    app.cli.add_command(commands.group)
    for room in (progress, content, schedule, attendance, cohorts):
        app.register_blueprint(room.bp)
