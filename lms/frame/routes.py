"""The page of all components, for developers."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from lms.frame.forms import PatternsForm, wrong_form
from lms.permissions import public
from lms.settings import current_config

bp = Blueprint("frame", __name__, template_folder="templates")


@bp.get("/_patterns")
@public
def patterns() -> str:
    """Every component in its states; only in development and in tests."""
    if current_config().environment == "production":
        abort(404)
    return render_template("frame/patterns.html", form=PatternsForm(formdata=None), wrong=wrong_form())
