"""Work on due rows one by one: one that fails keeps none of the others waiting, and is known until it has succeeded."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from lms.clock import now
from lms.db import transaction
from lms.jobs.actions import forget_faults, note_fault
from lms.jobs.queries import list_faulty_rows

log = logging.getLogger(__name__)


def do_each(due: Callable[[], Iterable[int]], act: Callable[[int], None], *, in_transaction: bool = True) -> None:
    """Call ``act`` with the id of every due row, each in a transaction of its own (or in those that ``act`` makes).

    A row whose ``act`` raises is rolled back, logged with its id, and still due: the next sweep tries it again, and the
    others are done all the same. ``act`` looks again whether there is something to do: somebody else may have done it.
    """
    work = f"{act.__module__}.{act.__name__}"
    with transaction():
        ids, faulty = list(due()), list_faulty_rows(work)
        forget_faults(work, faulty.difference(ids))
    for row_id in ids:
        try:
            if in_transaction:
                with transaction():
                    act(row_id)
            else:
                act(row_id)
        except Exception as error:  # whatever it is, it is this row's
            log.exception("One row of a job failed", extra={"work": work, "row": row_id})
            remember_fault(work, row_id, error)
        else:
            if row_id in faulty:
                with transaction():
                    forget_faults(work, {row_id})


def remember_fault(work: str, row_id: int, error: Exception) -> None:
    """Note a fault for ``lms check``, if the database can take it; the log has it anyway."""
    try:
        with transaction():
            note_fault(work, row_id, error, at=now())
    except Exception:  # a full disk, a lost database, another worker at the same moment
        log.exception("A fault could not be noted", extra={"work": work, "row": row_id})
