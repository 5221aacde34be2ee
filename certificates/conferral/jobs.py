"""Printing the protocols of what was conferred."""

from __future__ import annotations

from datetime import timedelta

from certificates.conferral.printing import print_protocol
from certificates.conferral.queries import claim_unprinted_protocol
from lms.clock import now
from lms.db import transaction
from lms.jobs.registry import job


@job(every=timedelta(minutes=2))
def print_due_protocols() -> None:
    """Print and seal the protocol of every conferral that has none yet; one transaction each.

    A worker that dies in between leaves that one as it was, and the next run takes it up again.
    """
    while True:
        with transaction():
            conferral = claim_unprinted_protocol()
            if conferral is None:
                return
            print_protocol(conferral, at=now())
