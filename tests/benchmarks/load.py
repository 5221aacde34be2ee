"""Load from a bounded number of connections against a server on this machine, and what it cost the server.

It comes from the cores that the server works on, and so is made to cost little: one thread looks after all connections,
and of an answer it reads what it has to know. A thread and ``http.client`` for each connection cost twice as much.
"""

from __future__ import annotations

import os
import selectors
import socket
import statistics
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Request:
    """What is asked: ``fields`` make it a POST."""

    path: str
    cookie: str = ""
    fields: tuple[tuple[str, str], ...] | None = None
    address: str = "10.0.0.1"

    def as_bytes(self) -> bytes:
        """Return it as it goes over the line."""
        head = f"{'GET' if self.fields is None else 'POST'} {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        head += f"X-Forwarded-For: {self.address}\r\nAccept-Encoding: gzip, br\r\n"
        if self.cookie:
            head += f"Cookie: {self.cookie}\r\n"
        if self.fields is None:
            return f"{head}\r\n".encode()
        body = urlencode(self.fields)
        return (
            f"{head}Content-Type: application/x-www-form-urlencoded\r\nAccept: application/json, text/html\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


@dataclass(frozen=True)
class Answer:
    """What came back, as far as anybody asks."""

    status: int
    head: bytes

    def header(self, name: str) -> str:
        """Return a header, or nothing."""
        _before, _name, rest = self.head.lower().partition(f"\r\n{name}: ".encode())
        begin = len(self.head) - len(rest)
        return self.head[begin:].partition(b"\r\n")[0].decode() if rest else ""


#: Yields requests one after the other, is sent the answer to each, and returns whether it failed.
Journey = Generator[Request, Answer, bool]


@dataclass(frozen=True)
class Figures:
    """What came out: times in milliseconds, CPU in milliseconds a journey of all the server's processes."""

    requests: int
    errors: int
    per_second: float
    p50: float
    p95: float
    p99: float
    cpu: float


class Line:
    """A connection that is kept open, and the journey that is on it."""

    def __init__(self, port: int, selector: selectors.BaseSelector) -> None:
        self._port, self._selector = port, selector
        self._connect()

    def _connect(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(self._socket, selectors.EVENT_READ, self)
        self._received = b""

    def close(self) -> None:
        """Close it."""
        self._selector.unregister(self._socket)
        self._socket.close()

    def begin(self, journey: Journey) -> None:
        """Send the first request of a journey."""
        self.journey, self.began = journey, time.perf_counter()
        self._send(next(journey))

    def go_on(self) -> bool | None:
        """Take what has come; with a whole answer send the next request, or return at the journey's end whether it failed."""
        answer = self._receive()
        if answer is None:
            return None
        if answer.header("connection").lower() == "close":
            self.close()
            self._connect()
        try:
            self._send(self.journey.send(answer))
        except StopIteration as end:
            return bool(end.value)
        return None

    def _send(self, request: Request) -> None:
        self._socket.sendall(request.as_bytes())

    def _receive(self) -> Answer | None:
        received = self._socket.recv(1 << 18)
        if not received:
            raise ConnectionError("The server closed the connection.")
        self._received += received
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            return None
        answer = Answer(int(head[9:12]), head)
        if len(body) < int(answer.header("content-length")):
            return None
        self._received = b""
        return answer


def drive(port: int, server: int, connections: int, journeys: Iterable[Journey]) -> Figures:
    """Make these journeys over so many connections at once; the times are those of whole journeys."""
    waiting, times, errors = iter(journeys), [], 0
    before, began = cpu_seconds(server), time.perf_counter()
    with selectors.DefaultSelector() as selector:
        travelling = 0
        for journey in _first(connections, waiting):
            Line(port, selector).begin(journey)
            travelling += 1
        while travelling:
            for key, _events in selector.select():
                line: Line = key.data
                failed = line.go_on()
                if failed is None:
                    continue
                times.append((time.perf_counter() - line.began) * 1000)
                errors += failed
                following = next(waiting, None)
                if following is None:
                    line.close()
                    travelling -= 1
                else:
                    line.begin(following)
    wall, spent, count = time.perf_counter() - began, cpu_seconds(server) - before, len(times)
    cuts = statistics.quantiles(times, n=100) if count > 1 else times * 99
    return Figures(count, errors, count / wall, statistics.median(times), cuts[94], cuts[98], spent * 1000 / count)


def _first(count: int, journeys: Iterator[Journey]) -> Iterator[Journey]:
    for _number in range(count):
        journey = next(journeys, None)
        if journey is not None:
            yield journey


def run(port: int, server: int, connections: int, total: int, make: Callable[[int], Request]) -> Figures:
    """Send ``total`` requests, the n-th made by ``make(n)``, over so many connections at once."""

    def ask(number: int) -> Journey:
        request = make(number)
        # Everybody comes from an address of their own, or the limits against guessing would be measured.
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        answer = yield Request(request.path, request.cookie, request.fields, address)
        return answer.status >= 400

    return drive(port, server, connections, (ask(number) for number in range(total)))


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process and its children have used."""
    total = 0
    for one in (pid, *children(pid)):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def children(pid: int) -> list[int]:
    """Return the processes beneath a process."""
    try:
        direct = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [*direct, *(deeper for one in direct for deeper in children(one))]
