"""What sentences say: in English, as commands have it, and in German, as pages show it. Needs no database."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from flask import Flask
from flask_babel import Babel

from lms.frame.filters import say
from lms.preferences.choices import PACKAGES, ROOT
from lms.sentences import Sentence, plain_sentence


@cache
def _speaking_german() -> Flask:
    app = Flask(__name__)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(str(ROOT / name / "translations") for name in PACKAGES)
    Babel(app, default_locale="de")
    return app


def in_german(said: Sentence) -> str:
    """Return a sentence as a German page shows it."""
    with _speaking_german().app_context():
        return say(said)


def in_english(found: Iterable[Sentence]) -> list[str]:
    """Return sentences in English, each of which has German of its own."""
    said = list(found)
    for one in said:
        german = in_german(one)
        assert german != plain_sentence(one)
        assert "%(" not in german
    return [plain_sentence(one) for one in said]
