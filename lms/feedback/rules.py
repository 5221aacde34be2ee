"""Decisions about feedback: what counts of what was typed, which page is meant, where an answer goes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from email_validator import validate_email

from lms.sentences import N_, Reason

MOST_CHARACTERS = 4000
MOST_PAGE = 300
#: What the accessibility statement promises for a barrier, and what the form repeats.
ANSWER_WITHIN = timedelta(weeks=4)
#: Stands in a path for what opens a door: a token in a link is nobody else's business.
LEFT_OUT = "…"
#: A part of a path that is a token. Names in paths are in small letters.
_TOKEN = re.compile(r"(?=[^/]*[A-Z])[A-Za-z0-9_-]{24,}")


class Kind(StrEnum):
    """What somebody writes about."""

    BARRIER = "barrier"
    FAULT = "fault"
    PRAISE = "praise"


class FeedbackReason(Reason):
    """Why feedback is not taken now."""

    TOO_MANY = (
        "too_many",
        N_(
            "Too many messages came from your connection. Your text is still here: please send it in %(minutes)s min."
        ),
    )
    NOBODY = "nobody", N_("Nobody is named yet who could read it. Your text is still here: please send it another day.")


@dataclass(frozen=True)
class Feedback:
    """What somebody wrote; ``page`` and ``email`` may be empty."""

    kind: Kind
    text: str
    page: str = ""
    email: str = ""


def written(text: str) -> str:
    """Return a text as it is kept: lines end in one way, and nothing stands in it that cannot be shown."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(one for one in lines if one == "\n" or unicodedata.category(one) not in {"Cc", "Cs"}).strip()


def one_line(text: str) -> str:
    """Return what was typed as one line that can be shown."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def same_site_path(text: str) -> str:
    """Return a path of this site as an address carries it, or nothing for anything else."""
    inside = text.startswith("/") and not text.startswith(("//", "/\\")) and text == one_line(text)
    return text if inside and len(text) <= MOST_PAGE else ""


def without_tokens(path: str) -> str:
    """Return a path as it may be told to others: without what makes a link somebody's own."""
    return _TOKEN.sub(LEFT_OUT, path)


def reply_address(address: str) -> str | None:
    """Return an e-mail address as a header can hold it, its domain in Punycode; None: its name has letters beyond ASCII.

    Raises ValueError (EmailNotValidError) for what is no address.
    """
    return validate_email(address, check_deliverability=False).ascii_email
