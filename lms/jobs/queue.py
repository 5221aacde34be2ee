"""The queue: Huey carries a job's name from where it is due to a worker."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry

from config import Config
from lms.db import transaction
from lms.jobs.actions import forget_faults
from lms.jobs.queries import list_faulty_rows
from lms.jobs.registry import JOBS, QUEUE
from lms.jobs.rows import remember_fault

log = logging.getLogger(__name__)
SECONDS_TO_CONNECT = 2
SECONDS_TO_ANSWER = 5


class Queue:
    """Enqueue jobs, and run them as a worker's consumer does. Nothing is opened before it is first used."""

    def __init__(self, app: Flask, config: Config) -> None:
        """Keep what is needed to open the queue."""
        self._app = app
        self._config = config
        self._task: Any = None

    @cached_property
    def huey(self) -> Huey:
        """The opened queue with its one task."""
        huey = _make_huey(self._config)
        self._task = huey.task(name="run_job")(self.run)
        return huey

    def run(self, name: str) -> None:
        """Run a job now, in this process."""
        with self._app.app_context():
            try:
                JOBS[name].run()
                with transaction():
                    forget_faults(name, list_faulty_rows(name))
            except Exception as error:  # the work is still in its table; the sweep tries again
                log.exception("A job failed", extra={"job": name})
                remember_fault(name, 0, error)

    def enqueue(self, name: str) -> None:
        """Have a worker run this job soon."""
        _ = self.huey  # opens it
        self._task(name)


def init_app(app: Flask, config: Config) -> None:
    """Give the application its queue."""
    app.extensions[QUEUE] = Queue(app, config)


def _make_huey(config: Config) -> Huey:
    url = config.queue_url or config.database_url
    scheme = urlsplit(url).scheme
    if scheme == "postgresql":
        return PostgresHuey("lms", dsn=url, results=False, utc=True)
    if scheme == "redis":
        # Nobody's request waits for a queue that is away: a nudge is given up soon, and the sweep finds its work. A worker's
        # waiting for jobs, one second at a time, stays within the limit.
        pool = ConnectionPool.from_url(
            url, socket_connect_timeout=SECONDS_TO_CONNECT, socket_timeout=SECONDS_TO_ANSWER, retry=Retry(NoBackoff(), 1)
        )
        return RedisHuey("lms", connection_pool=pool, results=False, utc=True)
    return SqliteHuey("lms", filename=str(config.data_dir / "queue.db"), results=False, utc=True)
