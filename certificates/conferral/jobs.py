"""Printing the protocols of what was conferred."""

from __future__ import annotations

from datetime import timedelta

from certificates.conferral.printing import keep_protocol, prepare_protocol
from certificates.conferral.queries import list_unprinted_protocols
from lms.clock import now
from lms.db import transaction
from lms.jobs.registry import job
from lms.jobs.rows import do_each


@job(every=timedelta(minutes=2))
def print_due_protocols() -> None:
    """Print and seal the protocol of every conferral that has none yet, between two transactions

    A worker that dies in between leaves that one as it was, and the next run takes it up again.
    """
    do_each(list_unprinted_protocols, _print, in_transaction=False)


def _print(conferral_id: int) -> None:
    with transaction():
        print_it = prepare_protocol(conferral_id)
    printed = print_it(now())
    with transaction():
        keep_protocol(conferral_id, printed, at=now())
