"""Decisions about verifying: what state a certificate is in, and who asks too often."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


class CertificateState(StrEnum):
    """What a verifier is told."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"
    ERASED = "erased"


@dataclass(frozen=True)
class Happening:
    """An event of a certificate."""

    kind: str
    at: datetime


def fold_events(
    events: Sequence[Happening], valid_until: date | None, today: date
) -> tuple[CertificateState, datetime | None]:
    """Return the state after these events, and since when; erasure outweighs revocation, that replacement, that expiry."""
    for state in (CertificateState.ERASED, CertificateState.REVOKED, CertificateState.REPLACED):
        for event in reversed(events):
            if event.kind == state.value:
                return state, event.at
    if valid_until is not None and today > valid_until:
        return CertificateState.EXPIRED, None
    return CertificateState.VALID, None


class Limiter:
    """Lets each address ask so often a minute, with bursts up to the same number (a token bucket).

    It lives in the memory of one web process: its purpose is to make guessing slow, not to count exactly.
    """

    def __init__(self, per_minute: int) -> None:
        """``per_minute`` is the lasting rate and the size of a burst."""
        self._per_minute = per_minute
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def wait(self, address: str, moment: float | None = None) -> int:
        """Take one turn; return 0, or for how many seconds the address must wait (the turn is then not taken)."""
        moment = time.monotonic() if moment is None else moment
        with self._lock:
            if len(self._buckets) > 10_000:
                self._buckets = {key: bucket for key, bucket in self._buckets.items() if moment - bucket[1] < 60}
            left, last = self._buckets.get(address, (float(self._per_minute), moment))
            left = min(self._per_minute, left + (moment - last) * self._per_minute / 60)
            if left < 1:
                self._buckets[address] = (left, moment)
                return max(1, int((1 - left) * 60 / self._per_minute + 0.999))
            self._buckets[address] = (left - 1, moment)
            return 0
