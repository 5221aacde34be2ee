"""Writers on SQLite come one after the other, in the order in which they asked."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from lms import db
from lms.db import make_engine
from lms.turns import Places, Turns

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
        while len(turns._waiting) <= number:
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
    assert places.take(0)
    assert places.take(0)
    assert not places.take(0.01)
    places.end()
    assert places.take(0)
    places.end()
    places.end()
    assert places.take(0)
    assert places.take(0)
    assert not places.take(0)


def test_a_request_waits_for_a_place_but_not_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "AT_ONCE", 2)
    app, began, may_end = Flask("places"), threading.Semaphore(0), threading.Event()
    db.init_app(app, f"sqlite:///{tmp_path / 'places.db'}", 4)

    @app.get("/long")
    def work() -> str:
        began.release()
        assert may_end.wait(30)
        return "worked"

    @app.get("/short")
    def answer() -> str:
        return "answered"

    def ask(path: str) -> str:
        return app.test_client().get(path).text

    with ThreadPoolExecutor(3) as pool:
        long = [pool.submit(ask, "/long") for _number in range(2)]
        assert all(began.acquire(timeout=30) for _one in long)
        monkeypatch.setattr(db, "PATIENCE_SECONDS", 0.01)
        assert ask("/short") == "answered"  # although both places are taken
        monkeypatch.setattr(db, "PATIENCE_SECONDS", 30)
        short = pool.submit(ask, "/short")
        assert wait([short], timeout=0.1).not_done
        may_end.set()
        assert [one.result(30) for one in [*long, short]] == ["worked", "worked", "answered"]


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
