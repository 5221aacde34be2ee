"""Answers about documents, kept for a moment: a certificate that thousands look at costs one rendering a moment.

The pages depend on nothing but their address, since they read no cookie. An answer is kept for two seconds at most; a
revocation shows at once in the process that made it (every event of a certificate empties the memory when it is committed)
and within two seconds in all others. A shared cache in front may keep an answer for as long again.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

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


class Answer(NamedTuple):
    """An answer as it goes out, and until when it may go out again; an answer with another status than 200 never."""

    until: float
    status: str
    headers: Headers
    body: bytes
    etag: str


class Memory:
    """Wraps the application: answers from memory what it just answered."""

    def __init__(self, app: Callable[..., Iterable[bytes]], clock: Callable[[], float] = time.monotonic) -> None:
        """``app`` is asked for what is not remembered."""
        self._app, self._clock = app, clock
        self._kept: dict[Key, Answer] = {}

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
        answer = self._kept.get(key)
        if answer is None or self._clock() >= answer.until:
            answer = self._ask(key, environ)
        if answer.etag and answer.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", [one for one in answer.headers if not one[0].startswith("Content-")])
            return []
        start_response(answer.status, answer.headers)
        return [answer.body]

    def forget(self) -> None:
        """Forget everything."""
        self._kept.clear()

    def _ask(self, key: Key, environ: dict[str, Any]) -> Answer:
        """Have the application answer, and remember it if that is allowed."""
        until = self._clock() + SECONDS
        told: list[Any] = []
        # The comparison with what the browser has is made here, and what is kept is compressed once.
        asked = {**environ, "HTTP_IF_NONE_MATCH": "", "HTTP_ACCEPT_ENCODING": ""}
        parts = self._app(asked, lambda *answer: told.extend(answer[:2]))
        try:
            body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close:
                close()
        status, headers = told
        said = {name.lower(): value for name, value in headers}
        if not status.startswith("200") or "public" not in said.get("cache-control", "") or "set-cookie" in said:
            return Answer(0, status, headers, body, "")
        if key[3] and said.get("content-type", "").startswith(("text/", "application/json")):
            body = gzip.compress(body, 6, mtime=0)
            headers = [one for one in headers if one[0].lower() != "content-length"]
            headers += [("Content-Length", str(len(body))), ("Content-Encoding", "gzip")]
        if len(self._kept) >= MOST_ANSWERS:
            self._kept.clear()
        self._kept[key] = answer = Answer(until, status, headers, body, said.get("etag", "").removeprefix("W/"))
        return answer


@event.listens_for(CertificateEvent, "after_insert")
def _forget_when_committed(*_what: object) -> None:
    memory: Memory | None = current_app.extensions.get(MEMORY)
    if memory is not None:
        on_commit(memory.forget)


def init_app(app: Flask) -> None:
    """Put the memory in front of the application."""
    app.extensions[MEMORY] = memory = Memory(app.wsgi_app)
    app.wsgi_app = memory  # type: ignore[method-assign]  # how Flask documents wrapping
