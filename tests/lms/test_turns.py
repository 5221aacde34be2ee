"""Writers on SQLite come one after the other, in the order in which they asked."""

from __future__ import annotations

import threading
import time

from lms.db import Turns


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
