"""Long texts in the log: an answer that changes a text a little is kept as the change, not as the whole text again.

Somebody who writes an essay for an hour is saved every few seconds; whole texts would make a log of megabytes that is
read with every answer. The change is what ``apply_edit`` needs to make the new text out of the one that stood before.
"""

from __future__ import annotations

from typing import Any

#: Shorter texts are kept whole.
LEAST = 200


def edit_between(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[Any] | None:
    """Return ``[kept at the start, kept at the end, what stands between]``, or None when whole is as good."""
    old, new = _text(before), _text(after)
    if old is None or new is None or len(new) < LEAST:
        return None
    most = min(len(old), len(new))
    start = _common(old, new, most)
    end = _common(old[::-1], new[::-1], most - start)
    between = new[start : len(new) - end]
    return [start, end, between] if len(between) < len(new) // 2 else None


def apply_edit(before: dict[str, Any] | None, edit: list[Any]) -> dict[str, Any]:
    """Return the response after an edit of the one that stood before."""
    old = _text(before) or ""
    start, end, between = edit
    return {"text": old[:start] + between + old[len(old) - end :]}


def _text(response: dict[str, Any] | None) -> str | None:
    return response["text"] if response is not None and set(response) == {"text"} else None


def _common(one: str, other: str, most: int) -> int:
    """Return how long both begin alike, in few comparisons of slices."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
