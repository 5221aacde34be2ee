"""Work in the background: declared jobs, the queue, workers and the one scheduler."""

from __future__ import annotations

from flask import Flask

from lms.jobs import queue
from lms.settings import CONFIG


def init_app(app: Flask) -> None:
    """Give the application its queue."""
    queue.init_app(app, app.extensions[CONFIG])
