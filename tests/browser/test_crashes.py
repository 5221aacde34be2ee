"""Processes are killed without warning; nothing that was acknowledged is lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.benchmarks.load import children
from tests.browser.conftest import Person, Site, make_site
from tests.browser.test_weak_lines import answer, begin_quiz, saved_answers

pytestmark = pytest.mark.browser


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Site]:
    """An installation of this test's own, not started."""
    made = make_site(tmp_path / "site")
    yield made
    made.stop()


def child(site: Site, part: str) -> int:
    """Return the process id of the parent's child whose command line holds this."""
    assert site.process is not None
    running = {
        pid: Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        for pid in children(site.process.pid)
    }
    return next(pid for pid, line in running.items() if part in line)


def test_kill_9_of_the_web_server_in_the_middle_of_a_quiz(own_site: Site, chromium: Browser) -> None:
    own_site.start()
    learner = Person(chromium, own_site)
    begin_quiz(lambda: learner, own_site, "participant")
    page = learner.page
    attempt = page.locator("[data-quiz]").get_attribute("data-attempt") or ""
    answer(learner)
    page.get_by_text("Gespeichert", exact=True).wait_for()
    os.kill(child(own_site, "lms.serving.web"), signal.SIGKILL)
    page.locator("[data-step='2']").click()
    page.get_by_role("heading", name="Frage 2 von 8").wait_for()
    answer(learner)
    page.get_by_text("Gespeichert", exact=True).wait_for(timeout=30_000)
    assert saved_answers(own_site, attempt) >= {0, 1}
    learner.context.close()


def test_kill_9_of_the_worker_in_the_middle_of_rendering(own_site: Site) -> None:
    database = sqlite3.connect(own_site.data_dir / "lms.db", timeout=20, isolation_level=None)
    total = number(database, "SELECT count(*) FROM certificates")
    database.execute("UPDATE certificates SET pdf_sha256 = NULL")
    own_site.start()
    killed = 0
    deadline = time.monotonic() + 90
    while (done := number(database, "SELECT count(pdf_sha256) FROM certificates")) < total:
        assert time.monotonic() < deadline, f"only {done} of {total} are rendered"
        if killed < 2 and done > killed * 4:
            os.kill(child(own_site, " worker"), signal.SIGKILL)
            killed += 1
            # The sweep of a real installation comes every two minutes; here it is asked for.
            time.sleep(2)
        time.sleep(0.2)
        if killed and done < total:
            enqueue(own_site)
    assert killed == 2
    assert number(database, "SELECT count(*) FROM certificate_events WHERE kind = 'rendered'") == 2 * total
    assert number(database, "SELECT count(*) FROM outbox_mails WHERE kind = 'certificate_ready'") == 2 * total
    assert number(database, "SELECT count(DISTINCT serial) FROM certificates") == total
    database.close()


def number(database: sqlite3.Connection, query: str) -> int:
    """Return the one figure that a query gives."""
    found: Any = database.execute(query).fetchone()[0]
    return int(found)


def enqueue(site: Site) -> None:
    """Put the job into the queue, as the scheduler's sweep does."""
    code = (
        "from wsgi import create_app; from lms.jobs.registry import enqueue\n"
        "with create_app().app_context(): enqueue('render_due_certificates')"
    )
    subprocess.run([sys.executable, "-c", code], env=site.environment, check=True, cwd=Path(__file__).parents[2])


def test_stopping_ends_every_process(own_site: Site) -> None:
    own_site.start()
    assert own_site.process is not None
    pids = [child(own_site, part) for part in ("lms.serving.web", " worker", " scheduler")]
    own_site.stop()
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


def test_children_do_not_outlive_a_killed_parent(own_site: Site) -> None:
    own_site.start()
    assert own_site.process is not None
    pids = [child(own_site, part) for part in ("lms.serving.web", " worker", " scheduler")]
    own_site.process.kill()
    own_site.process.wait()
    own_site.process = None
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
