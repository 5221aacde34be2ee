"""One parent for several processes: starts them, starts a fallen one again, stops all of them cleanly."""

from __future__ import annotations

import ctypes
import gc
import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from multiprocessing.context import ForkProcess
from types import FrameType

log = logging.getLogger(__name__)
STOP_SECONDS = 15
RESTART_PAUSE = 1.0
#: A process that falls this often within a minute will not stand up again by itself.
MAX_FALLS = 5
#: Children begin with all that the parent has loaded: loading it takes longer than everything else about a start.
_FORK = multiprocessing.get_context("fork")
_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_LINUX = ctypes.CDLL(None)


class Children:
    """Processes with one fate: none outlives the parent, not even when that is killed.

    The parent must have no thread and no open connection when it calls ``run``: both don't survive a fork.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self._works: dict[str, Callable[[], None]] = {}
        self._running: dict[str, ForkProcess] = {}
        self._falls: dict[str, list[float]] = {}
        self._stopping = False

    def add(self, name: str, work: Callable[[], None]) -> None:
        """Have this done by a process of its own, which ``ps`` and ``top`` show by the name (15 letters)."""
        self._works[name] = work

    def run(self) -> int:
        """Run until SIGINT or SIGTERM (0) or until a process keeps falling (1)."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)
        gc.collect()
        gc.freeze()  # the children share what is loaded and never go through it for garbage
        for name in self._works:
            self._start(name)
        status = 0
        while not self._stopping:
            time.sleep(0.2)
            for name, process in list(self._running.items()):
                code = process.exitcode
                if code is not None and not self._stopping and not self._restart(name, code):
                    status, self._stopping = 1, True
        self._stop_all()
        return status

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self, name: str) -> None:
        self._running[name] = _FORK.Process(target=_begin, args=(name, self._works[name], os.getpid()), name=name)
        self._running[name].start()

    def _restart(self, name: str, code: int) -> bool:
        moment = time.monotonic()
        falls = self._falls[name] = [one for one in self._falls.get(name, []) if moment - one < 60] + [moment]
        log.error("A process has ended", extra={"child": name, "code": code, "falls": len(falls)})
        if len(falls) >= MAX_FALLS:
            log.error("It ended too often; everything stops. Its messages are above.", extra={"child": name})
            return False
        time.sleep(RESTART_PAUSE)
        self._start(name)
        return True

    def _stop_all(self) -> None:
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            process.join(max(0.1, deadline - time.monotonic()))
            if process.exitcode is None:
                process.kill()
                process.join()


def _begin(name: str, work: Callable[[], None], parent: int) -> None:
    """Make a forked process one of its own, and work."""
    os.setsid()  # Ctrl+C reaches the parent only, which then stops its children in order
    _LINUX.prctl(_PR_SET_NAME, name.encode())
    _die_with_parent()
    os.register_at_fork(after_in_child=_die_with_parent)  # the web server has children of its own
    if os.getppid() == parent:
        work()


def _die_with_parent() -> None:
    """Have Linux end this process when its parent is gone, so that a killed parent leaves no orphans.

    Until it says otherwise, a signal to end ends it: what its parent does at one would do nothing here, and the signal
    would be lost on a process that is just beginning.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    _LINUX.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
