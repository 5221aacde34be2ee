"""The texts of templates: in the language of the moment, with values that are escaped where that is needed."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

SAID = '{{ _("Good day, %(name)s", name=name) }} {{ _("done") }}'


@pytest.mark.parametrize(("language", "said"), [("de", "Guten Tag, A &amp; B erledigt"), ("en", "Good day, A &amp; B done")])
def test_values_are_escaped_in_a_page(app: Flask, language: str, said: str) -> None:
    with app.test_request_context(), force_locale(language):
        assert app.jinja_env.from_string(SAID).render(name="A & B") == said


def test_a_mails_text_has_them_as_they_are(app: Flask) -> None:
    said = app.jinja_env.overlay(autoescape=False).from_string(SAID)
    with app.test_request_context(), force_locale("en"):
        assert said.render(name="A & B") == "Good day, A & B done"


@pytest.mark.parametrize(("number", "said"), [(1, "1 minute"), (5, "5 minutes")])
def test_a_number_chooses_the_text(app: Flask, number: int, said: str) -> None:
    asked = app.jinja_env.from_string('{{ ngettext("%(num)s minute", "%(num)s minutes", number) }}')
    with app.test_request_context(), force_locale("en"):
        assert asked.render(number=number) == said


def test_a_macro_called_in_a_loop_sees_what_it_is_given(app: Flask) -> None:
    page = (
        "{% macro one(said) %}{{ said }}{{ caller() if caller }};{% endmacro %}"
        "{% for n in (1, 2) %}{{ one(n) }}{% call one(n) %}!{% endcall %}{% endfor %}"
    )
    with app.test_request_context():
        assert app.jinja_env.from_string(page).render() == "1;1!;2;2!;"
