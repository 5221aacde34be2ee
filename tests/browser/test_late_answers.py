"""Answers that never arrive: the person is told the truth, and what can be saved is saved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from assessments.attempts.models import Attempt
from lms.clock import now
from lms.db import session
from tests.browser.axe import complaints
from tests.browser.conftest import Person, Site
from tests.browser.test_question_types import CHECKABLE, TIMED, begin, go_to, number_of, saved, set_stage

pytestmark = pytest.mark.browser


def test_what_was_not_sent_in_time_is_shown_and_sent_when_the_attempt_is_open_again(site: Site, person: Any) -> None:
    stage = set_stage(site, "zu-spaet")
    phone, desk = person(viewport={"width": 320, "height": 800}, bypass_csp=True), person()
    attempt = begin(site, phone, stage)
    begin(site, desk, stage)
    go_to(phone, number_of("short_text"))
    phone.context.set_offline(True)
    phone.page.fill("#answer", "Unterwegs geschrieben")
    phone.page.get_by_text("bleibt auf diesem Gerät").wait_for()
    desk.page.goto(f"{attempt}/summary")
    desk.page.locator("form[action$='/submit'] button").click()
    desk.page.wait_for_url("**/result")
    assert desk.page.get_by_text("sind nie angekommen").count() == 0, "nothing waits on that device"
    phone.context.set_offline(False)
    phone.page.locator("[data-save-state][data-state=closed]").wait_for(timeout=15_000)
    phone.page.goto(f"{attempt}/result")
    phone.reads("Einige Antworten auf diesem Gerät sind nie angekommen")
    phone.reads(f"Frage {number_of('short_text')}, auf diesem Gerät beantwortet am")
    phone.reads("Unterwegs geschrieben")
    assert complaints(phone) == []
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 320
    # The trainer opens the attempt again, and the device sends what it still has.
    trainer: Person = person().sign_in_as("trainer")
    trainer.page.goto(f"{attempt}/reopen")
    trainer.page.fill("[name=reason]", "Die Verbindung war weg.")
    trainer.page.locator("main form button").click()
    trainer.page.wait_for_url("**/log")
    phone.page.reload()  # as somebody does who is told that they can go on
    phone.page.wait_for_url("**/summary")
    phone.page.locator(f"a[href$='/questions/{number_of('short_text')}']").first.wait_for()
    phone.page.locator("[data-save-state]:not([data-state])").wait_for(state="attached", timeout=15_000)
    phone.page.goto(f"{attempt}/questions/{number_of('short_text')}")
    assert phone.page.input_value("#answer") == "Unterwegs geschrieben"
    phone.page.goto(f"{attempt}/summary")
    phone.page.locator("form[action$='/submit'] button").click()
    phone.page.wait_for_url("**/result")
    assert phone.page.get_by_text("sind nie angekommen").count() == 0
    phone.reads("Unterwegs geschrieben")


def test_what_is_not_wanted_any_more_is_removed_from_the_device(site: Site, person: Any) -> None:
    stage = set_stage(site, "vergessen")
    phone, desk = person(viewport={"width": 320, "height": 800}, bypass_csp=True), person()
    attempt = begin(site, phone, stage)
    begin(site, desk, stage)
    phone.context.set_offline(True)
    phone.page.locator("[data-question] label").first.click()
    phone.page.get_by_text("bleibt auf diesem Gerät").wait_for()
    desk.page.goto(f"{attempt}/summary")
    desk.page.locator("form[action$='/submit'] button").click()
    desk.page.wait_for_url("**/result")
    # Whether an answer has arrived only the server knows; without it nothing is claimed.
    phone.page.close(run_before_unload=False)
    phone.page = phone.context.new_page()
    phone.context.route("**/answers/*", lambda route: route.abort())
    phone.context.set_offline(False)
    phone.page.goto(f"{attempt}/result")
    phone.reads("Ob einige Antworten angekommen sind, ist noch nicht bekannt")
    assert phone.page.get_by_text("sind nie angekommen").count() == 0
    assert complaints(phone) == []
    phone.context.unroute("**/answers/*")
    phone.page.reload()
    phone.page.get_by_role("button", name="Von diesem Gerät entfernen").click()
    phone.reads("Die Antworten sind von diesem Gerät entfernt.")
    phone.page.reload()
    assert phone.page.get_by_text("sind nie angekommen").count() == 0


def test_handing_in_waits_for_what_another_tab_has_put_into_the_queue(site: Site, person: Any) -> None:
    stage = set_stage(site, "zweiter-tab")
    learner: Person = person()
    attempt = begin(site, learner, stage)
    summary = learner.context.new_page()
    summary.goto(f"{attempt}/summary")
    learner.context.route("**/answers/*", lambda route: route.abort())
    go_to(learner, number_of("short_text"))
    learner.page.fill("#answer", "Im zweiten Tab")
    learner.page.get_by_text("bleibt auf diesem Gerät").wait_for()
    summary.locator("form[action$='/submit'] button").click()
    summary.get_by_text("Keine Verbindung").wait_for()
    assert summary.url.endswith("/summary"), "nothing is handed in meanwhile"
    with summary.expect_event("load", timeout=15_000):  # all have arrived: the page shows what stands now
        learner.context.unroute("**/answers/*")
    summary.locator("form[action$='/submit'] button").click()
    summary.wait_for_url("**/result")
    summary.get_by_text("Im zweiten Tab").first.wait_for()


def test_of_two_devices_the_later_answer_stands_and_the_earlier_one_can_be_taken_up_again(site: Site, person: Any) -> None:
    stage = set_stage(site, "spaeter-gilt")
    phone, desk = person(viewport={"width": 320, "height": 800}, bypass_csp=True), person()
    begin(site, phone, stage)
    begin(site, desk, stage)
    for device in (phone, desk):
        go_to(device, number_of("short_text"))
    phone.context.set_offline(True)
    phone.page.fill("#answer", "Zuerst am Telefon")
    phone.page.get_by_text("bleibt auf diesem Gerät").wait_for()
    phone.page.wait_for_timeout(1500)  # what is given within a second counts as given at once
    desk.page.fill("#answer", "Danach am Schreibtisch")
    saved(desk)
    phone.context.set_offline(False)
    told = "Auf einem anderen Gerät oder in einem anderen Fenster geändert"
    phone.page.locator("[data-note]").get_by_text(told).wait_for(timeout=15_000)
    assert phone.page.input_value("#answer") == "Danach am Schreibtisch"
    phone.reads("Ihre frühere Antwort von diesem Gerät gilt nicht")
    phone.reads("Zuerst am Telefon")
    assert complaints(phone) == []
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 320
    phone.take_picture("two-devices")
    desk.page.evaluate("dispatchEvent(new Event('focus'))")
    desk.page.wait_for_timeout(300)
    assert desk.page.input_value("#answer") == "Danach am Schreibtisch"
    assert desk.page.get_by_text(told).count() == 0, "nobody is told that the older answer is the newer one"
    # It is still there when the page is opened again, and using it makes it the later answer.
    phone.page.reload()
    phone.reads("Ihre frühere ist auf diesem Gerät noch da")
    phone.press("Meine frühere Antwort verwenden")
    saved(phone)
    assert phone.page.input_value("#answer") == "Zuerst am Telefon"
    assert phone.page.get_by_text("Ihre frühere Antwort").count() == 0
    desk.page.evaluate("dispatchEvent(new Event('focus'))")
    desk.page.locator("[data-note]").get_by_text(told).wait_for()
    assert desk.page.input_value("#answer") == "Zuerst am Telefon"


def test_a_page_that_nobody_touches_shows_what_is_answered_elsewhere(site: Site, person: Any) -> None:
    stage = set_stage(site, "daneben")
    phone, desk = person(), person()
    desk.page.clock.install()
    begin(site, phone, stage)
    begin(site, desk, stage)
    for device in (phone, desk):
        go_to(device, number_of("short_text"))
    phone.page.fill("#answer", "Am Telefon")
    saved(phone)
    desk.page.clock.fast_forward(20_000)
    told = "Auf einem anderen Gerät oder in einem anderen Fenster geändert"
    desk.page.locator("[data-note]").get_by_text(told).wait_for()
    assert desk.page.input_value("#answer") == "Am Telefon"


def test_the_end_of_the_time_without_a_line_locks_the_page_and_keeps_it(site: Site, person: Any) -> None:
    stage = set_stage(site, "zeit-um", settings=TIMED)
    phone: Person = person(viewport={"width": 320, "height": 800}, bypass_csp=True)
    page = phone.page
    asked = phone.list_dialogs()
    attempt = begin(site, phone, stage)
    go_to(phone, number_of("true_false"))
    page.locator("[data-question] label").first.click()
    saved(phone)
    go_to(phone, number_of("short_text"))

    def end_in(seconds: int) -> None:
        site.within(move_end, int(attempt.rpartition("/")[2]), seconds)

    end_in(4)
    with page.expect_response("**/standing"):
        page.evaluate("dispatchEvent(new Event('focus'))")
    phone.context.set_offline(True)
    page.fill("#answer", "In letzter Sekunde")
    status = page.locator("[data-save-state]")
    status.get_by_text("Die Zeit ist um").wait_for(timeout=15_000)
    status.get_by_text(f"Gespeichert: Frage {number_of('true_false')}.").wait_for()
    status.get_by_text(f"Bisher nur auf diesem Gerät: Frage {number_of('short_text')}.").wait_for()
    assert page.locator("#answer").is_disabled()
    assert complaints(phone) == []
    phone.take_picture("time-over-offline")
    end_in(-60)  # the grace is over as well
    page.wait_for_timeout(6000)  # the page tries again, and stays
    assert page.url.endswith(f"/questions/{number_of('short_text')}")
    status.get_by_text("Die Zeit ist um").wait_for()
    phone.context.set_offline(False)
    page.wait_for_url("**/result", timeout=15_000)
    phone.reads("Einige Antworten auf diesem Gerät sind nie angekommen")
    phone.reads("In letzter Sekunde")
    assert asked == [], "nobody is asked whether to leave"


def test_what_was_typed_at_the_end_of_the_time_is_still_taken_and_more_time_unlocks_the_page(site: Site, person: Any) -> None:
    stage = set_stage(site, "mehr-zeit", settings=TIMED)
    learner: Person = person()
    page = learner.page
    attempt = begin(site, learner, stage)
    number = int(attempt.rpartition("/")[2])
    go_to(learner, number_of("short_text"))
    page.fill("#answer", "In der Nachfrist")
    site.within(move_end, number, 0)  # before it is sent, or on a slow machine after it
    with page.expect_response("**/standing"):
        page.evaluate("dispatchEvent(new Event('focus'))")
    status = page.locator("[data-save-state]")
    status.get_by_text("können nicht mehr geändert werden. Gespeichert: Frage").wait_for(timeout=15_000)
    assert page.locator("#answer").is_disabled()
    site.within(move_end, number, 600)
    saved(learner)
    assert page.locator("#answer").is_enabled()
    assert page.input_value("#answer") == "In der Nachfrist"
    site.within(move_end, number, -60)
    with page.expect_response("**/standing"):
        page.evaluate("dispatchEvent(new Event('focus'))")
    page.wait_for_url("**/result", timeout=15_000)


def move_end(attempt: int, seconds: int) -> None:
    """Let an attempt end so many seconds from now."""
    session.get_one(Attempt, attempt).due_at = now() + timedelta(seconds=seconds)


def test_on_one_page_an_answer_is_checked_and_flagged_without_leaving_it(site: Site, person: Any) -> None:
    stage = set_stage(site, "eine-seite-geprueft", settings=f'layout = "one_page"\n{CHECKABLE}')
    learner: Person = person()
    page, asked = learner.page, learner.list_dialogs()
    begin(site, learner, stage)
    number = number_of("short_text")
    place = page.locator(f"[data-question='{number}']")
    place.locator("input[type=text]").fill("Verband")
    place.get_by_role("button", name="Für später markieren").click()
    place.get_by_role("button", name="Markierung entfernen").wait_for()
    assert place.locator("[data-flagged]").is_visible()
    place.locator("input[type=text]").fill("Zweckverband")
    place.get_by_role("button", name="Antwort prüfen").click()
    place.get_by_role("heading", name="Ihre Antwort ist geprüft").wait_for()
    assert page.evaluate("document.activeElement.id") == f"checked-{number}"
    assert asked == []
