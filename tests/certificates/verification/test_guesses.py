"""Guesses hold for the installation: over processes, over restarts, and of a thousand at the same moment."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from certificates.verification.actions import look_up
from certificates.verification.jobs import forget_old_guesses
from certificates.verification.models import GuessCount
from certificates.verification.rules import GUESSES_PER_MINUTE, Inquiry
from lms.db import ENGINE, session, transaction
from lms.limits import refilled, seconds_to_next
from lms.migration import migrate
from lms.settings import CONFIG
from tests.cast import NOW, Cast, make_cast
from tests.certificates.issued import issue, token
from tests.conftest import test_config
from wsgi import create_app

WRONG = Inquiry("SCM-2026-00001", serial="SCM-2026-00001", family_name="Anders")
RIGHT = Inquiry("SCM-2026-00001", serial="SCM-2026-00001", family_name="Łukaszewicz")


@pytest.fixture
def two_processes(own_app: Flask) -> Iterator[list[Flask]]:
    """One installation with a document, served by two processes."""
    with own_app.app_context():
        issue(make_cast())
    other = create_app(own_app.extensions[CONFIG])
    yield [own_app, other]
    other.extensions[ENGINE].dispose()


def test_two_processes_share_the_guesses_of_an_address(two_processes: list[Flask]) -> None:
    form = {"serial": "SCM-2026-00001", "family_name": "Anders"}
    browsers = [app.test_client() for app in two_processes]
    statuses = [browsers[number % 2].post("/verify", data=form).status_code for number in range(GUESSES_PER_MINUTE)]
    assert statuses == [404] * GUESSES_PER_MINUTE
    for browser in browsers:
        refused = browser.post("/verify", data={**form, "family_name": "Łukaszewicz"})
        assert refused.status_code == 429
        assert "Zu viele Anfragen" in refused.text
        assert int(refused.headers["Retry-After"]) >= 1
        assert browser.get(f"/verify/{token(1)}").status_code == 200
        elsewhere = browser.post("/verify", data=form, environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
        assert elsewhere.status_code == 404


def test_of_many_guesses_at_the_same_moment_no_more_are_answered_than_there_are(two_processes: list[Flask]) -> None:
    barrier = Barrier(20)

    def guess(number: int) -> str:
        with two_processes[number % 2].app_context():
            barrier.wait()
            looked_up = look_up([WRONG], "192.0.2.1", at=NOW)
        return "refused" if looked_up.wait else "told" if looked_up.misses else "not told"

    with ThreadPoolExecutor(20) as pool:
        counted = Counter(pool.map(guess, range(20)))
    assert counted == {"told": GUESSES_PER_MINUTE, "refused": 20 - GUESSES_PER_MINUTE}


def test_only_what_fits_nothing_costs_a_guess_and_time_brings_them_back(cast: Cast) -> None:
    issue(cast)

    def misses(*inquiries: Inquiry, seconds: int = 0, address: str = "192.0.2.1") -> tuple[int, int]:
        looked_up = look_up(inquiries, address, at=NOW + timedelta(seconds=seconds))
        return looked_up.misses, looked_up.wait

    assert misses(*[RIGHT] * 30) == (0, 0)
    assert misses(*[WRONG] * 30) == (GUESSES_PER_MINUTE, 0)
    assert misses(RIGHT) == (0, 5)
    assert misses(RIGHT, seconds=-60) == (0, 5)  # a clock that was set back gives nobody anything
    assert misses(WRONG, WRONG, seconds=6) == (1, 0)
    assert misses(RIGHT, seconds=60) == (0, 0)
    assert misses(WRONG, address="2001:db8::1") == (1, 0)
    counts = select(func.count()).select_from(GuessCount)
    assert session.scalar(counts) == 2
    assert "192.0.2" not in str(session.execute(select(GuessCount.asker)).all())
    forget_old_guesses()  # all of this was weeks ago
    assert session.scalar(counts) == 0


def test_a_link_costs_no_guess_and_writes_nothing(app: Flask, cast: Cast) -> None:
    issue(cast)
    assert app.test_client().get(f"/verify/{token(1)}").status_code == 200
    with transaction():
        assert session.scalar(select(func.count()).select_from(GuessCount)) == 0


def test_a_list_of_links_and_bare_numbers_is_not_counted(cast: Cast) -> None:
    issue(cast)
    links = [Inquiry("l", token=token(1)), Inquiry("l", token="x" * 32), Inquiry("SCM-2026-00001", serial="SCM-2026-00001")]
    look_up([WRONG] * GUESSES_PER_MINUTE, "192.0.2.1", at=NOW)
    looked_up = look_up(links, "192.0.2.1", at=NOW)
    assert ([one is None for one in looked_up.found], looked_up.misses, looked_up.wait) == ([False, True, True], 1, 0)
    assert look_up([*links, RIGHT], "192.0.2.1", at=NOW).wait == 5
    look_up(links, "192.0.2.9", at=NOW)
    assert session.scalar(select(func.count()).select_from(GuessCount)) == 1


def test_looking_up_waits_for_nobody_who_writes(own_app: Flask) -> None:
    with own_app.app_context():
        issue(make_cast())
        # Somebody else holds SQLite's only lock, and on PostgreSQL a row that is counted by.
        with transaction():
            session.add(GuessCount(asker="x" * 64, remaining=1.0, at=NOW))
            session.flush()
            with ThreadPoolExecutor(1) as pool:
                looked_up = pool.submit(look_up_link, own_app).result(5)
            assert looked_up == [True]


def look_up_link(app: Flask) -> list[bool]:
    """Look a link up in another thread."""
    with app.app_context():
        return [one is not None for one in look_up([Inquiry("l", token=token(1))], "192.0.2.1", at=NOW).found]


def test_the_bucket() -> None:
    assert refilled(0, 30, 12) == 6
    assert refilled(11, 3600, 12) == 12
    assert refilled(3, -5, 12) == 3
    assert [seconds_to_next(left, 12) for left in (1, 0.9, 0)] == [0, 1, 5]


def test_who_asked_cannot_be_read_even_when_the_secret_was_generated(tmp_path: Path) -> None:
    config = replace(test_config(tmp_path, ""), secret_key="")
    app = create_app(config)
    migrate(app.extensions[ENGINE])
    with app.app_context():
        look_up([WRONG], "192.0.2.7", at=NOW)
        kept = session.scalars(select(GuessCount.asker)).one()
        session.remove()
    app.extensions[ENGINE].dispose()
    keys = b"", b"t" * 40, config.session_secret().encode()
    fingerprints = [hmac.new(key, b"192.0.2.7", hashlib.sha256).hexdigest() for key in keys]
    assert [kept == one for one in fingerprints] == [False, False, True]
