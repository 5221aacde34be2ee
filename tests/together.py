"""Several things at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Came = TypeVar("Came")


def together(calls: Sequence[Callable[[], Came]]) -> list[Came]:
    """Do these at the same moment, each in a thread of its own, and return what came of them in their order."""
    barrier = Barrier(len(calls))

    def one(call: Callable[[], Came]) -> Came:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))
