"""Language and theme: kept with the person, or in a cookie before signing in."""

from __future__ import annotations

from pathlib import Path

from babel.support import NullTranslations
from flask import Flask, has_request_context, request
from flask_babel import Babel, get_domain, get_locale
from flask_login import current_user

from lms.preferences.routes import bp
from lms.settings import CONFIG, current_config

LANGUAGES = ("de", "en")
THEMES = ("auto", "light", "dark")
PACKAGES = ("lms", "courses", "assessments", "certificates")
ROOT = Path(__file__).parents[2]


def current_language() -> str:
    """Return the language of this request: the person's choice, the cookie's, the institution's; a command's: the last."""
    if not has_request_context():
        return current_config().language
    chosen = current_user.language if current_user.is_authenticated else request.cookies.get("language")
    return chosen if chosen in LANGUAGES else current_config().language


def current_theme() -> str:
    """Return the theme of this request; ``auto`` follows the system."""
    chosen = current_user.theme if current_user.is_authenticated else request.cookies.get("theme")
    return chosen if chosen in THEMES else "auto"


def _catalogue() -> NullTranslations:
    """Return the messages of this request's language, found by one look where Flask-Babel takes ten."""
    locale = get_locale()
    if locale is None:
        return NullTranslations()
    if locale.language not in _catalogues:
        _catalogues[locale.language] = get_domain().get_translations()
    return _catalogues[locale.language]


_catalogues: dict[str, NullTranslations] = {}


def _gettext(text: str) -> str:
    return _catalogue().gettext(text)


def _ngettext(singular: str, plural: str, number: int) -> str:
    return _catalogue().ngettext(singular, plural, number)


def init_app(app: Flask) -> None:
    """Register the room and the translations of all packages."""
    config = app.extensions[CONFIG]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(str(ROOT / name / "translations") for name in PACKAGES)
    app.config["BABEL_DEFAULT_LOCALE"] = config.language
    app.config["BABEL_DEFAULT_TIMEZONE"] = config.zone
    Babel(app, locale_selector=current_language)
    # A page has a hundred texts and more: looking each of them up is a good part of its time.
    app.jinja_env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]  # of the i18n extension
    app.register_blueprint(bp)
    app.add_template_global(current_language)
    app.add_template_global(current_theme)
