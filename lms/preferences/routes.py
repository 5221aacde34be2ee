"""Choosing language and theme."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.addresses import safe_path
from lms.permissions import public

bp = Blueprint("preferences", __name__)
CHOICES = {"language": ("de", "en"), "theme": ("auto", "light", "dark")}
YEAR = 365 * 24 * 3600


@bp.post("/preferences")
@public
def choose() -> Response:
    """Take over a choice and go back to the page it was made on."""
    response = redirect(safe_path(request.form.get("back", "/")))
    for name, possible in CHOICES.items():
        value = request.form.get(name)
        if value not in possible:
            continue
        if current_user.is_authenticated:
            setattr(current_user, name, value)
        response.set_cookie(name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
    return response
