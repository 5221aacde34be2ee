"""Answers that never arrive: the person is told the truth, and what can be saved is saved."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.axe import complaints
from tests.browser.conftest import Person, Site
from tests.browser.test_question_types import begin, go_to, number_of, set_stage

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
