"""A question type is one module, one template and one line in the registry: nothing else knows which types there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assessments.items.interactions.registry import INTERACTIONS
from assessments.items.rules import can_mend
from tests.assessments.items.test_scoring import QUESTIONS

ASSESSMENTS = Path(__file__).parents[3] / "assessments"
#: The exchange translates between these types and other systems' ones, so it names them.
KNOWING = ("items/interactions", "exchange", "translations")
#: A key of a definition is called like the type.
ALSO_KEYS = {"gaps"}


def test_no_other_room_names_a_type() -> None:
    names = "|".join(set(INTERACTIONS) - ALSO_KEYS)
    pattern = re.compile(rf"""["']({names})["']|\.type\s*(==|!=|in\b)""")
    wrong = [
        f"{path.relative_to(ASSESSMENTS)}: {found.group()}"
        for path in [*ASSESSMENTS.rglob("*.py"), *ASSESSMENTS.rglob("*.html")]
        if not str(path.relative_to(ASSESSMENTS)).startswith(KNOWING)
        for found in pattern.finditer(path.read_text("utf-8"))
    ]
    assert wrong == []


@pytest.mark.parametrize("name", INTERACTIONS)
def test_every_type_has_its_template_with_what_it_can(name: str) -> None:
    text = (ASSESSMENTS / "items" / "interactions" / "templates" / "items" / f"_{name}.html").read_text("utf-8")
    macros = set(re.findall(r"{% macro (\w+)\(", text))
    assert {"ask", "review"} <= macros
    assert ("key" in macros) is can_mend(name, QUESTIONS[name])
