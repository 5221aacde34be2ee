"""Choosing language and theme."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.permissions import public

bp = Blueprint("preferences", __name__)
CHOICES = {"language": ("de", "en"), "theme": ("auto", "light", "dark")}
YEAR = 365 * 24 * 3600


@bp.post("/preferences")
@public
def choose() -> Response:
    """Take over a choice and go back to the page it was made on."""
    response = redirect(_back())
    for name, possible in CHOICES.items():
        value = request.form.get(name)
        if value not in possible:
            continue
        if current_user.is_authenticated:
            setattr(current_user, name, value)
        response.set_cookie(name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
    return response


def _back() -> str:
    path = request.form.get("back", "/")
    parts = urlsplit(path)
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc else "/"
