"""What is learnt and by whom: course content, cohorts, enrolment, schedule, attendance, progress."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the package's rooms."""
