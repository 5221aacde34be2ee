"""Long interruptions of a quiz: minutes without a line, a killed browser, an expired sign-in over several questions."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError

from tests.browser.conftest import QUIET, Person, Site, executable
from tests.browser.test_weak_lines import answer, begin_quiz

pytestmark = pytest.mark.browser

SAVED, KEPT = "Gespeichert", "Ihre Antwort bleibt auf diesem Gerät"
CHOSEN = (
    "JSON.stringify([...new FormData(document.querySelector('[data-quiz]'))].filter(([name]) => name.startsWith('answer')))"
)


def steps(site: Site, attempt: str, after: int = -1) -> list[tuple[int, Any, int]]:
    """Return slot, response and counter of the answers in the log, in its order, after a sequence."""
    with contextlib.closing(sqlite3.connect(site.data_dir / "lms.db")) as database:
        rows = database.execute(
            "SELECT slot, payload, counter FROM attempt_steps"
            " WHERE attempt_id = ? AND kind = 'a' AND sequence > ? ORDER BY sequence",
            (attempt, after),
        )
        return [(slot, json.loads(payload), counter) for slot, payload, counter in rows]


def last_sequence(site: Site, attempt: str) -> int:
    """Return the sequence of the log's last step."""
    with contextlib.closing(sqlite3.connect(site.data_dir / "lms.db")) as database:
        return int(
            database.execute("SELECT max(sequence) FROM attempt_steps WHERE attempt_id = ?", (attempt,)).fetchone()[0]
        )


def open_question(learner: Person, number: int) -> None:
    """Go to a question without asking the server."""
    learner.page.locator(f"[data-step='{number}']").click()
    learner.page.get_by_role("heading", name=re.compile(f"Frage {number} von ")).wait_for()


def answer_otherwise(learner: Person) -> None:
    """Change the shown answer, so that there is something to save whatever stood there."""
    form = learner.page.locator("[data-quiz]")
    answer(learner)
    groups = form.locator(".answers")
    if groups.count():
        groups.first.locator("label").last.click()
    elif form.locator("input[type=text]").count():
        form.locator("input[type=text]").first.fill(str(time.monotonic_ns() % 100_000))
    else:
        form.locator("select").first.select_option(index=2)


def test_twelve_minutes_without_a_line_lose_nothing(site: Site, person: Any) -> None:
    learner = begin_quiz(person, site, "other_participant")
    page = learner.page
    attempt = page.locator("[data-quiz]").get_attribute("data-attempt") or ""
    page.clock.install()
    page.reload()
    page.locator("[data-loaded=all]").wait_for(state="attached")
    before = last_sequence(site, attempt)
    learner.context.set_offline(True)
    for number in (2, 3, 4, 2):  # the second question twice: what was answered later counts
        open_question(learner, number)
        answer_otherwise(learner)
        page.get_by_text(KEPT).wait_for()
        page.clock.fast_forward("03:00")
        # Every try in between failed, and the page never says anything else.
        page.get_by_text(KEPT).wait_for()
        assert page.get_by_text(SAVED, exact=True).count() == 0
    assert steps(site, attempt, before) == []
    learner.context.set_offline(False)
    page.clock.fast_forward("00:10")
    page.get_by_text(SAVED, exact=True).wait_for(timeout=20_000)
    arrived = steps(site, attempt, before)
    assert {slot for slot, _payload, _counter in arrived} == {1, 2, 3}
    assert [counter for _slot, _payload, counter in arrived] == sorted(counter for _slot, _payload, counter in arrived)
    assert arrived[-1][0] == 1


@pytest.fixture
def killable(chromium: Browser, tmp_path: Path, site: Site) -> Iterator[Any]:
    """Start a Chromium of its own on a profile that stays; it is killed or closed at the end."""
    profile = tmp_path / "profile"
    opened: list[BrowserContext] = []

    def start() -> Person:
        context = chromium.browser_type.launch_persistent_context(
            str(profile), executable_path=executable(), args=QUIET, base_url=site.url, locale="de-DE",
            viewport={"width": 1280, "height": 900},
        )  # fmt: skip
        opened.append(context)
        learner = Person.__new__(Person)
        learner.site, learner.context, learner.page, learner.foreign = site, context, context.pages[0], []
        return learner

    start.profile = profile  # type: ignore[attr-defined]  # the test kills by it
    yield start
    for context in opened:
        with contextlib.suppress(PlaywrightError):
            context.close()


def kill_browser(profile: Path) -> None:
    """Kill -9 the browser that uses a profile; its children go with it."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
                if f"--user-data-dir={profile}" in words and not any(word.startswith("--type=") for word in words):
                    found.append(int(entry.name))
    assert found
    for pid in found:
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}/exe").exists() for pid in found) and time.monotonic() < deadline:
        time.sleep(0.1)


def test_a_killed_browser_loses_nothing(site: Site, killable: Any) -> None:
    learner = begin_quiz(killable, site, "other_participant")
    page = learner.page
    attempt = page.locator("[data-quiz]").get_attribute("data-attempt") or ""
    open_question(learner, 5)
    before = last_sequence(site, attempt)
    learner.context.set_offline(True)
    for number in (5, 6, 7):
        open_question(learner, number)
        answer_otherwise(learner)
        page.get_by_text(KEPT).wait_for()
    kill_browser(killable.profile)
    assert steps(site, attempt, before) == []
    # Days may pass; the profile is what is left. The session's cookie is not: the person signs in first.
    learner = killable()
    learner.page.goto(f"/attempts/{attempt}/questions/5")
    if "/login" in learner.page.url:
        learner.sign_in_as("other_participant")
        learner.page.goto(f"/attempts/{attempt}/questions/5")
    learner.page.get_by_text(SAVED, exact=True).wait_for(timeout=20_000)
    arrived = steps(site, attempt, before)
    assert {slot for slot, _payload, _counter in arrived} == {4, 5, 6}
    assert [counter for _slot, _payload, counter in arrived] == sorted(counter for _slot, _payload, counter in arrived)


def test_a_sign_in_that_expired_over_several_questions_loses_nothing(site: Site, person: Any) -> None:
    learner = begin_quiz(person, site, "other_participant")
    page = learner.page
    attempt = page.locator("[data-quiz]").get_attribute("data-attempt") or ""
    before = last_sequence(site, attempt)
    way_in = page.get_by_role("link", name="Anmeldung in neuem Tab öffnen")
    assert way_in.count() == 0, "nobody is sent to sign in who is signed in"
    learner.context.clear_cookies()
    for number in (2, 7, 8):
        open_question(learner, number)
        answer_otherwise(learner)
        page.get_by_text("Ihre Anmeldung ist abgelaufen").wait_for()
        assert page.get_by_text(SAVED, exact=True).count() == 0
    assert steps(site, attempt, before) == []
    with learner.context.expect_page() as opened:
        way_in.click()
    other = Person.__new__(Person)
    other.site, other.context, other.page, other.foreign = site, learner.context, opened.value, []
    other.sign_in_as("other_participant")
    other.page.goto(f"/attempts/{attempt}/questions/8")
    other.page.get_by_text(SAVED, exact=True).wait_for(timeout=20_000)
    assert {slot for slot, _payload, _counter in steps(site, attempt, before)} == {1, 6, 7}


def test_of_two_tabs_without_a_line_the_later_answer_stands(site: Site, person: Any) -> None:
    learner = begin_quiz(person, site, "other_participant")
    attempt = learner.page.locator("[data-quiz]").get_attribute("data-attempt") or ""
    first = learner.page
    learner.page = second = learner.context.new_page()
    for tab in (first, second):
        tab.goto(f"/attempts/{attempt}/questions/1")
        tab.locator("[data-loaded=all]").wait_for(state="attached")
    learner.context.set_offline(True)
    for tab, otherwise in ((first, False), (second, True)):
        learner.page = tab
        answer(learner, otherwise=otherwise)
        tab.get_by_text(KEPT).wait_for()
    wanted = chosen(second)
    assert chosen(first) != wanted
    learner.context.set_offline(False)
    # Whichever comes first: the older one must not take the later one's place, and its tab says so if it came second.
    second.get_by_text(SAVED, exact=True).wait_for(timeout=20_000)
    told = re.compile(f"^{SAVED}$|^Frage 1 wurde auf einem anderen Gerät oder in einem anderen Fenster geändert")
    first.get_by_text(told).first.wait_for(timeout=20_000)
    first.evaluate("dispatchEvent(new Event('focus'))")
    first.wait_for_function(f"wanted => {CHOSEN} === wanted", arg=wanted)
    for tab in (first, second):
        tab.reload()
        assert chosen(tab) == wanted


def chosen(tab: Page) -> str:
    """Return what is answered on the shown page."""
    answered: str = tab.evaluate(CHOSEN)
    return answered
