"""Writers on SQLite come one after the other, in the order in which they asked."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from flask import Flask, Response, stream_with_context
from sqlalchemy import text

from lms import db
from lms.db import make_engine
from lms.turns import AT_ONCE, Places, Turns

# Another process: it takes its turn, notes it, and ends it when it is told to.
OTHER = """
import sys
from lms.turns import Turns
turns = Turns(sys.argv[1])
assert turns.take(30)
with open(sys.argv[2], "a") as served:
    served.write("other ")
print("has its turn", flush=True)
sys.stdin.readline()
turns.end()
"""


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    turns = Turns()
    assert turns.take(1)
    served: list[int] = []

    def work(number: int) -> None:
        assert turns.take(10)
        served.append(number)
        turns.end()

    threads = []
    for number in range(8):
        threads.append(threading.Thread(target=work, args=(number,)))
        threads[-1].start()
        while len(turns._places._waiting) <= number:
            time.sleep(0.001)
    turns.end()
    for thread in threads:
        thread.join(10)
    assert served == list(range(8))
    assert turns.take(0)


def test_who_waited_in_vain_is_passed_over() -> None:
    turns = Turns()
    assert turns.take(1)
    assert not turns.take(0.01)
    turns.end()
    assert turns.take(0)


def test_places_are_as_many_as_they_are() -> None:
    places = Places(2)
    first, second = places.take(0), places.take(0)
    assert first is not None
    assert second is not None
    assert places.take(0.01) is None
    places.end(first)
    third = places.take(0)
    assert third is not None
    places.end(second)
    places.end(third)
    assert places.take(0)
    assert places.take(0)
    assert places.take(0) is None


def test_a_place_that_somebody_has_for_long_is_taken_over_and_passed_on_once() -> None:
    places = Places(1)
    long = places.take_over(0)
    short = places.take_over(0.01)
    places.end(long)  # who had it for long has none to pass on
    assert places.take(0) is None
    places.end(short)
    assert places.take(0)


def test_who_waits_gets_the_place_that_was_taken_over() -> None:
    places = Places(1)
    places.take_over(0)
    short = places.take_over(0.01)
    with ThreadPoolExecutor(1) as pool:
        next_one = pool.submit(places.take, 30)
        while not places._waiting:
            time.sleep(0.001)
        places.end(short)
        assert next_one.result(30)


@pytest.fixture
def place_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An application in which one request works at a time."""
    monkeypatch.setitem(AT_ONCE, "sqlite", 1)
    app = Flask("places")
    db.init_app(app, f"sqlite:///{tmp_path / 'places.db'}", 4)
    yield app
    app.extensions[db.ENGINE].dispose()


def test_a_request_waits_for_a_place_but_not_for_long(place_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    began, may_end = threading.Semaphore(0), threading.Event()

    @place_app.get("/long")
    def work() -> str:
        began.release()
        assert may_end.wait(30)
        return "worked"

    @place_app.get("/short")
    def answer() -> str:
        return "answered"

    def ask(path: str) -> str:
        return place_app.test_client().get(path).text

    with ThreadPoolExecutor(3) as pool:
        long = pool.submit(ask, "/long")
        assert began.acquire(timeout=30)
        monkeypatch.setattr("lms.turns.PATIENCE_SECONDS", 0.01)
        assert ask("/short") == "answered"  # although the place is taken
        monkeypatch.setattr("lms.turns.PATIENCE_SECONDS", 3600)
        assert ask("/short") == "answered"  # at once: the long work has no place any more
        another = pool.submit(ask, "/long")
        assert began.acquire(timeout=30)
        short = pool.submit(ask, "/short")
        assert wait([short], timeout=0.1).not_done
        may_end.set()
        assert [one.result(30) for one in (long, another, short)] == ["worked", "worked", "answered"]


def test_an_answer_that_is_sent_piece_by_piece_keeps_no_place(place_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.turns.PATIENCE_SECONDS", 3600)

    @place_app.get("/pieces")
    def pieces() -> Response:
        return Response(stream_with_context(iter(["a", "b"])))

    @place_app.get("/fails")
    def fail() -> str:
        raise ValueError

    def ask(path: str) -> str:
        return place_app.test_client().get(path).text

    sent = place_app.test_client().get("/pieces", buffered=False)
    with ThreadPoolExecutor(1) as pool:  # a request of its own, while that one is being sent
        assert pool.submit(ask, "/pieces").result(30) == "ab"
        assert "Internal" in pool.submit(ask, "/fails").result(30)  # which passes its place on as well
        assert pool.submit(ask, "/pieces").result(30) == "ab"
    assert sent.text == "ab"


def begin_other(file: Path, served: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", OTHER, str(file), str(served)], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, text=True)  # fmt: skip


def wait_until_blocked(process: subprocess.Popen[str]) -> None:
    """Wait until the kernel says that this process waits for a lock."""
    for _try in range(3000):
        if any("->" in line and f" {process.pid} " in line for line in Path("/proc/locks").read_text().splitlines()):
            return
        assert process.poll() is None
        time.sleep(0.01)
    raise AssertionError("The other process never waited.")


def test_another_process_that_asked_first_is_served_first(tmp_path: Path) -> None:
    file, served = tmp_path / "turns", tmp_path / "served"
    turns = Turns(str(file))
    assert turns.take(1)
    other = begin_other(file, served)
    try:
        wait_until_blocked(other)

        def again() -> None:
            assert turns.take(30)
            with served.open("a") as notes:
                notes.write("again")
            turns.end()

        mine = threading.Thread(target=again)
        mine.start()
        turns.end()
        assert other.stdout is not None
        assert other.stdout.readline() == "has its turn\n"
        other.communicate("\n", timeout=30)
        mine.join(30)
        assert served.read_text() == "other again"
    finally:
        other.kill()
        other.wait()


def test_a_killed_process_gives_its_turn_back(tmp_path: Path) -> None:
    file = tmp_path / "turns"
    other = begin_other(file, tmp_path / "served")
    assert other.stdout is not None
    assert other.stdout.readline() == "has its turn\n"
    taken = threading.Event()
    turns = Turns(str(file))

    def wait() -> None:
        assert turns.take(1)
        taken.set()

    mine = threading.Thread(target=wait)
    mine.start()
    assert not taken.wait(0.2)  # the other one still has it
    other.kill()
    other.communicate()
    assert taken.wait(30)
    mine.join(30)
    turns.end()


def test_where_no_file_can_be_made_the_threads_take_turns(tmp_path: Path) -> None:
    turns = Turns(str(tmp_path / "missing" / "turns"))
    assert turns.take(1)
    assert not turns.take(0.01)
    turns.end()
    assert turns.take(0)


def test_writers_to_one_file_use_one_file_of_turns(tmp_path: Path) -> None:
    with make_engine(f"sqlite:///{tmp_path / 'a.db'}").begin() as connection:
        connection.execute(text("CREATE TABLE one (id INTEGER)"))
        assert (tmp_path / "a.db-turns").exists()
