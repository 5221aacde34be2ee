"""Decisions about conferring, and what a certificate's snapshot says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from lms.sentences import N_, Reason


class ConferralReason(Reason):
    """Why a cohort cannot be conferred."""

    NOT_COMPLETED = "not_completed", N_("The cohort has not been completed. Please complete the teaching first.")
    NOBODY = "nobody", N_("There is nobody to issue a document for: everybody who qualifies has one.")
    NO_SIGNATORIES = "no_signatories", N_("Please name at least one person who signs, with their function.")


def refuse_conferral(*, completed: bool, signatories: Sequence[dict[str, str]], new: int) -> ConferralReason | None:
    """Return why a cohort cannot be conferred now, or None; ``new`` counts the documents that would be issued."""
    if not completed:
        return ConferralReason.NOT_COMPLETED
    if not any(one.get("name", "").strip() for one in signatories):
        return ConferralReason.NO_SIGNATORIES
    if new == 0:
        return ConferralReason.NOBODY
    return None


def serial_number(year: int, counter: int) -> str:
    """Return the number as it is printed: SCM-2026-00001."""
    return f"SCM-{year}-{counter:05}"


#: Crockford's 32 signs: nothing that is taken for something else on paper (no I, L, O, U).
CODE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12  # 60 bits: with the limits on asking, nobody guesses one


def grouped_code(code: str) -> str:
    """Return a code as it is printed: K7QF-3M9P-X2TD."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(typed: str) -> str | None:
    """Return the code that somebody typed, forgiving case, spaces, dashes and look-alikes; None: it cannot be one."""
    signs = "".join(typed.upper().translate(_LOOKALIKES).replace("-", " ").split())
    return signs if len(signs) == CODE_LENGTH and set(signs) <= set(CODE_SIGNS) else None


_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "–": "-", "‑": "-"})


def canonical_json(value: dict[str, Any]) -> str:
    """Return JSON that is the same for the same facts: keys sorted, no spaces, UTF-8 (like RFC 8785 for what we use)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def parse_signatories(text: str) -> list[dict[str, str]]:
    """Read ``Name, Function; Name, Function`` (the setting LMS_SIGNATORIES)."""
    parts = [part.partition(",") for part in text.split(";") if part.strip()]
    return [{"name": name.strip(), "function": function.strip()} for name, _comma, function in parts]
