"""Errors as programs read them, the same ones everywhere. It knows no page, so that every room can use it."""

from __future__ import annotations

from typing import Any

from flask import Response, g, jsonify, request


def wants_json() -> bool:
    """Say whether the client asked for JSON rather than a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def is_told_as_json() -> bool:
    """Say whether the answer is JSON: it is asked for, or what stands at this address is JSON itself."""
    return wants_json() or request.path.endswith(".json")


def json_error(status: int, code: str, message: str, **more: Any) -> Response:
    """Return an error as JSON: its status, a word for programs, a sentence for people and the request's number."""
    error = {"status": status, "code": code, "message": message, "request_id": g.get("request_id"), **more}
    answer = jsonify(error=error)
    answer.status_code = status
    return answer
