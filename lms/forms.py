"""The parent of all forms, and their protection against forged requests."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request
from flask_login import current_user
from flask_wtf import CSRFProtect, FlaskForm
from werkzeug.datastructures import CombinedMultiDict
from wtforms.fields.choices import SelectChoice as SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from lms.kept_forms.actions import find_kept_fields, forget_kept_forms

csrf = CSRFProtect()


class Form(FlaskForm):
    """A form with a token. It posts to the path that shows it, so that a kept text finds its way back.

    When the page is opened with ``?kept=``, the form shows what its person had written before the sign-in expired.
    """

    class Meta(FlaskForm.Meta):
        """Where the values come from."""

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """Return the posted values, or the kept ones on the page that brings them back; ``None`` asks for neither."""
            posted = super().wrap_formdata(form, formdata)
            if posted is not None or formdata is None or not current_user.is_authenticated:
                return posted
            kept = find_kept_fields(current_user)
            if kept is not None:
                g.kept_form_shown = True
                return CombinedMultiDict([kept])
            return None

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Say whether the form was sent and is good; what was kept for it is then no longer needed."""
        good: bool = super().validate_on_submit(extra_validators)
        if good and current_user.is_authenticated:
            forget_kept_forms(current_user, request.path)
        return good


def kept_form_shown() -> bool:
    """Say whether a form of this page shows a kept text."""
    return bool(g.get("kept_form_shown"))


def init_app(app: Flask) -> None:
    """Demand a token with every POST. It lives as long as the sign-in does."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
    app.add_template_global(kept_form_shown)
