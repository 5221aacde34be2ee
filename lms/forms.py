"""The parent of all forms, and their protection against forged requests."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect, FlaskForm

csrf = CSRFProtect()


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form with a token. It posts to the path that shows it, so that a kept text finds its way back."""


def init_app(app: Flask) -> None:
    """Demand a token with every POST. It lives as long as the sign-in does."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
