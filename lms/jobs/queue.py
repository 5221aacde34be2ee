"""The queue: Huey carries a job's name from where it is due to a worker."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey

from config import Config
from lms.jobs.registry import JOBS, QUEUE


class Queue:
    """Enqueue jobs, and run them as a worker's consumer does."""

    def __init__(self, app: Flask, config: Config) -> None:
        self.huey = _make_huey(config)

        @self.huey.task(name="run_job")  # type: ignore[untyped-decorator]  # Huey ships no types
        def run_job(name: str) -> None:
            with app.app_context():
                JOBS[name].run()

        self._task: Any = run_job

    def enqueue(self, name: str) -> None:
        """Have a worker run this job soon."""
        self._task(name)


def _make_huey(config: Config) -> Huey:
    url = config.queue_url or config.database_url
    scheme = urlsplit(url).scheme
    if scheme == "postgresql":
        return PostgresHuey("lms", dsn=url, results=False, utc=True)
    if scheme == "redis":
        return RedisHuey("lms", url=url, results=False, utc=True)
    return SqliteHuey("lms", filename=str(config.data_dir / "queue.db"), results=False, utc=True)


def init_app(app: Flask, config: Config) -> None:
    """Give the application its queue."""
    app.extensions[QUEUE] = Queue(app, config)
