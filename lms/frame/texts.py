"""The texts of templates, and how templates call: a page does both some hundred times, so that it shows in its time."""

from __future__ import annotations

from functools import lru_cache
from types import FunctionType
from typing import Any

from babel.support import NullTranslations
from flask import Flask
from flask_babel import get_domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from markupsafe import Markup


class PageContext(Context):
    """What a template sees, calling macros and plain functions as Jinja does, but without looking for what they are not."""

    def call(self, called: Any, /, *args: Any, **values: Any) -> Any:
        """Call what a template calls, with the values that a compiled template adds for those that want a context."""
        if type(called) is Macro or called is gettext or called is ngettext:
            args = (self.eval_ctx, *args)
        elif type(called) is not FunctionType or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *args, **values)
        values.pop("_loop_vars", None)
        values.pop("_block_vars", None)
        return called(*args, **values)


@pass_eval_context
def gettext(context: EvalContext, text: str, /, **values: Any) -> str:
    """Return a text in the language of the page, with its values, which are escaped where the template is HTML."""
    language = _language()
    if not context.autoescape:
        return str(_template(language, text)) % values
    return _template(language, text) % values if values else _text(language, text)


@pass_eval_context
def ngettext(context: EvalContext, singular: str, plural: str, number: int, /, **values: Any) -> str:
    """Return one of two texts, by a number that is among the values as ``num``."""
    found = _catalogue(_language()).ngettext(singular, plural, number)
    return (Markup(found) if context.autoescape else found) % {"num": number, **values}  # noqa: S704 - our own texts


@lru_cache(maxsize=4096)
def _text(language: str, text: str) -> Markup:
    return _template(language, text) % {}


@lru_cache(maxsize=4096)
def _template(language: str, text: str) -> Markup:
    return Markup(_catalogue(language).gettext(text))  # noqa: S704 - our own texts


@lru_cache
def _catalogue(language: str) -> NullTranslations:
    """Return the messages of the language, which is the running one: found by one look where Flask-Babel takes ten."""
    found: NullTranslations = get_domain().get_translations()
    return found


def _language() -> str:
    locale = get_locale()
    return locale.language if locale is not None else ""


def init_app(app: Flask) -> None:
    """Give the texts to all templates."""
    app.jinja_env.globals.update({"_": gettext, "gettext": gettext, "ngettext": ngettext})
    app.jinja_env.context_class = PageContext
