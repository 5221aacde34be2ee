"""The page of all components has all of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lms.frame import routes

TEMPLATES = Path(routes.__file__).parent / "templates" / "frame"
MACROS = re.findall(r"{% macro (\w+)\(", (TEMPLATES / "_components.html").read_text("utf-8"))


@pytest.mark.parametrize("name", MACROS)
def test_every_component_is_shown(name: str) -> None:
    assert re.search(rf"\bui\.{name}\(", (TEMPLATES / "patterns.html").read_text("utf-8"))


@pytest.mark.parametrize(("language", "said"), [("de", "Bitte prüfen Sie diese Angabe."), ("en", "Please check this entry.")])
def test_every_kind_of_field_is_shown_good_and_wrong(
    language: str, said: str, database: object, client: FlaskClient
) -> None:
    client.set_cookie("language", language, domain="127.0.0.1")
    page = client.get("/_patterns").text
    for kind in ("text", "password", "date", "radio", "checkbox", "file"):
        assert len(re.findall(rf'<input[^>]* type="{kind}"', page)) >= 2, kind
    assert page.count("<select") == page.count("<textarea") == 2
    assert page.count(said) == 18, "each of the nine errors stands in the summary and at its field"
    identifiers = re.findall(r' id="([^"]+)"', page)
    assert len(identifiers) == len(set(identifiers))
    described = re.findall(r' aria-describedby="([^"]+)"', page)
    assert len(described) == 18
    assert {name for names in described for name in names.split()} <= set(identifiers)
