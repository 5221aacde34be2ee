"""Why a document is not printed yet, when it is tried again, and how long the rest takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from lms.sentences import N_, Reason

#: Documents that a worker takes up together: a cohort, which the fast path prints in a second, the plain one in ten.
BATCH = 25
#: So long nobody else takes a batch up; a worker that has died is followed by another then.
HOLD, HOLD_ISOLATED = timedelta(seconds=30), timedelta(seconds=180)
#: What a document takes as long as nothing has been measured.
USUAL_SECONDS = 0.5


class PrintingReason(Reason):
    """Why the last try failed. What was issued is valid all the same."""

    SEAL = "seal", N_("The documents wait: the seal's key cannot be used at the moment. The administrators can see why.")
    TIMESTAMP = "timestamp", N_("The documents wait: the timestamp authority does not answer. It is asked again every minute.")
    PRINTING = "printing", N_("The documents wait: this installation cannot print at the moment. The administrators can see why.")
    LAYOUT = "layout", N_("The documents wait: their layout cannot print them.")
    UNKNOWN = "unknown", N_("The documents wait: printing failed, and is tried again. The administrators can see why.")


PAUSES = {
    PrintingReason.SEAL: timedelta(seconds=30),
    PrintingReason.TIMESTAMP: timedelta(minutes=1),
    PrintingReason.PRINTING: timedelta(minutes=1),
    PrintingReason.LAYOUT: timedelta(minutes=10),
    PrintingReason.UNKNOWN: timedelta(minutes=2),
}


def seconds_left(open_documents: int, printed_at: Sequence[datetime]) -> int:
    """Return how many seconds the rest takes, from when the last documents were ready; ``printed_at`` in any order."""
    last = sorted(printed_at)[-20:]
    pace = USUAL_SECONDS
    if len(last) > 1:
        pace = max((last[-1] - last[0]).total_seconds() / (len(last) - 1), 0.01)
    return max(1, round(open_documents * pace)) if open_documents else 0
