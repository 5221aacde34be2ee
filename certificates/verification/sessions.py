"""No cookies for verifiers: who looks at a document is nobody's business."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.sessions import SecureCookieSessionInterface

ROOMS = ("verification.", "credentials.")


class CookielessSessions(SecureCookieSessionInterface):
    """The pages for verifiers read and set no cookie, whatever the browser sends."""

    def open_session(self, app: Any, request: Any) -> Any:
        """Begin with nothing on these pages."""
        if (request.endpoint or "").startswith(ROOMS):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Any, session: Any, response: Any) -> None:
        """Save the session on every other page."""
        if not (request.endpoint or "").startswith(ROOMS):
            super().save_session(app, session, response)
