"""Decisions about mails: when to try again, and when to give up."""

from __future__ import annotations

from datetime import timedelta

#: Pauses after the first, second, … failure; after the last one nobody tries again by itself (two and a half days).
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=8),
    timedelta(hours=24),
    timedelta(hours=24),
)


#: For so long it is kept that, when and to whom a mail was sent or given up.
KEPT = timedelta(days=90)
#: As long as a subject may be, in characters.
LONGEST_SUBJECT = 300


def one_line(text: str) -> str:
    """Return a subject as a header takes it: one line, whatever breaks and other white space somebody's title holds."""
    return " ".join(text.split())[:LONGEST_SUBJECT]


def pause_after(tries: int) -> timedelta | None:
    """Return how long to wait after this many failed tries, or None to give up."""
    return PAUSES[tries - 1] if 1 <= tries <= len(PAUSES) else None
