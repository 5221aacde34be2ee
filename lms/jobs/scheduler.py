"""The clock of the background work: exactly one process enqueues each declared job at its interval."""

from __future__ import annotations

import fcntl
import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy import text

from lms.clock import now
from lms.db import ENGINE, transaction
from lms.jobs.actions import beat
from lms.jobs.registry import JOBS, enqueue
from lms.settings import CONFIG

log = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 20
STANDBY_SECONDS = 5
# Any number will do, as long as every scheduler uses the same one.
_ADVISORY_LOCK = 72_40_20_13


def run_scheduler(app: Flask) -> None:
    """Enqueue jobs until SIGINT or SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    schedule_until(stop, app)


def schedule_until(stop: threading.Event, app: Flask) -> None:
    """Enqueue jobs until ``stop`` is set. A second scheduler waits here as stand-by until the first one is gone."""
    while not stop.is_set():
        with _only_one(app) as chosen:
            if chosen:
                _schedule(app, stop)
                return
        stop.wait(STANDBY_SECONDS)


def _schedule(app: Flask, stop: threading.Event) -> None:
    clock = BackgroundScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for name, declared in JOBS.items():
        clock.add_job(
            _enqueue, "interval", seconds=declared.every.total_seconds(), args=(app, name), id=name, next_run_time=now()
        )
    clock.start()
    log.info("The scheduler is running", extra={"jobs": sorted(JOBS)})
    try:
        while not stop.is_set():
            _beat(app)
            stop.wait(HEARTBEAT_SECONDS)
    finally:
        clock.shutdown(wait=True)


def _enqueue(app: Flask, name: str) -> None:
    with app.app_context():
        try:
            enqueue(name)
        except Exception:  # the next interval tries again
            log.exception("A job could not be enqueued", extra={"job": name})


def _beat(app: Flask) -> None:
    with app.app_context():
        try:
            with transaction():
                beat("scheduler", at=now())
        except Exception:  # the database may be away for a while; the clock goes on
            log.exception("The scheduler could not give its sign of life")


@contextmanager
def _only_one(app: Flask) -> Iterator[bool]:
    """Yield whether this process is the scheduler: an advisory lock on PostgreSQL, a lock file on SQLite."""
    engine = app.extensions[ENGINE]
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            yield bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _ADVISORY_LOCK}))
        return
    with (app.extensions[CONFIG].data_dir / "scheduler.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
