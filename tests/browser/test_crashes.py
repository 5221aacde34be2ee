"""Processes are killed without warning; nothing that was acknowledged is lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from lms.jobs.registry import enqueue
from tests.benchmarks.load import children
from tests.browser.conftest import Person, Site, copy_site
from tests.browser.test_weak_lines import answer, begin_quiz, saved_answers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

PRINT = "render_due_certificates"


@pytest.fixture
def own_site(demonstration: Path, tmp_path: Path) -> Iterator[Site]:
    """An installation of this test's own, not started."""
    made = copy_site(demonstration, tmp_path / "site")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def shared_site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation for those who do not mind what the others did to it; starting one takes five seconds."""
    made = copy_site(demonstration, tmp_path_factory.mktemp("crashes") / "site")
    yield made
    made.stop()


@pytest.fixture
def running_site(shared_site: Site) -> Site:
    """The shared installation, started unless it still runs."""
    if shared_site.process is None:
        shared_site.start()
    return shared_site


def child(site: Site, name: str) -> int:
    """Return the process id of the parent's child of this name."""
    assert site.process is not None
    return next(pid for pid in children(site.process.pid) if Path(f"/proc/{pid}/comm").read_text().strip() == name)


def test_kill_9_of_the_web_server_in_the_middle_of_a_quiz(running_site: Site, chromium: Browser) -> None:
    learner = Person(chromium, running_site)
    begin_quiz(lambda: learner, running_site, "participant")
    page = learner.page
    attempt = page.locator("[data-quiz]").get_attribute("data-attempt") or ""
    answer(learner)
    page.get_by_text("Gespeichert", exact=True).wait_for()
    assert running_site.process is not None
    web = child(running_site, "lms-web")
    served = [web, *children(web)]
    os.kill(web, signal.SIGKILL)
    page.locator("[data-step='2']").click()
    page.get_by_role("heading", name="Frage 2 von 8").wait_for()
    answer(learner)
    page.get_by_text("Gespeichert", exact=True).wait_for(timeout=30_000)
    assert saved_answers(running_site, attempt) >= {0, 1}
    assert len(served) >= 2
    assert [pid for pid in served if Path(f"/proc/{pid}").exists()] == []  # no orphan goes on serving
    learner.context.close()


def test_kill_9_of_one_process_of_the_web_server_leaves_the_others(running_site: Site) -> None:
    web = child(running_site, "lms-web")
    served = children(web)
    os.kill(served[-1], signal.SIGKILL)
    deadline = time.monotonic() + 20
    while served[-1] in children(web) or len(children(web)) < len(served):
        assert time.monotonic() < deadline
        with suppress(OSError):  # what the killed one had taken up is lost
            urllib.request.urlopen(f"{running_site.url}/healthz", timeout=10).close()
    urllib.request.urlopen(f"{running_site.url}/healthz", timeout=10).close()
    assert child(running_site, "lms-web") == web
    assert set(served[:-1]) < set(children(web))


def test_kill_9_of_the_worker_in_the_middle_of_rendering(own_site: Site) -> None:
    database = sqlite3.connect(own_site.data_dir / "lms.db", timeout=20, isolation_level=None)
    total = number(database, "SELECT count(*) FROM certificates")
    assert total >= 14
    database.execute("UPDATE certificates SET pdf_sha256 = NULL")
    database.execute("DELETE FROM printings")
    own_site.within(enqueue, PRINT)  # before the worker starts; the scheduler's sweep may come a minute later
    own_site.start()
    for killed in (1, 2):
        # A worker has taken a batch up and has not finished it.
        wait_for(database, f"SELECT count(*) > 0 FROM printings WHERE printed_at IS NULL AND tries = {killed}")
        os.kill(child(own_site, "lms-worker"), signal.SIGKILL)
        # What the dead worker held is due again after half a minute; here that time is over at once.
        database.execute("UPDATE printings SET due_at = '2020-01-01 00:00:00' WHERE printed_at IS NULL")
        own_site.within(enqueue, PRINT)  # the parent starts another worker meanwhile
    wait_for(database, f"SELECT count(pdf_sha256) = {total} FROM certificates")
    assert number(database, "SELECT count(*) FROM certificate_events WHERE kind = 'rendered'") == 2 * total
    assert number(database, "SELECT count(DISTINCT serial) FROM certificates") == total
    mailed = "SELECT count(*) FROM certificate_events WHERE kind = 'mailed'"
    assert number(database, "SELECT count(*) FROM outbox_mails WHERE kind = 'certificate_ready'") == number(database, mailed)
    database.close()


def wait_for(database: sqlite3.Connection, query: str) -> None:
    """Wait until a query answers yes."""
    deadline = time.monotonic() + 100
    while not number(database, query):
        assert time.monotonic() < deadline, query
        time.sleep(0.05)


def number(database: sqlite3.Connection, query: str) -> int:
    """Return the one figure that a query gives."""
    found: Any = database.execute(query).fetchone()[0]
    return int(found)


def test_stopping_ends_every_process(running_site: Site) -> None:
    assert running_site.process is not None
    pids = [child(running_site, part) for part in ("lms-web", "lms-worker", "lms-scheduler")]
    running_site.stop()
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


def test_children_do_not_outlive_a_killed_parent(running_site: Site) -> None:
    assert running_site.process is not None
    pids = [child(running_site, part) for part in ("lms-web", "lms-worker", "lms-scheduler")]
    running_site.process.kill()
    running_site.process.wait()
    running_site.process = None
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
