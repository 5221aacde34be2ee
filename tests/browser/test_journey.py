"""The whole way from the first lesson to a verified certificate, in German, with and without JavaScript."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from certificates.demo.people import PASSWORD
from tests.browser.conftest import Person, Site
from tests.browser.stage import make_stage

pytestmark = pytest.mark.browser

#: The right answers of the small course's quiz, by a part of the prompt.
RIGHT = {"Womit beginnt ein Weg?": "Mit dem ersten Schritt", "Ein Amt verwaltet": "Richtig"}


def set_stage(site: Site, slug: str) -> dict[str, Any]:
    """Make a cohort for one journey."""
    return site.within(make_stage, slug)


def take_quiz(learner: Person) -> None:
    """Answer every question rightly and hand in."""
    page = learner.page
    learner.press("Quiz starten")
    learner.arrives("[data-question='1']")
    for number in range(1, page.locator("[data-step]").count() + 1):
        learner.arrives(f"[data-question='{number}']")
        prompt = page.locator(".question-prompt").inner_text()
        answer = next(text for part, text in RIGHT.items() if part in prompt)
        page.locator(".answer label").get_by_text(answer, exact=True).click()
        page.locator(".quiz-buttons button").first.click()
    learner.press("Abgeben")
    learner.reads("Bestanden")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_first_lesson_to_a_verified_certificate(site: Site, person: Any, javascript: bool) -> None:
    stage = set_stage(site, "reise-mit" if javascript else "reise-ohne")
    learner: Person = person(java_script_enabled=javascript).sign_in(stage["email"], PASSWORD)
    page = learner.page
    learner.reads("Guten Tag, Lena Łęcka")

    # Lessons and quiz, always by the one next step.
    for _step in range(10):
        page.goto("/")
        with page.expect_navigation():
            page.locator("main .card .kern-btn").first.click()
        if "/lessons/" in page.url:
            with page.expect_navigation():
                page.get_by_role("button", name=re.compile("Gelesen|Als gelesen")).first.click()
        elif "/quizzes/" in page.url:
            take_quiz(learner)
        else:
            break
    assert "/assignments/" in page.url

    # The project, handed in as text and file.
    page.fill("#text", "Bedarf: Der Bauhof führt zwei Listen. Maßnahme: eine gemeinsame.")
    page.set_input_files("#files", {"name": "steckbrief.txt", "mimeType": "text/plain", "buffer": b"Vier Seiten."})
    learner.press("^Abgeben$")
    learner.reads("Ihre Arbeit ist abgegeben")

    # The trainer marks attendance and grades.
    trainer: Person = person(java_script_enabled=javascript).sign_in_as("trainer")
    for session_id in stage["sessions"]:
        trainer.page.goto(f"/schedule/{session_id}/attendance")
        trainer.press("Alle anwesend")
        trainer.press("Anwesenheit speichern")
    trainer.page.goto("/grading")
    # Others of that name may wait in other cohorts.
    row = trainer.page.locator("main tr", has_text=f"Reise {'reise-mit' if javascript else 'reise-ohne'}")
    row.get_by_role("link", name="Lena Łęcka").first.click()
    trainer.page.locator(".criterion .answer label").last.click()
    trainer.page.fill("#comment", "Klar beschrieben und gut begründet.")
    trainer.press("Bewertung speichern")
    trainer.page.get_by_text("Die Bewertung für Lena Łęcka ist gespeichert").wait_for()

    # The coordinator completes the teaching and proposes the conferral.
    coordinator: Person = person(java_script_enabled=javascript).sign_in_as("coordinator")
    office = coordinator.page
    office.goto(f"/cohorts/{stage['cohort']}/readiness")
    coordinator.reads("1 Person ist bereit")
    office.goto(f"/cohorts/{stage['cohort']}")
    confirm = office.locator("details.confirm summary", has_text="abschließen")
    confirm.first.click()
    office.locator("details.confirm[open] form button").click()
    office.goto(f"/cohorts/{stage['cohort']}/conferral")
    office.fill("#first_name", "Dr. Henriette Falk")
    office.fill("#first_function", "Leiterin der Programmstelle")
    office.fill("#place", "Potsdam")
    with office.context.expect_page() as preview:  # what would be printed, in a window of its own
        coordinator.press("Vorschau als PDF")
    preview.value.close()
    office.check("#sure")
    coordinator.press("Festschreiben und zur Freigabe vorlegen")
    office.get_by_role("alert").wait_for(state="detached")
    coordinator.reads("Eine zweite Person aus dem Programmbüro muss freigeben")
    proposal = office.url

    # Another one approves, on a small screen and by keyboard alone.
    second: Person = person(java_script_enabled=javascript, viewport={"width": 320, "height": 700})
    second.sign_in_as("second_coordinator")
    page_of_second = second.page
    page_of_second.goto(proposal)
    second.reads("Lena Łęcka")
    page_of_second.locator("#sure").focus()
    page_of_second.keyboard.press("Space")
    page_of_second.keyboard.press("Tab")
    page_of_second.keyboard.press("Enter")
    page_of_second.get_by_text("1 Dokument ist ausgestellt").wait_for()
    assert page_of_second.evaluate("document.documentElement.scrollWidth") <= 320

    # The worker renders; the participant downloads; a stranger verifies.
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        page.goto("/certificates")
        if page.get_by_role("link", name="PDF herunterladen").count():
            break
        time.sleep(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF herunterladen").click()
    pdf = download.value.path().read_bytes()
    assert pdf.startswith(b"%PDF")
    link = page.locator("[data-share] a").first.get_attribute("href") or ""

    stranger: Person = person(java_script_enabled=javascript, viewport={"width": 320, "height": 700})
    stranger.page.goto(link)
    stranger.reads("Gültig")
    stranger.reads("Lena Łęcka")
    assert stranger.context.cookies() == []
    if javascript:
        stranger.page.set_input_files("#file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": pdf})
        stranger.reads("Das ist die unveränderte Originaldatei")
        stranger.page.set_input_files("#file", {"name": "b.pdf", "mimeType": "application/pdf", "buffer": pdf + b" "})
        stranger.reads("Das ist nicht die Originaldatei")
