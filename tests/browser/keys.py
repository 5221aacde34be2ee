"""Look at the keys of questions, as the programme office mends them."""

from __future__ import annotations

from tests.browser.axe import complaints
from tests.browser.conftest import Person


def look_at_keys(office: Person, stage: dict[str, str]) -> list[str]:
    """Open the keys that have more than choices, and return what is wrong with the pages."""
    office.sign_in_as("coordinator")
    found = []
    width = office.page.evaluate("innerWidth")
    for name, percents in (("short_text", ["100", "50"]), ("numerical", ["50", "100"]), ("gaps", ["50", "0"]), ("hotspot", [])):
        office.page.goto(stage[f"repair_{name}"])
        office.take_picture(f"type-17-key-{name}")
        found += [f"key of {name}: {complaint}" for complaint in complaints(office)]
        assert [one.input_value() for one in office.page.locator("input[name*=percent]").all()] == percents
        if (wide := office.page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"key of {name}: {wide} px wide")
    return found
