"""Places that are given out in the order in which they are asked for; one of them is the turn at writing to SQLite."""

from __future__ import annotations

import fcntl
import os
import threading
import weakref
from collections import deque

# The two bytes of the file that processes lock: the turn itself, and the place of who is next.
_TURN, _NEXT = 0, 1


class Places:
    """So many places, given out in the order in which they are asked for, to the threads of a process."""

    def __init__(self, count: int) -> None:
        """Begin with all of them free."""
        self._guard = threading.Lock()
        self._free = count
        self._waiting: deque[threading.Lock] = deque()

    def take(self, seconds: float) -> bool:
        """Wait for a place and say whether it came in time."""
        with self._guard:
            if self._free:
                self._free -= 1
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # the place came in this very moment

    def end(self) -> None:
        """Pass the place on to who waits longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1


class Turns(Places):
    """One place, to the threads of a process and to the processes that share a file.

    SQLite lets writers poll for its lock, so that under load the unlucky wait for seconds. They queue here first;
    SQLite's own lock still decides, so that nothing breaks where this one cannot be had.

    In a process a thread waits its time and no longer. At most one thread a process then waits for the other processes,
    for as long as it takes: the kernel has no lock with a time limit that also keeps the order. Who is killed gives
    back what it held.
    """

    def __init__(self, path: str | None = None) -> None:
        """Begin with nobody waiting; with a path, the processes that name the same file take turns as well."""
        super().__init__(1)
        self._path = path
        self._file: int | None = None

    def take(self, seconds: float) -> bool:
        """Wait for one's turn and say whether it came in time."""
        if not super().take(seconds):
            return False
        if self._path is not None:
            try:
                self._take_among_processes(self._path)
            except OSError:
                self._path = None  # no file can be made there, or it has no locks: the threads take turns, as before
        return True

    def end(self) -> None:
        """Pass the turn on."""
        if self._file is not None and self._path is not None:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, _TURN)
        super().end()

    def _take_among_processes(self, path: str) -> None:
        """Wait for the place of who is next, then for the turn: whoever just had it has to queue again behind the waiting.

        These locks belong to a process, not to the open file, so that a child does not inherit its parent's.
        """
        if self._file is None:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            weakref.finalize(self, os.close, self._file)
        fcntl.lockf(self._file, fcntl.LOCK_EX, 1, _NEXT)
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX, 1, _TURN)
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, _NEXT)
