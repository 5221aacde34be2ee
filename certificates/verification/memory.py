"""Answers about documents, kept for a moment: a certificate that thousands look at costs one rendering a moment.

The pages depend on nothing but their address, since they read no cookie. An answer is kept for two seconds at most; a
revocation shows at once in the process that made it (every event of a certificate empties the memory when it is committed)
and within two seconds in all others. A shared cache in front may keep an answer for as long again.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, current_app
from sqlalchemy import event

from certificates.conferral.models import CertificateEvent
from lms.db import on_commit

MEMORY = "certificates.memory"
SECONDS = 2.0
#: Some 10 KB each.
MOST_ANSWERS = 2000
#: What a route puts on an answer that may be kept here as well.
CACHE_CONTROL = f"public, max-age=0, s-maxage={int(SECONDS)}, must-revalidate"
_PATHS = ("/verify/", "/credentials/status/", "/.well-known/")
_QUERIES = ("", "lang=de", "lang=en")

Headers = list[tuple[str, str]]
Key = tuple[str, str, str, bool]


class Memory:
    """Wraps the application: answers from memory what it just answered."""

    def __init__(self, app: Callable[..., Iterable[bytes]], clock: Callable[[], float] = time.monotonic) -> None:
        """``app`` is asked for what is not remembered."""
        self._app, self._clock = app, clock
        self._kept: dict[Key, tuple[float, Headers, bytes, str]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        path = environ.get("PATH_INFO", "")
        if (
            environ["REQUEST_METHOD"] != "GET"
            or not path.startswith(_PATHS)
            or environ.get("QUERY_STRING", "") not in _QUERIES
        ):
            return self._app(environ, start_response)
        zipped = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
        key = (path, environ.get("QUERY_STRING", ""), environ.get("HTTP_ACCEPT", ""), zipped)
        kept = self._kept.get(key)
        if kept is None or self._clock() >= kept[0]:
            kept = self._ask(key, environ, start_response)
            if isinstance(kept, list):
                return kept
        _until, headers, body, etag = kept
        if etag and etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", [one for one in headers if not one[0].startswith("Content-")])
            return []
        start_response("200 OK", headers)
        return [body]

    def forget(self) -> None:
        """Forget everything."""
        self._kept.clear()

    def _ask(
        self, key: Key, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> tuple[float, Headers, bytes, str] | list[bytes]:
        """Have the application answer; return what is now remembered, or the body of an answer that must not be."""
        until = self._clock() + SECONDS
        told: list[Any] = []
        condition = environ.pop("HTTP_IF_NONE_MATCH", None)
        parts = self._app(environ, lambda *answer: told.extend(answer[:2]))
        try:
            body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close:
                close()
        if condition is not None:
            environ["HTTP_IF_NONE_MATCH"] = condition
        status, headers = told
        said = {name.lower(): value for name, value in headers}
        if not status.startswith("200") or "public" not in said.get("cache-control", "") or "set-cookie" in said:
            start_response(status, headers)
            return [body]
        if key[3] and said.get("content-type", "").startswith(("text/", "application/json")):
            body = gzip.compress(body, 6, mtime=0)
            headers = [
                *(one for one in headers if one[0].lower() != "content-length"),
                ("Content-Length", str(len(body))),
                ("Content-Encoding", "gzip"),
            ]
        if len(self._kept) >= MOST_ANSWERS:
            self._kept.clear()
        etag = said.get("etag", "").removeprefix("W/")
        self._kept[key] = kept = (until, headers, body, etag)
        return kept


@event.listens_for(CertificateEvent, "after_insert")
def _forget_when_committed(*_what: object) -> None:
    memory: Memory | None = current_app.extensions.get(MEMORY)
    if memory is not None:
        on_commit(memory.forget)


def init_app(app: Flask) -> None:
    """Put the memory in front of the application."""
    app.extensions[MEMORY] = memory = Memory(app.wsgi_app)
    app.wsgi_app = memory  # type: ignore[method-assign]  # how Flask documents wrapping
