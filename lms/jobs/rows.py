"""Work on due rows one by one: one that fails keeps none of the others waiting."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from lms.db import transaction

log = logging.getLogger(__name__)


def do_each(due: Callable[[], Iterable[int]], act: Callable[[int], None]) -> None:
    """Call ``act`` with the id of every due row, each in a transaction of its own.

    A row whose ``act`` raises is rolled back, logged with its id, and still due: the next sweep tries it again, and the
    others are done all the same. ``act`` looks again whether there is something to do: somebody else may have done it.
    """
    with transaction():
        ids = list(due())
    for row_id in ids:
        try:
            with transaction():
                act(row_id)
        except Exception:  # whatever it is, it is this row's
            log.exception("One row of a job failed", extra={"work": f"{act.__module__}.{act.__name__}", "row": row_id})
