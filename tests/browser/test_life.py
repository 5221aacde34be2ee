"""The life of a document in a browser: corrected, revoked, concealed; on a small screen, by keyboard, and accessible."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from certificates.demo.people import FINISHED, PASSWORD
from tests.browser.axe import complaints
from tests.browser.conftest import Person, Site

pytestmark = pytest.mark.browser


def whole(person: Person) -> None:
    """Be sure that nothing sticks out and that axe has no complaint."""
    width = person.page.viewport_size["width"] if person.page.viewport_size else 0
    assert person.page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints(person) == []


def test_the_correction_chain(site: Site, person: Any) -> None:
    small: dict[str, Any] = {"viewport": {"width": 320, "height": 700}, "bypass_csp": True}
    learner: Person = person(**small).sign_in(FINISHED[1].email, PASSWORD)
    page = learner.page
    page.goto("/certificates")
    old_link = urlsplit(page.locator("[data-share] a").first.get_attribute("href") or "").path
    learner.press("Berichtigen lassen")
    # A request without a word says what is missing, and where.
    page.locator("#text").evaluate("field => field.removeAttribute('required')")
    learner.press("Berichtigung beantragen")
    page.get_by_role("alert").first.wait_for()
    whole(learner)
    page.fill("#text", "Ich heiße jetzt Jan Kowalski-Berg.")
    page.set_input_files("#evidence", {"name": "urkunde.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 x"})
    page.locator("main form button", has_text="Berichtigung beantragen").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Ihr Antrag ist angekommen").wait_for()

    office: Person = person(**small).sign_in_as("coordinator")
    office.page.goto("/")
    office.page.get_by_role("link", name="Eine Berichtigung ist beantragt").last.click()
    office.reads("Ich heiße jetzt Jan Kowalski-Berg.")
    whole(office)
    office.page.fill("#name", "Jan Kowalski-Berg")
    office.page.locator("summary", has_text="Module und Umfang").click()
    office.page.fill("#module_0_title", "Grundlagen und Rollen")
    office.page.locator("summary", has_text="Kurs, Ort").click()
    whole(office)
    office.page.fill("#reason", "Urkunde lag vor.")
    office.press("Änderungen ansehen")
    # Nothing is issued before it was said what becomes of what.
    office.reads("Grundlagen und Rollen")
    whole(office)
    office.press("Noch etwas ändern")
    assert office.page.input_value("#name") == "Jan Kowalski-Berg"
    office.press("Änderungen ansehen")
    office.press("Stattgeben und jetzt ausstellen")
    office.page.get_by_text("ersetzt das bisherige Dokument").wait_for()
    office.reads("Jan Kowalski-Berg")
    whole(office)

    stranger: Person = person(**small)
    stranger.page.goto(old_link)
    stranger.reads("Ersetzt")
    assert stranger.page.locator("main", has_text="Kowalski").count() == 0
    stranger.reads("durch ein berichtigtes ersetzt")
    stranger.press("Zum neueren Dokument")
    stranger.reads("Jan Kowalski-Berg")


def test_revoking_by_keyboard(site: Site, person: Any) -> None:
    office: Person = person(viewport={"width": 320, "height": 700}, bypass_csp=True).sign_in_as("coordinator")
    page = office.page
    page.goto("/issued?q=Petersen")
    page.locator("main table a").first.click()
    link = page.get_by_role("link", name="Öffentliche Seite öffnen").get_attribute("href") or ""
    summary = page.locator("summary", has_text="Widerrufen")
    summary.focus()
    page.keyboard.press("Enter")
    office.reads("Das lässt sich nicht zurücknehmen")
    whole(office)
    page.keyboard.press("Tab")
    page.keyboard.type("Im Probelauf")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("ist widerrufen").first.wait_for()
    office.reads("Im Probelauf")
    whole(office)
    stranger: Person = person(viewport={"width": 320, "height": 700})
    stranger.page.goto(link)
    stranger.reads("Widerrufen")
    assert stranger.page.get_by_text("Im Probelauf").count() == 0


def test_the_public_page_is_switched_without_javascript(site: Site, person: Any) -> None:
    learner: Person = person(java_script_enabled=False).sign_in(FINISHED[3].email, PASSWORD)
    learner.page.goto("/certificates")
    learner.press("Öffentlich nur zeigen, dass es gültig ist")
    learner.page.get_by_text("zeigt jetzt nur noch den Stand des Dokuments").wait_for()
    learner.press("Öffentlich wieder alle Angaben zeigen")
    learner.page.get_by_text("zeigt jetzt wieder jede gedruckte Angabe").wait_for()
