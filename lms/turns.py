"""Places that are given out in the order in which they are asked for: at working on a request, and at writing to SQLite."""

from __future__ import annotations

import fcntl
import os
import threading
import weakref
from collections import deque
from collections.abc import Iterable
from typing import Any

from flask import Flask, request

# The two bytes of the file that processes lock: the turn itself, and the place of who is next.
_TURN, _NEXT = 0, 1
_PLACE = "lms.place"

#: So many requests a process work at once, by database: more would only take each other's turns at the interpreter, which the
#: driver of SQLite passes on with every row, and the last ones wait longer. Who waits for PostgreSQL leaves it to another.
AT_ONCE = {"sqlite": 1, "postgresql": 2}
#: Nobody waits longer than this for somebody's long work.
PATIENCE_SECONDS = 0.25


class Places:
    """So many places, given out in the order in which they are asked for, to the threads of a process."""

    def __init__(self, count: int) -> None:
        """Begin with all of them free."""
        self._guard = threading.Lock()
        self._count = count
        self._taken: deque[threading.Lock] = deque()
        self._waiting: deque[threading.Lock] = deque()

    def take(self, seconds: float) -> threading.Lock | None:
        """Wait for a place and return it, or None if it did not come in time."""
        place = threading.Lock()
        with self._guard:
            if len(self._taken) < self._count:
                self._taken.append(place)
                return place
            place.acquire()
            self._waiting.append(place)
        if place.acquire(timeout=seconds):
            return place
        with self._guard:
            if place in self._waiting:
                self._waiting.remove(place)
                return None
        return place  # it came in this very moment

    def take_over(self, seconds: float) -> threading.Lock:
        """Wait for a place; if none came in time, take that of who has had one longest, who goes on without."""
        place = self.take(seconds)
        if place is None:
            place = threading.Lock()
            with self._guard:
                if len(self._taken) == self._count:
                    self._taken.popleft()
                self._taken.append(place)
        return place

    def end(self, place: threading.Lock) -> None:
        """Pass a place on to who waits longest; one that was taken over is not theirs any more."""
        with self._guard:
            if place not in self._taken:
                return
            self._taken.remove(place)
            if self._waiting:
                following = self._waiting.popleft()
                self._taken.append(following)
                following.release()


class Turns:
    """One turn at a time, to the threads of a process and to the processes that share a file.

    SQLite lets writers poll for its lock, so that under load the unlucky wait for seconds. They queue here first;
    SQLite's own lock still decides, so that nothing breaks where this one cannot be had.

    In a process a thread waits its time and no longer. At most one thread a process then waits for the other processes,
    for as long as it takes: the kernel has no lock with a time limit that also keeps the order. Who is killed gives
    back what it held.
    """

    def __init__(self, path: str | None = None) -> None:
        """Begin with nobody waiting; with a path, the processes that name the same file take turns as well."""
        self._places = Places(1)
        self._mine: threading.Lock | None = None
        self._path = path
        self._file: int | None = None

    def take(self, seconds: float) -> bool:
        """Wait for one's turn and say whether it came in time."""
        place = self._places.take(seconds)
        if place is None:
            return False
        self._mine = place
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
        if self._mine is not None:
            self._places.end(self._mine)

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


def work_in_turn(app: Flask, at_once: int) -> None:
    """Let so many requests work at once, in the order in which they came.

    What comes slowly over the line was read before, by the check of the form's token. A place is kept until the answer is
    made, not only until it is known: its thread would otherwise take turns at the interpreter with the next one.
    """
    places, dispatch, serve = Places(at_once), app.dispatch_request, app.wsgi_app

    def dispatch_in_turn() -> Any:
        request.environ[_PLACE] = places.take_over(PATIENCE_SECONDS)
        return dispatch()

    def serve_and_pass_on(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        try:
            return serve(environ, start_response)
        finally:
            place = environ.pop(_PLACE, None)
            if place is not None:
                places.end(place)

    # Flask's own way of putting something around each is to replace them.
    app.dispatch_request = dispatch_in_turn  # type: ignore[method-assign]
    app.wsgi_app = serve_and_pass_on  # type: ignore[method-assign]
