"""Keys are mended in a real browser, after attempts were handed in: pressed, by keyboard, and without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest

from certificates.demo.people import PASSWORD
from tests.assessments.taking import hand_in
from tests.browser.axe import complaints
from tests.browser.conftest import Person, Site
from tests.browser.stage_types import make_stage
from tests.browser.test_question_types import NARROW, press_by_keyboard, tab_to

pytestmark = pytest.mark.browser

WRONG = {"hotspot": {"areas": [1]}, "short_text": {"text": "Verbund"}, "numerical": {"text": "20", "unit": "kWh"}}
TURNED = {"matching": {"match": [1, 0]}}


def look(office: Person, name: str) -> None:
    """Keep a picture; the page is accessible and no wider than the window."""
    office.take_picture(f"repair-{name}")
    assert complaints(office) == []
    assert office.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def try_and_apply(office: Person, name: str, points: str) -> None:
    """Look at what would change and do it; the one result then has these points."""
    office.press("Zeigen, was sich ändern würde")
    office.reads("Das würde geschehen")
    assert points in office.page.locator("main table").inner_text()
    look(office, f"{name}-dry-run")
    office.press("Frage jetzt berichtigen")
    office.page.get_by_text("Erledigt.").wait_for()


def test_keys_are_mended_after_attempts_were_handed_in(site: Site, person: Any) -> None:
    stage = site.within(make_stage, "berichtigen", "de", "")
    site.within(hand_in, stage["email"], WRONG)

    office: Person = person(bypass_csp=True).sign_in_as("coordinator")
    page = office.page
    page.goto(stage["repair_hotspot"])
    assert page.locator("[data-hotspot] img").evaluate("image => image.naturalWidth") == 600
    assert page.locator("#key-right-0").is_checked()
    look(office, "picture")
    page.locator("[data-area='1'] circle").click()
    assert page.locator("#key-right-1").is_checked()
    assert "is-chosen" in (page.locator("[data-area='1']").get_attribute("class") or "")
    page.fill("#reason", "Auch die Schule stand zur Wahl.")
    try_and_apply(office, "picture", "1 / 12")
    assert page.locator("#key-right-1").is_checked()

    plain: Person = person(viewport={"width": NARROW, "height": 800}, java_script_enabled=False).sign_in_as("coordinator")
    page = plain.page
    page.goto(stage["repair_short_text"])
    plain.reads("Genau, und zwar kommunal.")
    page.fill("#key-accepted", page.input_value("#key-accepted") + "\nVerbund")
    page.fill("#reason", "Verbund gilt auch.")
    plain.press("Zeigen, was sich ändern würde")
    plain.reads("Das würde geschehen")
    plain.take_picture("repair-text-dry-run")
    plain.press("Frage jetzt berichtigen")
    plain.page.get_by_text("Erledigt.").wait_for()
    plain.reads("Genau, und zwar kommunal.")
    assert page.input_value("#key-accepted").split("\n") == ["Zweckverband", "Amt *", "Verbund"]

    small: Person = person(viewport={"width": NARROW, "height": 800}, bypass_csp=True).sign_in_as("coordinator")
    page = small.page
    page.goto(stage["repair_numerical"])
    press_by_keyboard(small, ".key-new summary")
    tab_to(small, "#key-new-0-value")
    page.keyboard.type("20.000")
    tab_to(small, "#key-new-0-feedback")
    page.keyboard.type("Mit Vorschaltgerät.")
    tab_to(small, "#reason")
    page.keyboard.type("Mit Vorschaltgerät sind es 20.")
    press_by_keyboard(small, "button[value=preview]")
    small.reads("lässt sich auf zwei Arten lesen")
    look(small, "number-refused")
    small.press("lässt sich auf zwei Arten lesen")
    page.locator("#key-new-0-value:focus").fill("20")
    assert page.input_value("#key-new-0-feedback") == "Mit Vorschaltgerät."
    try_and_apply(small, "number", "3 / 12")
    small.reads("Mit Vorschaltgerät.")


def test_a_further_solution_is_added_and_removed(site: Site, person: Any) -> None:
    """By keyboard, without JavaScript and at 320 px."""
    stage = site.within(make_stage, "ebenso", "de", "")
    site.within(hand_in, stage["email"], TURNED)

    small: Person = person(viewport={"width": NARROW, "height": 800}, java_script_enabled=False).sign_in_as("coordinator")
    page, keys = small.page, small.page.keyboard
    page.goto(stage["repair_matching"])
    press_by_keyboard(small, ".key-new summary")
    tab_to(small, "#key-new-0")
    keys.type("b")
    tab_to(small, "#reason")
    keys.type("Umgekehrt gilt es auch.")
    press_by_keyboard(small, "button[value=preview]")
    small.reads("Jeder Text kann nur zu einem anderen passen.")
    small.take_picture("repair-further-refused")
    small.press("Jeder Text kann nur zu einem anderen passen.")
    page.select_option("#key-new-1", label="a")
    small.press("Zeigen, was sich ändern würde")
    small.reads("Das würde geschehen")
    small.reads("1 / 12")
    small.press("Frage jetzt berichtigen")
    page.get_by_text("Erledigt.").wait_for()
    small.reads("Weitere richtige Lösung 1")
    small.take_picture("repair-further")

    learner: Person = person(viewport={"width": NARROW, "height": 800}, bypass_csp=True).sign_in(stage["email"], PASSWORD)
    learner.page.goto(stage["quiz"])
    learner.press("Versuch 1 ansehen")
    learner.reads("Ebenfalls richtig:")
    look(learner, "further-review")

    office: Person = person(bypass_csp=True).sign_in_as("coordinator")
    page = office.page
    for name in ("categorising", "gaps", "hotspot", "ordering"):
        page.goto(stage[f"repair_{name}"])
        for summary in page.locator("details.key-new:not([open]) > summary").all():
            summary.click()
        look(office, f"further-{name}")
    page.goto(stage["repair_matching"])
    page.check("text=Weitere richtige Lösung 1 entfernen")
    page.fill("#reason", "Doch nicht.")
    page.uncheck("#never_lower")
    try_and_apply(office, "further-removed", "0 / 12")
    assert page.locator("[name=key-remove-0]").count() == 0
