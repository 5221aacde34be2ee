"""Pages go out compressed: over a weak line the list of a course then takes an eighth of the time.

How long a compressed page is could tell what stands in it, if somebody put guesses into its address again and again
(BREACH). Foreign sites cannot ask in a person's name, since the cookie is SameSite; and each answer carries a file name of
random length (RFC 1952, 2.3.1), which nobody reads, so that a guess would have to be repeated thousands of times.
"""

from __future__ import annotations

import gzip
import io
import secrets

from flask import Flask, Response, request

#: Below that nothing is won.
LEAST_BYTES = 1024
#: 0.1 ms for a page of 32 KB, which becomes 4.1 KB; the highest level saves another tenth for twice the time.
LEVEL = 2
MOST_PADDING = 64
TYPES = frozenset({"text/html", "application/json"})


def init_app(app: Flask) -> None:
    """Compress what browsers show and scripts read, for those who say that they can read it."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.mimetype not in TYPES or response.is_streamed or "Content-Encoding" in response.headers:
            return response
        response.vary.add("Accept-Encoding")
        body = response.get_data()
        if len(body) >= LEAST_BYTES and request.accept_encodings["gzip"]:
            response.set_data(_compressed(body))
            response.headers["Content-Encoding"] = "gzip"
        return response


def _compressed(body: bytes) -> bytes:
    out = io.BytesIO()
    padding = "w" * (1 + secrets.randbelow(MOST_PADDING))
    with gzip.GzipFile(padding, "wb", LEVEL, out, mtime=0) as file:
        file.write(body)
    return out.getvalue()
