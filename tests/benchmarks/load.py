"""Load from a bounded number of connections against a server on this machine, and what it cost the server."""

from __future__ import annotations

import http.client
import os
import statistics
import threading
import time
from collections.abc import Callable
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


@dataclass(frozen=True)
class Figures:
    """What came out: times in milliseconds, CPU in milliseconds a request of all the server's processes."""

    requests: int
    errors: int
    per_second: float
    p50: float
    p95: float
    p99: float
    cpu: float


def run(port: int, server: int, connections: int, total: int, make: Callable[[int], Request]) -> Figures:
    """Send ``total`` requests, the n-th made by ``make(n)``, over so many connections at once."""
    times: list[float] = []
    errors = [0]
    counter = iter(range(total))
    lock = threading.Lock()

    def work() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                number = next(counter, None)
            if number is None:
                line.close()
                return
            request = make(number)
            # Everybody comes from an address of their own, or the limits against guessing would be measured.
            headers = {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
            headers |= {"Cookie": request.cookie} if request.cookie else {}
            body = None
            if request.fields is not None:
                body = urlencode(request.fields)
                headers |= {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Accept": "application/json, text/html",
                }
            began = time.perf_counter()
            line.request("GET" if body is None else "POST", request.path, body, headers)
            answer = line.getresponse()
            answer.read()
            took = time.perf_counter() - began
            with lock:
                times.append(took * 1000)
                errors[0] += answer.status >= 400

    before, began = cpu_seconds(server), time.perf_counter()
    threads = [threading.Thread(target=work) for _number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, spent = time.perf_counter() - began, cpu_seconds(server) - before
    cuts = statistics.quantiles(times, n=100) if len(times) > 1 else times * 99
    return Figures(total, errors[0], total / wall, statistics.median(times), cuts[94], cuts[98], spent * 1000 / total)


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
