"""How it is tested: item bank, quizzes, attempts, assignments, grading, gradebook."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the package's rooms."""
