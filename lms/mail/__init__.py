"""Mail: an outbox that leaves with the transaction, and the job that sends it."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from lms.jobs.registry import job


@job(every=timedelta(minutes=1))
def send_due_mails() -> None:
    """Placeholder until the room is built."""


def init_app(app: Flask) -> None:
    """Register the room."""
