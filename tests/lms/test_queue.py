"""The queue in Redis: jobs go through it, and while it is away nothing is lost and nobody waits long."""

from __future__ import annotations

import socketserver
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from lms.db import transaction
from lms.health.checks import run_checks
from lms.jobs.queue import Queue
from lms.jobs.registry import JOBS, QUEUE, nudge
from lms.settings import CONFIG
from tests.conftest import RecordingQueue
from tests.lms.test_scheduler import running_scheduler, sent, wait_for, write
from tests.postgresql import free_port


class LittleRedis(socketserver.StreamRequestHandler):
    """The part of Redis that the queue speaks: lists, in its protocol's second version."""

    lists: defaultdict[bytes, list[bytes]]

    def handle(self) -> None:
        """Answer until the client goes."""
        while head := self.rfile.readline():
            words = []
            for _number in range(int(head[1:])):
                size = int(self.rfile.readline()[1:])
                words.append(self.rfile.read(size + 2)[:-2])
            self.wfile.write(self.answer(words[0].upper(), words[1:]))

    def answer(self, command: bytes, words: list[bytes]) -> bytes:
        """Return what Redis says."""
        if command == b"LPUSH":
            self.lists[words[0]].insert(0, words[1])
            return b":%d\r\n" % len(self.lists[words[0]])
        if command == b"LLEN":
            return b":%d\r\n" % len(self.lists[words[0]])
        if command == b"BRPOP":
            if not self.lists[words[0]]:
                return b"*-1\r\n"
            found = self.lists[words[0]].pop()
            return b"*2\r\n$%d\r\n%b\r\n$%d\r\n%b\r\n" % (len(words[0]), words[0], len(found), found)
        if command == b"HMGET":  # no task was called off
            return b"*%d\r\n" % (len(words) - 1) + b"$-1\r\n" * (len(words) - 1)
        return b"+OK\r\n"


@pytest.fixture
def redis_url() -> Iterator[str]:
    """The address of a small Redis."""
    handler = type("Handler", (LittleRedis,), {"lists": defaultdict(list)})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"redis://127.0.0.1:{server.server_address[1]}/0?protocol=2"
        server.shutdown()


def with_queue(app: Flask, url: str) -> Queue:
    """Give the application a queue at this address."""
    app.extensions[QUEUE] = queue = Queue(app, replace(app.extensions[CONFIG], queue_url=url))
    return queue


@pytest.mark.once
def test_a_job_goes_through_redis(own_app: Flask, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setitem(JOBS, "send_due_mails", replace(JOBS["send_due_mails"], run=lambda: done.append("mails")))
    queue = with_queue(own_app, redis_url)
    with own_app.app_context():
        with transaction():
            nudge("send_due_mails")
        [finding] = run_checks(("queue",))
        assert finding.good == "1 waiting"
    queue.huey.execute(queue.huey.dequeue())
    assert done == ["mails"]
    assert len(queue.huey) == 0
    queue.huey.storage.pool.disconnect()


@pytest.mark.once
def test_while_redis_is_away_work_waits_and_is_found(own_app: Flask) -> None:
    port = free_port()
    with_queue(own_app, f"redis://:geheim@127.0.0.1:{port}/0")
    begun = time.monotonic()
    write(own_app)  # its nudge is lost
    assert time.monotonic() - begun < 10
    with own_app.app_context():
        [finding] = run_checks(("queue",))
    assert str(port) in finding.problem
    assert "LMS_QUEUE_URL" in finding.problem
    assert "geheim" not in finding.problem
    own_app.extensions[QUEUE] = queue = RecordingQueue()
    with running_scheduler(own_app):
        wait_for(lambda: len(queue.names) == len(JOBS))
    with own_app.app_context():
        queue.run_all()
    assert sent(own_app) == ["Betreff"]
