"""What a response consists of, in words: for statistics, receipts and the log that staff read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One thing that was chosen or typed. ``right`` says whether it alone is right; None where a person must judge."""

    text: str
    right: bool | None
