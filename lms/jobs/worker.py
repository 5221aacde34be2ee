"""A worker: takes jobs out of the queue and runs them, on any number of machines."""

from __future__ import annotations

import logging
import os
import socket
import threading

from flask import Flask
from huey.consumer import Consumer

from lms.clock import now
from lms.db import transaction
from lms.jobs.actions import beat
from lms.jobs.registry import QUEUE
from lms.settings import CONFIG

log = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 20


def run_worker(app: Flask) -> None:
    """Run jobs until SIGINT or SIGTERM; what is running is finished first."""
    stop = threading.Event()
    threading.Thread(target=_beat_until, args=(app, stop), daemon=True).start()
    threads = app.extensions[CONFIG].worker_threads
    # Huey's own clock stays off: the scheduler is ours. SIGTERM lets the running job finish.
    consumer = Consumer(
        app.extensions[QUEUE].huey, workers=threads, periodic=False, max_delay=1.0, graceful_signal="TERM"
    )
    try:
        consumer.run()
    finally:
        stop.set()


def _beat_until(app: Flask, stop: threading.Event) -> None:
    name = f"worker:{socket.gethostname()}:{os.getpid()}"[:100]
    while not stop.is_set():
        with app.app_context():
            try:
                with transaction():
                    beat(name, at=now())
            except Exception:  # the database may be away for a while
                log.exception("The worker could not give its sign of life")
        stop.wait(HEARTBEAT_SECONDS)
