"""The parent of all forms, and their protection against forged requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request
from flask_login import current_user
from flask_wtf import CSRFProtect, FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import FileField, HiddenField
from wtforms.fields.choices import SelectChoice as SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from lms.kept_forms.actions import find_kept_fields, forget_kept_forms, what_is_kept

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
                note_kept_form(form, kept)
                return CombinedMultiDict([kept])
            return None

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Say whether the form was sent and is good; what was kept for it is then no longer needed."""
        good: bool = super().validate_on_submit(extra_validators)
        if good and current_user.is_authenticated:
            forget_kept_forms(current_user, request.path)
        return good


@dataclass(frozen=True)
class KeptFormShown:
    """A kept form that the page shows: the id of its first control, and whether a text and files had been sent."""

    control: str | None
    text: bool
    files: bool


def note_kept_form(form: FlaskForm, kept: MultiDict[str, str]) -> None:
    """Note that a form of this page shows what was kept; of several the first that has a control for it leads."""
    shown = kept_form_shown()
    if shown is None or shown.control is None:
        controls = [field.id for field in form if field.name in kept and not isinstance(field, HiddenField)]
        controls += [field.id for field in form if isinstance(field, FileField)]
        g.kept_form = KeptFormShown(controls[0] if controls else None, *what_is_kept(list(kept.items(multi=True))))


def kept_form_shown() -> KeptFormShown | None:
    """Return what there is to say about the kept form that this page shows, or None."""
    shown: KeptFormShown | None = g.get("kept_form")
    return shown


def init_app(app: Flask) -> None:
    """Demand a token with every POST. It lives as long as the sign-in does."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
    app.add_template_global(kept_form_shown)
