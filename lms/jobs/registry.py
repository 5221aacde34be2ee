"""What can be done in the background: declaring jobs and nudging them.

A job is a function without arguments that looks for due work in its table and does it, safe to run twice and beside
itself. The table is the truth. A nudge after the commit makes it fast; the scheduler's sweep finds what a lost nudge
left behind.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from lms.db import on_commit

log = logging.getLogger(__name__)
QUEUE = "lms.queue"


@dataclass(frozen=True)
class Job:
    """A declared job: ``every`` is how often the scheduler sweeps for work that no nudge announced."""

    name: str
    run: Callable[[], object]
    every: timedelta


JOBS: dict[str, Job] = {}


def job(*, every: timedelta) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Declare a function of a ``jobs.py`` as a job under its own name."""

    def declare(function: Callable[[], object]) -> Callable[[], object]:
        name = function.__name__
        if name in JOBS and JOBS[name].run.__module__ != function.__module__:
            raise ValueError(f"Two jobs are named {name}.")
        JOBS[name] = Job(name, function, every)
        return function

    return declare


def nudge(name: str) -> None:
    """Have this job looked at soon after the running transaction is committed; twice in one transaction is once."""
    if name not in JOBS:
        raise KeyError(name)
    on_commit(lambda: _enqueue_after_commit(name), once=f"nudge {name}")


def _enqueue_after_commit(name: str) -> None:
    try:
        enqueue(name)
    except Exception:  # the work is safe in its table, and the sweep will find it
        log.exception("A nudge was lost", extra={"job": name})


def enqueue(name: str) -> None:
    """Put a job into the queue now."""
    current_app.extensions[QUEUE].enqueue(name)
