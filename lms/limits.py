"""How often somebody may do something: turns that come back with time, counted for each asker."""

from __future__ import annotations

import ipaddress
import threading
import time


def refilled(left: float, seconds: float, per_minute: float, most: float | None = None) -> float:
    """Return how many turns there are after so many seconds, if there were ``left``; at most ``most`` (``per_minute``)."""
    return min(per_minute if most is None else most, left + max(0.0, seconds) * per_minute / 60)


def seconds_to_next(left: float, per_minute: float) -> int:
    """Return after how many whole seconds there is a turn again; 0: there is one."""
    return max(1, int((1 - left) * 60 / per_minute + 0.999)) if left < 1 else 0


class Limiter:
    """Lets each asker do something so often a minute, with bursts (a token bucket).

    It lives in the memory of one web process: its purpose is that nobody wears the machine or its readers out, and each
    process has its own strength. What must hold for the whole installation is counted in the database, as the guesses of
    the verification are.
    """

    def __init__(self, per_minute: float, burst: int | None = None) -> None:
        """``per_minute`` is the lasting rate; ``burst`` how much at once, and if it is not given the same number."""
        self._per_minute = per_minute
        self._most = float(per_minute if burst is None else burst)
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def wait(self, address: str, moment: float | None = None) -> int:
        """Take one turn; return 0, or for how many seconds the address must wait (the turn is then not taken)."""
        if self.take(address, 1, moment):
            return 0
        return self.time_to_next(address)

    def take(self, address: str, count: int, moment: float | None = None) -> int:
        """Take up to ``count`` turns and return how many there were."""
        address = asker_of(address)
        moment = time.monotonic() if moment is None else moment
        with self._lock:
            if len(self._buckets) > 10_000:
                full_after = 60 * self._most / self._per_minute
                self._buckets = {key: one for key, one in self._buckets.items() if moment - one[1] < full_after}
            left, last = self._buckets.get(address, (self._most, moment))
            left = refilled(left, moment - last, self._per_minute, self._most)
            taken = min(count, int(left))
            self._buckets[address] = (left - taken, moment)
            return taken

    def time_to_next(self, address: str) -> int:
        """Return how many seconds after its last try an address has a turn again; 0: it has one."""
        left = self._buckets.get(asker_of(address), (self._most, 0.0))[0]
        return seconds_to_next(left, self._per_minute)

    def forget(self) -> None:
        """Forget everybody."""
        self._buckets.clear()


def asker_of(address: str) -> str:
    """Return what counts as one asker: an IPv4 address, or the /64 of an IPv6 one, which is a single connection's."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return address
    mapped = known.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((known, 64), strict=False))
