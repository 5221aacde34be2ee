"""What Flask-Login is told: who is signed in, and what happens when a sign-in or a form has expired."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, redirect, request, url_for
from flask_login import LoginManager
from flask_wtf.csrf import CSRFError

from lms.clock import now
from lms.people.models import Person
from lms.settings import CONFIG
from lms.signin import jobs as _jobs  # noqa: F401 - declares its jobs
from lms.signin.queries import find_sign_in
from lms.signin.routes import ask_again, wants_json

LONGEST_SIGN_IN = timedelta(days=30)


def load_person(token: str) -> Person | None:
    """Return who is signed in with this token, if that sign-in has not ended."""
    sign_in = find_sign_in(token)
    if sign_in is None or not sign_in.person.is_active or sign_in.started_at < now() - LONGEST_SIGN_IN:
        return None
    return sign_in.person


def init_app(app: Flask) -> None:
    """Register the room, the cookie's settings, and what happens when a sign-in or a form has expired."""
    config = app.extensions[CONFIG]
    app.config.update(
        SESSION_COOKIE_NAME="wegmarke",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=urlsplit(config.base_url).scheme == "https",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=config.session_hours),
    )
    manager = LoginManager(app)
    manager.session_protection = None  # sign-ins are rows of our own; a changed address must not end one on a train
    manager.user_loader(load_person)
    manager.unauthorized_handler(_ask_to_sign_in)
    app.register_error_handler(CSRFError, ask_again)


def _ask_to_sign_in() -> Any:
    if wants_json():
        abort(401)
    if request.method == "POST":
        return ask_again(None)
    return redirect(url_for("signin.login", next=request.full_path.rstrip("?")))
