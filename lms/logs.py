"""Structured logs: one JSON object a line, with the id of the request it belongs to."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,40}")


class JsonFormatter(logging.Formatter):
    """Write a record as one line of JSON; what was given as ``extra`` becomes fields of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            line["request_id"] = g.get("request_id")
        line |= {key: value for key, value in vars(record).items() if key not in _STANDARD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def init_app(app: Flask, level: str) -> None:
    """Log to standard error, and give each request an id that stands in its answer, its logs and its audit entries."""
    if not app.config["TESTING"]:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonFormatter())
        logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
        logging.captureWarnings(True)
        for chatty in ("alembic", "huey", "weasyprint", "fontTools", "pyhanko", "apscheduler"):
            logging.getLogger(chatty).setLevel(logging.WARNING)

    @app.before_request
    def give_request_id() -> None:
        offered = request.headers.get("X-Request-Id", "")
        g.request_id = offered if _REQUEST_ID.fullmatch(offered) else secrets.token_urlsafe(12)

    @app.after_request
    def show_request_id(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        return response
