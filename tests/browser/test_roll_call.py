"""The roll call on two screens: by keys, and what two people mark at the same time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.axe import complaints
from tests.browser.conftest import Person, Site
from tests.browser.stage import make_stage

pytestmark = pytest.mark.browser

CHOICE = "input[type=radio][value={}]"
SAVED = "1 Eintrag ist gespeichert."


def test_two_colleagues_at_the_same_roll_call(site: Site, person: Any) -> None:
    path = f"/schedule/{site.within(make_stage, 'zwei-listen')['sessions'][0]}/attendance"
    phone: Person = person(viewport={"width": 320, "height": 800}, bypass_csp=True).sign_in_as("coordinator")
    phone.page.goto(path)

    desk: Person = person().sign_in_as("trainer")
    desk.page.goto(path)
    desk.page.keyboard.press("4")
    desk.press("Anwesenheit speichern")
    desk.page.get_by_text(SAVED).wait_for()

    # The page on the phone shows nobody marked. What is chosen there does not take the place of the colleague's mark.
    phone.page.keyboard.press("2")
    phone.page.keyboard.press("2")
    phone.press("Anwesenheit speichern")
    phone.reads("Eine Angabe ist noch nicht gespeichert")
    phone.reads("eingetragen: abwesend")
    assert phone.page.locator(CHOICE.format("partly")).first.is_checked()
    assert phone.page.locator("input[type=number]").first.input_value() == "2"
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 320
    choices = [one.bounding_box() for one in phone.page.locator(".roll-line").first.locator(".roll-choice").all()]
    assert len({box["y"] for box in choices if box}) == 2, "four choices stand two by two"
    assert len({box["width"] for box in choices if box}) == 1
    assert len({box["height"] for box in choices if box}) == 1, "no word is broken"
    phone.take_picture("roll-call-overtaken-320-light")
    assert complaints(phone) == []

    # Saved again, knowingly, it holds; and a number that is missing is asked for at its line.
    phone.page.locator("input[type=number]").first.fill("")
    phone.press("Anwesenheit speichern")
    phone.reads("Bitte tragen Sie ein, wie viele")
    phone.page.locator(".error-list a").first.click()
    phone.page.locator("input[type=number]").first.fill("1")
    phone.press("Anwesenheit speichern")
    phone.page.get_by_text(SAVED).wait_for()
    desk.page.reload()
    assert desk.page.locator(CHOICE.format("partly")).first.is_checked()
