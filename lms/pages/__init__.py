"""The pages that every public site has, in the operator's words: imprint, data protection, accessibility, easy language."""

from __future__ import annotations

from flask import Flask

from lms.pages.routes import bp


def init_app(app: Flask) -> None:
    """Register the room."""
    app.register_blueprint(bp)
