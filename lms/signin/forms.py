"""Signing in and setting a password."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField
from wtforms.validators import Email, InputRequired, Length

from lms.forms import Form
from lms.signin.rules import MIN_LENGTH


class LoginForm(Form):
    """E-mail address and password."""

    email = EmailField(
        _l("E-mail address"),
        [InputRequired(_l("Please enter your e-mail address."))],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Please enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )


class ResetRequestForm(Form):
    """Where to send the link to."""

    email = EmailField(
        _l("E-mail address"),
        [
            InputRequired(_l("Please enter your e-mail address.")),
            Email(_l("Please enter a whole e-mail address.")),
            Length(max=254),
        ],
        render_kw={"autocomplete": "username"},
    )


class NewPasswordForm(Form):
    """A new password; its rules are checked by the action, so that every way in has the same ones."""

    password = PasswordField(
        _l("New password (%(least)s characters or more)", least=MIN_LENGTH),
        [InputRequired(_l("Please choose a password."))],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    current = PasswordField(
        _l("Present password"),
        [InputRequired(_l("Please enter your present password."))],
        render_kw={"autocomplete": "current-password"},
    )
