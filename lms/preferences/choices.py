"""Language and theme: kept with the person, or in a cookie before signing in."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, has_request_context, request
from flask_babel import Babel
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


def init_app(app: Flask) -> None:
    """Register the room and the translations of all packages."""
    config = app.extensions[CONFIG]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(str(ROOT / name / "translations") for name in PACKAGES)
    app.config["BABEL_DEFAULT_LOCALE"] = config.language
    app.config["BABEL_DEFAULT_TIMEZONE"] = config.zone
    Babel(app, locale_selector=current_language)
    app.register_blueprint(bp)
    app.add_template_global(current_language)
    app.add_template_global(current_theme)
