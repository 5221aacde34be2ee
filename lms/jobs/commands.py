"""The commands ``lms worker`` and ``lms scheduler``, for installations on several machines."""

from __future__ import annotations

import signal
import threading

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
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    run_scheduler(current_app._get_current_object(), stop)  # type: ignore[attr-defined]  # the proxied application
