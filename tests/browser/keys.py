"""Look at the keys of questions, as the programme office mends them."""

from __future__ import annotations

from tests.browser.axe import complaints
from tests.browser.conftest import Person


def look_at_keys(office: Person, stage: dict[str, str]) -> list[str]:
    """Open the keys that have answers with points and feedback of their own, and return what is wrong with the pages."""
    office.sign_in_as("coordinator")
    found = []
    width = office.page.evaluate("innerWidth")
    for name in ("short_text", "numerical", "gaps"):
        office.page.goto(stage[f"repair_{name}"])
        office.take_picture(f"type-17-key-{name}")
        found += [f"key of {name}: {complaint}" for complaint in complaints(office)]
        assert office.page.locator("input[name*=percent]").input_value() == "50"
        if (wide := office.page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"key of {name}: {wide} px wide")
    return found
