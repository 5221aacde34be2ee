"""Decisions about signing in: how long to wait after wrong passwords, and which passwords will do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from lms.sentences import N_, Reason

#: Wrong passwords are remembered for this long.
WINDOW = timedelta(hours=1)
FREE_TRIES_ACCOUNT = 5
#: A town hall's people share one address, so it has more tries than an account.
FREE_TRIES_ADDRESS = 50
#: Asking for a link: within WINDOW, and for an account or from an address. More is not even noted.
ASKS_ACCOUNT = 5
ASKS_ADDRESS = 30
#: A link this young is good enough for whoever asks again.
LINK_STAYS = timedelta(minutes=10)
#: A sign-in ends after this long, however much it is used.
LONGEST_SIGN_IN = timedelta(days=30)
#: How exactly it is noted when a sign-in was last used: a write for each page would be too much.
NOTED_EVERY = timedelta(minutes=10)
LONGEST_WAIT = timedelta(minutes=15)
MIN_LENGTH = 12
MAX_LENGTH = 200


class SignInReason(Reason):
    """Why signing in or a new password is refused."""

    WRONG = "wrong", N_("E-mail address or password are not right. Please check both.")
    WAIT = "wait", N_("There were too many wrong passwords. Please try again in %(minutes)s min, or set a new one.")
    LINK_GONE = "link_gone", N_("This link has been used or has expired. You can ask for a new one.")
    TOO_SHORT = (
        "too_short",
        N_("Please use at least %(least)s characters; three or four unrelated words are a good choice."),
    )
    TOO_LONG = "too_long", N_("Please use at most %(most)s characters.")
    COMMON = "common", N_("This password is among those that are tried first. Please choose another one.")
    PERSONAL = "personal", N_("Please choose a password that does not contain your name or e-mail address.")
    WRONG_CURRENT = "wrong_current", N_("Your present password is not right.")


def wait_until(failures: Sequence[datetime], free_tries: int) -> datetime | None:
    """Return until when nobody may try after these failures (oldest first), or None.

    The first tries are free; after that each failure doubles the wait from 15 seconds up to LONGEST_WAIT.
    """
    over = len(failures) - free_tries
    if over < 0:
        return None
    wait = min(timedelta(seconds=15 * 2 ** min(over, 10)), LONGEST_WAIT)
    return failures[-1] + wait


def may_ask(by_account: int, by_address: int) -> bool:
    """Say whether one more request for a link is noted after so many within WINDOW."""
    return by_account < ASKS_ACCOUNT and by_address < ASKS_ADDRESS


def oldest_valid(now: datetime, idle: timedelta) -> tuple[datetime, datetime]:
    """Return when a sign-in must have begun, and been used last, at the earliest to be still valid.

    ``idle`` is kept to within NOTED_EVERY, so that nobody loses time; the cookie lasts as long.
    """
    return now - LONGEST_SIGN_IN, now - idle - NOTED_EVERY


def password_problem(password: str, personal: Sequence[str], common: frozenset[str]) -> SignInReason | None:
    """Return why a password will not do, or None. ``common`` is lower case.

    ``personal`` are name and address, whole and in parts. What separates words, and case, make no difference to them.
    """
    if len(password) < MIN_LENGTH:
        return SignInReason.TOO_SHORT
    if len(password) > MAX_LENGTH:
        return SignInReason.TOO_LONG
    lowered = password.casefold()
    if lowered in common or len(set(lowered)) < 5 or _is_repeated(lowered) or lowered in _runs():
        return SignInReason.COMMON
    bare = remaining = _without_separators(password)
    for part in sorted(map(_without_separators, personal), key=len, reverse=True):
        if len(part) >= 4:
            remaining = remaining.replace(part, "")
    return SignInReason.PERSONAL if remaining != bare and len(remaining) < MIN_LENGTH // 2 else None


def _without_separators(text: str) -> str:
    """Return a text in lower case without what stands between words and in addresses."""
    return re.sub(r"[\s@.,;:_+-]", "", text.casefold())


def _is_repeated(text: str) -> bool:
    """Say whether a text is one shorter text again and again."""
    return text in (text + text)[1:-1]


def _runs() -> frozenset[str]:
    rows = ("1234567890", "qwertzuiopü", "qwertyuiop", "asdfghjklöä", "abcdefghijklmnopqrstuvwxyz", "yxcvbnm")
    joined = ["".join(rows[start:]) for start in range(len(rows))] + ["1234567890" * 3, "12345678901234567890"]
    return frozenset(
        text[start : start + length]
        for text in joined
        for length in range(12, 25)
        for start in range(len(text) - length + 1)
    )
