"""The clock of the background work: one at a time, a stand-by that takes over, and a sweep that finds what was lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email import policy
from email.parser import BytesParser

import pytest
from flask import Flask

from lms.clock import now
from lms.db import session, transaction
from lms.jobs import scheduler
from lms.jobs.models import Heartbeat
from lms.jobs.registry import JOBS, QUEUE
from lms.mail.jobs import send_due_mails
from lms.mail.letters import Letter, queue_letter
from lms.permissions import Role
from lms.settings import CONFIG
from tests.cast import make_person
from tests.conftest import RecordingQueue


class DeafQueue(RecordingQueue):
    """A queue that is down."""

    def enqueue(self, name: str) -> None:
        """Fail, as a queue does whose server is away."""
        raise ConnectionError("The queue is away.")


@contextmanager
def running_scheduler(app: Flask) -> Iterator[threading.Event]:
    """Run a scheduler in a thread; setting the event ends it."""
    stop = threading.Event()
    thread = threading.Thread(target=scheduler.schedule_until, args=(stop, app))
    thread.start()
    yield stop
    stop.set()
    thread.join(20)
    assert not thread.is_alive()


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until something is so. Raises AssertionError when it does not become so."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def write(app: Flask) -> None:
    """Have a mail written inside a transaction of its own."""
    with app.app_context(), transaction():
        person = make_person("Paula", "Prenzel", Role.PARTICIPANT)
        session.flush()
        queue_letter(person, kind="test", compose=lambda: Letter("Betreff", ["Text."], "Weil."), at=now())


def sent(app: Flask) -> list[str]:
    """Return the subjects of the mails that left as files."""
    folder = app.extensions[CONFIG].data_dir / "mail"
    return [
        str(BytesParser(policy=policy.default).parsebytes(path.read_bytes())["Subject"])
        for path in folder.glob("*.eml")
    ]


def test_every_declared_job_is_enqueued_and_the_scheduler_shows_that_it_lives(own_app: Flask) -> None:
    queue: RecordingQueue = own_app.extensions[QUEUE]
    with running_scheduler(own_app):
        wait_for(lambda: set(queue.names) == set(JOBS))
        wait_for(lambda: is_alive(own_app))


def is_alive(app: Flask) -> bool:
    """Look in a transaction of its own: on SQLite one that goes on would keep the scheduler from writing."""
    with app.app_context():
        return session.get(Heartbeat, "scheduler") is not None


def test_a_standby_takes_over_when_the_scheduler_is_gone(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "STANDBY_SECONDS", 0.05)
    queue: RecordingQueue = own_app.extensions[QUEUE]
    with running_scheduler(own_app) as stop_first:
        wait_for(lambda: len(queue.names) == len(JOBS))
        with running_scheduler(own_app):
            time.sleep(0.5)
            assert len(queue.names) == len(JOBS), "the stand-by waits while the first one lives"
            stop_first.set()
            wait_for(lambda: len(queue.names) == 2 * len(JOBS))


def test_a_lost_nudge_is_found_by_the_sweep(own_app: Flask) -> None:
    own_app.extensions[QUEUE] = DeafQueue()
    write(own_app)
    own_app.extensions[QUEUE] = queue = RecordingQueue()
    assert sent(own_app) == []
    with running_scheduler(own_app):
        wait_for(lambda: len(queue.names) == len(JOBS))
    with own_app.app_context():
        queue.run_all()
    assert sent(own_app) == ["Betreff"]


def test_a_doubled_nudge_and_two_workers_send_a_mail_once(own_app: Flask) -> None:
    write(own_app)
    start = threading.Barrier(4)

    def work(_number: int) -> None:
        with own_app.app_context():
            start.wait()
            send_due_mails()
            send_due_mails()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert sent(own_app) == ["Betreff"]
