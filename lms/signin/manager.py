"""What Flask-Login is told: who is signed in, and what happens when a sign-in or a form has expired."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask import session as cookie
from flask_login import LoginManager
from flask_wtf.csrf import CSRFError

from lms.clock import now
from lms.db import begin_writing, transaction
from lms.errors.answers import wants_json
from lms.people.models import Person
from lms.settings import CONFIG, current_config
from lms.signin import jobs as _jobs  # noqa: F401 - declares its jobs
from lms.signin.actions import note_seen
from lms.signin.queries import use_sign_in
from lms.signin.routes import ask_again
from lms.signin.rules import NOTED_EVERY

log = logging.getLogger(__name__)


def load_person(token: str) -> Person | None:
    """Return who is signed in with this token, if that sign-in has not ended."""
    at = now()
    used = use_sign_in(token, idle=current_config().idle_limit, now=at)
    if used is None or not used.person.is_active:
        return None
    if used.seen_at is None or used.seen_at < at - NOTED_EVERY:
        g.seen_sign_in = used.sign_in_id
        cookie.modified = True
    return used.person


def _note_seen(response: Response) -> Response:
    """Note after the request's own transaction that its sign-in was used; without that the answer is as good."""
    sign_in_id = g.pop("seen_sign_in", None)
    if sign_in_id is not None:
        try:
            with current_app.app_context():  # a session of its own: what the answer still reads stays as it is
                begin_writing()
                with transaction():
                    note_seen(sign_in_id, at=now())
        except Exception:  # the database may be jammed
            log.exception("A sign-in's use could not be noted")
    return response


def init_app(app: Flask) -> None:
    """Register the room, the cookie's settings, and what happens when a sign-in or a form has expired."""
    config = app.extensions[CONFIG]
    public = urlsplit(config.base_url)
    app.config.update(
        # The prefix binds the cookie to this host, where the whole host is ours and spoken to by https.
        SESSION_COOKIE_NAME="__Host-wegmarke" if public.scheme == "https" and public.path in {"", "/"} else "wegmarke",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=public.scheme == "https",
        # The cookie is renewed when it is noted that the sign-in was used, and so lasts longer by how exactly that is noted.
        PERMANENT_SESSION_LIFETIME=config.idle_limit + NOTED_EVERY,
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    manager = LoginManager(app)
    manager.session_protection = None  # sign-ins are rows of our own; a changed address must not end one on a train
    manager.user_loader(load_person)
    manager.unauthorized_handler(_ask_to_sign_in)
    app.register_error_handler(CSRFError, ask_again)
    app.after_request(_note_seen)


def _ask_to_sign_in() -> Any:
    if wants_json():
        abort(401)
    if request.method == "POST":
        return ask_again(None)
    return redirect(url_for("signin.login", next=request.full_path.rstrip("?")))
