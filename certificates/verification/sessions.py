"""No cookies for verifiers: who looks at a document is nobody's business."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.sessions import SecureCookieSessionInterface

#: By address, not by endpoint: a session is opened before it is known which endpoint a request is for.
PATHS = ("/verify/", "/credentials/", "/.well-known/")
PAGES = {"/verify", "/did.json"}


def is_for_strangers(path: str) -> bool:
    """Say whether an address is one of those without cookies."""
    return path in PAGES or path.startswith(PATHS)


class CookielessSessions(SecureCookieSessionInterface):
    """The pages for verifiers read and set no cookie, whatever the browser sends."""

    def open_session(self, app: Any, request: Any) -> Any:
        """Begin with nothing on these pages."""
        if is_for_strangers(request.path):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Any, session: Any, response: Any) -> None:
        """Save the session on every other page."""
        if not is_for_strangers(request.path):
            super().save_session(app, session, response)
