"""A real installation on a port of its own, and a real browser."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from config import Config
from lms.db import transaction
from wsgi import create_app

Made = TypeVar("Made")
ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "tests" / "screenshots"
#: A Chromium that asks nothing of other hosts, and runs as root too.
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
LMS = [sys.executable, "-c", "from wsgi import main; main()"]


@dataclass
class Site:
    """A running installation: its address, its data folder, what demo.json says, and its processes."""

    url: str
    data_dir: Path
    environment: dict[str, str]
    demo: dict[str, Any]
    process: subprocess.Popen[bytes] | None = None
    _apps: list[Flask] = field(default_factory=list)

    def within(self, work: Callable[..., Made], *arguments: Any) -> Made:
        """Do something in the installation, in one transaction, as a command would; Playwright has this thread."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(self._do, work, arguments).result()

    def _do(self, work: Callable[..., Made], arguments: tuple[Any, ...]) -> Made:
        if not self._apps:
            self._apps.append(create_app(Config.from_environment(self.environment)))
        with self._apps[0].app_context(), transaction():
            return work(*arguments)

    def run(self, *arguments: str) -> str:
        """Run an ``lms`` command beside it."""
        done = subprocess.run(
            [*LMS, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *options: str) -> None:
        """Serve until ``stop``."""
        port = self.url.rpartition(":")[2]
        with (self.data_dir / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*LMS, "serve", "--port", port, *options], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 100
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=2).close()
            except OSError:
                assert self.process.poll() is None, (self.data_dir / "serve.log").read_text()
                time.sleep(0.2)
            else:
                return
        raise AssertionError("The site did not come up within 100 seconds.")

    def stop(self) -> None:
        """Stop it cleanly."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            assert self.process.wait(30) == 0
        self.process = None


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration, made once for all workers of a run; what is tried is tried on copies."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    folder = shared / "demonstration"
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "demo.json").exists():
            site = new_site(folder)
            site.run("migrate")
            site.run("demo")
    return folder


def copy_site(demonstration: Path, data_dir: Path) -> Site:
    """Make an installation with the demonstration in it; it is not started yet."""
    shutil.copytree(demonstration, data_dir)
    site = new_site(data_dir)
    site.demo = json.loads((data_dir / "demo.json").read_text("utf-8"))
    return site


def new_site(data_dir: Path) -> Site:
    """Name an installation on a free port; nothing is in it yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LMS_")}
    environment |= {
        "LMS_DATA_DIR": str(data_dir),
        "LMS_BASE_URL": url,
        "LMS_LOG_LEVEL": "WARNING",
    }
    return Site(url, data_dir, environment, {})


@pytest.fixture(scope="session")
def site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration, served with worker and scheduler."""
    made = copy_site(demonstration, tmp_path_factory.mktemp("site") / "data")
    made.start()
    yield made
    made.stop()


def executable() -> str:
    """Find a Chromium: the one without windows where it is there, which takes a quarter less of the machine."""
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise AssertionError("Chromium is not installed; 'make test' installs it.")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium. It ends with its file: Playwright's event loop would be in the way of other tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=QUIET)
        yield browser
        browser.close()


class Person:
    """Somebody in front of a browser of their own."""

    def __init__(self, browser: Browser, site: Site, *, pictures: bool = False, **options: Any) -> None:
        """``options`` are Playwright's for a new context."""
        self.site = site
        self.pictures = pictures
        self.context: BrowserContext = browser.new_context(
            base_url=site.url, locale="de-DE", **{"viewport": {"width": 1280, "height": 900}, **options}
        )
        self.page: Page = self.context.new_page()
        self.foreign: list[str] = []
        self.page.on("request", self._note)

    def _note(self, request: Any) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.foreign.append(request.url)

    def sign_in(self, email: str, password: str) -> Person:
        """Sign in by the form."""
        self.page.goto("/login")
        self.page.fill("#email", email)
        self.page.fill("#password", password)
        self.page.locator("main form button").click()
        self.page.wait_for_url(re.compile(r"^(?!.*/login).*$"))
        return self

    def sign_in_as(self, who: str) -> Person:
        """Sign in as one of the demonstration's accounts."""
        account = self.site.demo["accounts"][who]
        return self.sign_in(account["email"], account["password"])

    def take_picture(self, name: str) -> None:
        """Keep what is shown in tests/screenshots, in a run with ``--screenshots``."""
        if self.pictures:
            self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    def press(self, name: str) -> None:
        """Press the button or link with this name."""
        main, pattern = self.page.locator("main"), re.compile(name)
        button, link = main.get_by_role("button", name=pattern), main.get_by_role("link", name=pattern)
        button.or_(link).first.wait_for()
        (button if button.count() else link).first.click()

    def list_dialogs(self) -> list[str]:
        """Return a list into which goes whatever the browser itself asks from now on; it is always answered with yes."""
        asked: list[str] = []

        def answer(dialog: Any) -> None:
            asked.append(dialog.type)
            dialog.accept()

        self.page.on("dialog", answer)
        return asked

    def arrives(self, selector: str) -> None:
        """Wait until the page with this is there as a whole.

        Pressing returns while the page before may still stand there: what looks at once, as ``all()`` and ``count()``
        do, would look at that.
        """
        self.page.locator(selector).first.wait_for()
        self.page.wait_for_load_state("domcontentloaded")

    def reads(self, text: str) -> None:
        """Be sure that this text stands on the page."""
        main = self.page.locator("main")
        try:
            main.get_by_text(text).filter(visible=True).first.wait_for(timeout=10_000)
        except PlaywrightTimeout as error:
            raise AssertionError(f"{self.page.url} does not read {text!r} but:\n{main.inner_text()}") from error


@pytest.fixture
def person(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Make people; their browsers are closed at the end, and none of them asked another host for anything."""
    made: list[Person] = []

    def make(**options: Any) -> Person:
        made.append(Person(chromium, site, pictures=request.config.getoption("--screenshots"), **options))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
        assert one.foreign == []
