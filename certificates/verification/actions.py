"""Looking up what somebody typed, at the price of a guess for what fits nothing.

Guesses are counted in the database, so that they hold for the installation however many processes and machines serve it.
Whoever comes with a link costs nothing of this: a link cannot be guessed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from certificates.conferral.models import Certificate
from certificates.verification.models import GuessCount
from certificates.verification.queries import find_inquired
from certificates.verification.rules import GUESSES_PER_MINUTE, Inquiry
from lms.db import only_read, session, transaction
from lms.limits import asker_of, refilled, seconds_to_next
from lms.settings import current_config

#: After so long everybody has all guesses again, and nothing needs to be known of them.
FORGET_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class LookUp:
    """What was found, one for each inquiry; of those that fit nothing ``misses`` may be told.

    ``wait``: for so many seconds the asker has no guess left, and nothing is told.
    """

    found: Sequence[Certificate | None]
    misses: int
    wait: int = 0


def look_up(inquiries: Sequence[Inquiry], address: str, *, at: datetime) -> LookUp:
    """Return the documents that are asked for. Each inquiry that fits nothing costs this address a guess.

    In transactions of their own, which are over before anything is written or printed about it. What fits is read first,
    without keeping anybody waiting; nothing of it is told before its guesses were taken from the count, which is held
    meanwhile, so that of a thousand at the same moment no more are answered than there are guesses left. Where nothing can
    be guessed, nothing is counted: neither by links nor by numbers without a name, which are not looked up.
    """
    with current_app.app_context(), transaction():
        only_read()
        found = find_inquired(inquiries)
    wrong = sum(one is None and not inquiry.needs_name for one, inquiry in zip(found, inquiries, strict=True))
    if all(one.token or one.needs_name for one in inquiries):
        return LookUp(found, wrong)
    with current_app.app_context(), transaction():
        count = _hold_count(_fingerprint(address), at=at)
        left = refilled(count.remaining, (at - count.at).total_seconds(), GUESSES_PER_MINUTE)
        wait = seconds_to_next(left, GUESSES_PER_MINUTE)
        if wait:
            return LookUp([], 0, wait)
        taken = min(wrong, int(left))
        if taken:
            count.remaining, count.at = left - taken, max(at, count.at)
        return LookUp(found, taken)


def forget_guesses(*, at: datetime) -> None:
    """Delete the counts of everybody who has all guesses again."""
    session.execute(delete(GuessCount).where(GuessCount.at < at - FORGET_AFTER))


def _hold_count(asker: str, *, at: datetime) -> GuessCount:
    """Return an asker's count, locked until the transaction ends. One count an asker: its key decides."""
    count = session.get(GuessCount, asker, with_for_update=True)
    if count is None:
        try:
            with session.begin_nested():
                session.add(GuessCount(asker=asker, remaining=float(GUESSES_PER_MINUTE), at=at))
                session.flush()
        except IntegrityError:
            pass  # the same asker came a moment ago
        count = session.get_one(GuessCount, asker, with_for_update=True, populate_existing=True)
    return count


def _fingerprint(address: str) -> str:
    key = current_config().session_secret().encode()
    return hmac.new(key, asker_of(address).encode(), hashlib.sha256).hexdigest()
