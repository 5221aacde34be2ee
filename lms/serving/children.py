"""One parent for several processes: starts them, starts a fallen one again, stops all of them cleanly."""

from __future__ import annotations

import ctypes
import logging
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from types import FrameType

log = logging.getLogger(__name__)
STOP_SECONDS = 15
RESTART_PAUSE = 1.0
#: A process that falls this often within a minute will not stand up again by itself.
MAX_FALLS = 5
_PR_SET_PDEATHSIG = 1


class Children:
    """Processes with one fate: none outlives the parent, not even when that is killed."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Begin without any; all of them will have this environment."""
        self._environment = environment
        self._commands: dict[str, Sequence[str]] = {}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._falls: dict[str, list[float]] = {}
        self._stopping = False

    def add(self, name: str, command: Sequence[str]) -> None:
        """Have this command started by ``run``."""
        self._commands[name] = command

    def run(self) -> int:
        """Run until SIGINT or SIGTERM (0) or until a process keeps falling (1)."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)
        for name in self._commands:
            self._start(name)
        status = 0
        while not self._stopping:
            time.sleep(0.2)
            for name, process in list(self._running.items()):
                if process.poll() is not None and not self._stopping and not self._restart(name, process.returncode):
                    status, self._stopping = 1, True
        self._stop_all()
        return status

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self, name: str) -> None:
        # A session of their own: Ctrl+C reaches the parent only, which then stops them in order.
        self._running[name] = subprocess.Popen(  # noqa: S603 - our own commands
            self._commands[name], env=self._environment, start_new_session=True, preexec_fn=_die_with_parent
        )

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
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _die_with_parent() -> None:
    """Ask Linux to end this process when its parent is gone, so that a killed parent leaves no orphans."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
