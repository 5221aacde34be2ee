"""Signing in and out."""

from __future__ import annotations

from flask import Flask, redirect, url_for
from flask_login import LoginManager
from sqlalchemy import select
from werkzeug.wrappers import Response

from lms.db import session
from lms.people.models import Person
from lms.signin.actions import hash_token
from lms.signin.models import SignIn


def load_person(token: str) -> Person | None:
    """Return who is signed in with this token, if that sign-in has not ended."""
    sign_in = session.scalar(select(SignIn).where(SignIn.token_hash == hash_token(token), SignIn.ended_at.is_(None)))
    if sign_in is None or not sign_in.person.is_active:
        return None
    return sign_in.person


def init_app(app: Flask) -> None:
    """Register the room."""
    manager = LoginManager(app)
    manager.user_loader(load_person)

    @manager.unauthorized_handler
    def to_sign_in() -> Response:
        return redirect(url_for("signin.login"))
