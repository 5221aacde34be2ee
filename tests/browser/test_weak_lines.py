"""A quiz on a weak line: the network goes, the browser goes, the sign-in goes; the answers stay.

The attempt is the participant's, in ``test_interruptions`` the other participant's, and each test has questions of its own:
what one answers is no answer in another, whichever files share a site.
"""

from __future__ import annotations

import re
import sqlite3
import time
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person, Site

pytestmark = pytest.mark.browser


def begin_quiz(person: Any, site: Site, who: str) -> Person:
    """Open a running attempt at its first question, with all questions fetched."""
    learner: Person = person().sign_in_as(who)
    module = site.demo["urls"]["quiz"]
    learner.page.goto(module)
    if who == "other_participant":  # their enrolment is another one
        learner.page.goto("/")
        learner.page.locator("main a[href^='/learn/']").first.click()
        learner.page.locator("main a[href*='/quizzes/']").first.click()
    learner.press("Quiz starten|Noch einmal versuchen|Quiz fortsetzen")
    learner.page.locator("[data-loaded=all]").wait_for(state="attached")
    return learner


def answer(learner: Person, *, otherwise: bool = False) -> None:
    """Answer the shown question somehow, as a person would, whatever its type; ``otherwise`` than without it."""
    form = learner.page.locator("[data-quiz]")
    for radio_group in form.locator(".answers").all():
        (radio_group.locator("label").last if otherwise else radio_group.locator("label").first).click()
    for choice in form.locator("select").all():
        choice.select_option(index=choice.locator("option").count() - 1 if otherwise else 1)
    for text in form.locator("input[type=text]").all():
        text.fill("13" if otherwise else "12")


def saved_answers(site: Site, attempt: str) -> set[int]:
    """Return the slots that the server holds an answer for."""
    with sqlite3.connect(site.data_dir / "lms.db") as database:
        rows = database.execute("SELECT slot FROM attempt_steps WHERE attempt_id = ? AND kind = 'a'", (attempt,))
        return {row[0] for row in rows}


def test_answers_given_without_a_line_arrive_when_it_is_back(site: Site, person: Any) -> None:
    learner = begin_quiz(person, site, "participant")
    page = learner.page
    attempt = page.locator("[data-quiz]").get_attribute("data-attempt") or ""
    answer(learner)
    page.get_by_text("Gespeichert", exact=True).wait_for()
    learner.context.set_offline(True)
    for number in (2, 3, 4):
        page.locator(f"[data-step='{number}']").click()
        page.get_by_role("heading", name=f"Frage {number} von 8").wait_for()
        answer(learner)
        page.get_by_text("Ihre Antwort bleibt auf diesem Gerät").wait_for()
    assert saved_answers(site, attempt) & {1, 2, 3} == set()
    # The summary needs the server: the person stays where the answers are.
    page.get_by_role("button", name="Zur Zusammenfassung").first.click()
    page.get_by_text("Dafür ist eine Verbindung nötig").wait_for()
    page.wait_for_timeout(6_000)  # a try in vain is no news
    assert "Dafür ist eine Verbindung nötig" in page.locator("[data-save-state]").inner_text()
    learner.context.set_offline(False)
    page.get_by_text("Gespeichert", exact=True).wait_for(timeout=15_000)
    assert saved_answers(site, attempt) >= {0, 1, 2, 3}


def test_answers_survive_the_closed_page_and_are_sent_by_the_next_one(site: Site, person: Any) -> None:
    learner = begin_quiz(person, site, "participant")
    page = learner.page
    attempt = page.locator("[data-quiz]").get_attribute("data-attempt") or ""
    page.locator("[data-step='6']").click()
    page.get_by_role("heading", name="Frage 6 von 8").wait_for()
    learner.context.set_offline(True)
    answer(learner)
    page.get_by_text("Ihre Antwort bleibt auf diesem Gerät").wait_for()
    assert 5 not in saved_answers(site, attempt)  # before the page goes: with it goes the emulation of being offline
    page.close(run_before_unload=False)
    learner.context.set_offline(False)
    learner.page = learner.context.new_page()
    learner.page.goto(f"/attempts/{attempt}/questions/6")
    learner.page.get_by_text("Gespeichert", exact=True).wait_for(timeout=15_000)
    assert 5 in saved_answers(site, attempt)


def test_an_ended_sign_in_is_told_and_costs_no_answer(site: Site, person: Any) -> None:
    learner = begin_quiz(person, site, "participant")
    page = learner.page
    attempt = page.locator("[data-quiz]").get_attribute("data-attempt") or ""
    page.locator("[data-step='8']").click()
    page.get_by_role("heading", name="Frage 8 von 8").wait_for()
    learner.context.clear_cookies()
    answer(learner)
    page.get_by_text("Ihre Anmeldung ist abgelaufen").wait_for()
    assert "in einem anderen Tab" in page.locator("[data-save-state]").inner_text(), "the link below says Tab too"
    other = Person.__new__(Person)
    other.site, other.context, other.page, other.foreign = site, learner.context, learner.context.new_page(), []
    other.sign_in_as("participant")
    # The page that was open all the time goes on by itself, with the new sign-in, and at once when it notices.
    told: list[tuple[int, float]] = []
    page.on("response", lambda one: told.append((one.status, time.monotonic())))
    page.get_by_text("Gespeichert", exact=True).wait_for(timeout=20_000)
    refused = [at for status, at in told if status == 400]
    assert len(refused) <= 1
    assert [at for at in refused if told[-1][1] - at > 3] == [], "it does not wait for the next try"
    assert 7 in saved_answers(site, attempt)
    page.locator("[data-step='7']").click()
    page.get_by_role("heading", name="Frage 7 von 8").wait_for()
    answer(learner)
    page.get_by_text("Gespeichert", exact=True).wait_for(timeout=15_000)
    assert 6 in saved_answers(site, attempt)


def turn_to(learner: Person, number: int) -> None:
    """Go to a question of the running attempt."""
    learner.page.locator(f"[data-step='{number}']").click()
    learner.page.get_by_role("heading", name=f"Frage {number} von 8").wait_for()


def test_what_stands_between_cannot_make_an_answer_disappear(site: Site, person: Any) -> None:
    learner = begin_quiz(person, site, "participant")
    page = learner.page
    attempt = page.locator("[data-quiz]").get_attribute("data-attempt") or ""
    turn_to(learner, 5)
    page.route("**/answers/*", lambda route: route.fulfill(status=404, content_type="text/html", body="<p>Nichts</p>"))
    answer(learner, otherwise=True)
    page.get_by_text("Der Server kann gerade nicht speichern").wait_for()
    page.unroute("**/answers/*")
    page.get_by_text("Gespeichert", exact=True).wait_for(timeout=15_000)
    assert 4 in saved_answers(site, attempt)


def test_flagging_asks_nothing_and_a_dead_line_throws_nobody_out(site: Site, person: Any) -> None:
    learner = begin_quiz(person, site, "participant")
    page = learner.page
    asked = learner.list_dialogs()
    attempt = page.locator("[data-quiz]").get_attribute("data-attempt") or ""
    turn_to(learner, 2)
    answer(learner)
    page.get_by_role("button", name="Für später markieren").click()
    flag = page.get_by_role("button", name="Markierung entfernen")
    flag.wait_for()
    page.get_by_text("Gespeichert", exact=True).wait_for(timeout=15_000)
    assert "is-flagged" in (page.locator("[data-step='2']").get_attribute("class") or "")
    assert page.locator("[data-announced]").text_content() == "Die Frage ist für später markiert."
    # The browser knows of a network, and nothing answers: a captive portal, or a server that is down.
    page.context.route(f"**/attempts/{attempt}/**", lambda route: route.abort())
    page.locator("[data-step='3']").click()
    page.get_by_role("heading", name="Frage 3 von 8").wait_for()
    page.get_by_role("button", name="Zur Zusammenfassung").first.click()
    page.get_by_text("Dafür ist eine Verbindung nötig").wait_for()
    answer(learner, otherwise=True)
    page.get_by_text("Ihre Antwort bleibt auf diesem Gerät").wait_for()
    page.context.unroute(f"**/attempts/{attempt}/**")
    page.get_by_text("Gespeichert", exact=True).wait_for(timeout=15_000)
    assert page.url.endswith("/questions/3")
    page.get_by_role("button", name="Zur Zusammenfassung").first.click()
    page.wait_for_url("**/summary")
    assert asked == []
    page.goto(f"/attempts/{attempt}/questions/2")
    flag.click()
    page.get_by_role("button", name="Für später markieren").wait_for()


def flags_in_order(site: Site, attempt: str) -> list[tuple[str, int, bool | None]]:
    """Return what a device has sent of an attempt: kind, slot, and of a flag whether there is to be one."""
    with sqlite3.connect(site.data_dir / "lms.db") as database:
        rows = database.execute(
            "SELECT kind, slot, json_extract(payload, '$.flag') FROM attempt_steps WHERE attempt_id = ? AND device IS NOT NULL "
            "ORDER BY sequence",
            (attempt,),
        )
        return [(kind, slot, None if flag is None else bool(flag)) for kind, slot, flag in rows]


def test_flags_without_a_line_wait_with_the_answers_and_survive_the_closed_page(site: Site, person: Any) -> None:
    learner = begin_quiz(person, site, "participant")
    page = learner.page
    attempt = page.locator("[data-quiz]").get_attribute("data-attempt") or ""
    waits = "Die Markierung ist noch nicht gespeichert. Sie bleibt auf diesem Gerät"
    turn_to(learner, 7)
    before = len(flags_in_order(site, attempt))
    learner.context.set_offline(True)
    page.get_by_role("button", name="Für später markieren").click()
    page.get_by_text(waits).wait_for()
    assert "is-flagged" in (page.locator("[data-step='7']").get_attribute("class") or "")
    answer(learner, otherwise=True)  # whatever a test before has answered here: one of the two is something else
    answer(learner)
    page.get_by_text("Ihre Antwort bleibt auf diesem Gerät").wait_for()
    turn_to(learner, 8)
    page.get_by_role("button", name="Für später markieren").click()
    page.get_by_role("button", name="Markierung entfernen").click()
    page.get_by_role("button", name="Für später markieren").click()
    page.get_by_role("button", name="Markierung entfernen").wait_for()
    learner.context.set_offline(False)
    page.get_by_text("Gespeichert", exact=True).wait_for(timeout=15_000)
    # In the order in which they were given; of one question's flags the last.
    assert flags_in_order(site, attempt)[before:] == [("f", 6, True), ("a", 6, None), ("f", 7, True)]
    # The page is closed while a flag waits: the next page has it, and sends it.
    learner.context.route("**/pressed", lambda route: route.abort())
    page.get_by_role("button", name="Markierung entfernen").click()
    page.get_by_text(waits).wait_for()
    page.close(run_before_unload=False)
    page = learner.page = learner.context.new_page()
    page.goto(f"/attempts/{attempt}/questions/8")
    page.get_by_text(waits).wait_for()
    page.get_by_role("button", name="Für später markieren").wait_for()
    learner.context.unroute("**/pressed")
    page.get_by_text("Gespeichert", exact=True).wait_for(timeout=15_000)
    assert flags_in_order(site, attempt)[-1] == ("f", 7, False)
    assert "is-flagged" not in (page.locator("[data-step='8']").get_attribute("class") or "")
    turn_to(learner, 7)
    page.get_by_role("button", name="Markierung entfernen").click()
    page.get_by_text("Gespeichert", exact=True).wait_for(timeout=15_000)


def test_a_question_that_is_not_loaded_yet_is_fetched_when_the_line_is_back(site: Site, person: Any) -> None:
    learner = begin_quiz(person, site, "participant")
    page = learner.page
    attempt = page.locator("[data-quiz]").get_attribute("data-attempt") or ""
    page.context.route("**/questions/4", lambda route: route.abort())
    page.goto(f"/attempts/{attempt}/questions/3")
    page.wait_for_timeout(500)
    page.context.route("**/standing", lambda route: route.abort())
    page.locator("[data-step='4']").click()
    page.get_by_text("Dafür ist eine Verbindung nötig").wait_for()
    assert page.locator("[data-question='3']").is_visible()
    page.context.unroute("**/standing")
    page.context.unroute("**/questions/4")
    turn_to(learner, 4)


def test_nothing_is_handed_in_while_answers_wait_on_the_device(site: Site, person: Any) -> None:
    learner = begin_quiz(person, site, "participant")
    attempt = learner.page.locator("[data-quiz]").get_attribute("data-attempt") or ""
    turn_to(learner, 6)
    learner.context.route("**/answers/*", lambda route: route.abort())
    answer(learner, otherwise=True)
    learner.page.get_by_text("Ihre Antwort bleibt auf diesem Gerät").wait_for()
    learner.page.close(run_before_unload=False)
    page = learner.page = learner.context.new_page()
    page.goto(f"/attempts/{attempt}/summary")
    page.get_by_text("Keine Verbindung").wait_for()
    page.locator("form[action$='/submit'] button").click()
    page.wait_for_timeout(500)
    assert page.url.endswith("/summary")
    with page.expect_event("load", timeout=15_000):  # the retry succeeds, and the page shows what stands now
        learner.context.unroute("**/answers/*")
    assert page.url.endswith("/summary")
    assert page.locator("[data-save-state]").text_content() == ""
    assert 5 in saved_answers(site, attempt)


def test_who_has_no_storage_is_asked_to_keep_the_page_open(site: Site, person: Any) -> None:
    learner = person()
    learner.context.add_init_script("IDBFactory.prototype.open = () => { throw new Error('refused'); };")
    learner = begin_quiz(lambda: learner, site, "participant")
    turn_to(learner, 7)
    learner.context.set_offline(True)
    answer(learner, otherwise=True)
    learner.page.get_by_text("Bitte lassen Sie diese Seite offen").wait_for()
    learner.context.set_offline(False)
    learner.page.get_by_text("Gespeichert", exact=True).wait_for(timeout=15_000)


def test_a_written_text_comes_back_after_signing_in_again(site: Site, person: Any) -> None:
    learner: Person = person().sign_in_as("participant")
    page = learner.page
    page.goto("/account")
    page.fill("#printed_name", "Dr. Petra Lindner – mit „Zeichen“ ćčěł")
    learner.context.clear_cookies()
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("Ihr Text ist noch da").first.wait_for()
    account = site.demo["accounts"]["participant"]
    page.fill("#email", account["email"])
    page.fill("#password", account["password"])
    page.locator("main form button").click()
    page.wait_for_url(re.compile(r"/account\?kept="))
    page.get_by_text("Ihr Text ist noch da").wait_for()
    assert page.input_value("#printed_name") == "Dr. Petra Lindner – mit „Zeichen“ ćčěł"
    page.fill("#printed_name", "")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("Ihre Angaben sind gespeichert").wait_for()


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_a_link_leads_to_the_text_that_came_back(site: Site, person: Any, scripts: bool) -> None:
    learner: Person = person(java_script_enabled=scripts, viewport={"width": 320, "height": 640})
    page = learner.sign_in_as("participant").page
    page.goto(site.demo["urls"]["assignment"])
    page.fill("#text", "Mein Konzept")
    page.set_input_files("#files", {"name": "konzept.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"})
    learner.context.clear_cookies()
    page.get_by_role("button", name="Entwurf speichern").click()
    page.get_by_text("Dateien wählen Sie bitte noch einmal aus").wait_for()
    account = site.demo["accounts"]["participant"]
    page.fill("#email", account["email"])
    page.fill("#password", account["password"])
    page.locator("main form button").click()
    page.wait_for_url(re.compile(r"\?kept="))
    page.get_by_text("Dateien wählen Sie bitte noch einmal aus").wait_for()
    page.get_by_role("link", name="Zum Formular", exact=True).click()
    page.wait_for_url(re.compile("#text$"))
    expect(page.locator("#text")).to_be_in_viewport()
    assert page.input_value("#text") == "Mein Konzept"
