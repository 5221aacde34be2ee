"""The commands ``lms worker`` and ``lms scheduler``, for installations on several machines."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from lms.jobs.scheduler import run_scheduler
from lms.jobs.worker import run_worker


@click.command()
@with_appcontext
def worker() -> None:
    """Run jobs from the queue."""
    run_worker(current_app._get_current_object())  # type: ignore[attr-defined]  # the proxied application


@click.command()
@with_appcontext
def scheduler() -> None:
    """Enqueue what is due; a second scheduler waits as stand-by."""
    run_scheduler(current_app._get_current_object())  # type: ignore[attr-defined]  # the proxied application
