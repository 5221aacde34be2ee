"""Printing what has been issued."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from certificates.documents.actions import Batch, attach_files, keep_document, put_off, take_batch
from certificates.documents.rendering import render_batch
from certificates.documents.rules import PrintingReason
from lms.clock import now
from lms.db import transaction
from lms.institution.seal import SealError, TimestampError, load_seal
from lms.jobs.actions import forget_faults
from lms.jobs.registry import job
from lms.jobs.rows import remember_fault
from lms.printing.isolation import LayoutFault, LayoutFaultError
from lms.printing.rendering import PrintingImpossibleError

log = logging.getLogger(__name__)

#: What ``lms check`` says of a document that cannot be printed.
WORK = "printing of certificates"
#: What would hold up every other batch as well.
GENERAL = frozenset({PrintingReason.SEAL, PrintingReason.TIMESTAMP, PrintingReason.PRINTING})


@job(every=timedelta(seconds=30))
def render_due_certificates() -> None:
    """Print, seal and mail every certificate that has no PDF yet, in batches that several workers share

    A worker that dies leaves its batch to others, who take it up when its time is over (see ``rules.HOLD``).
    """
    while True:
        with transaction():
            batch = take_batch(at=now())
        if batch is None:
            return
        reasons = [reason for part in _attempts(batch) if (reason := part)]
        if GENERAL & set(reasons):
            return


def _attempts(batch: Batch) -> Iterator[PrintingReason | None]:
    """Print a batch; where that may be for one of its documents, each of them alone, so that one spoils no others."""
    reason, single = _print(batch)
    if single and len(batch.ids) > 1:
        yield from (_print(one)[0] for one in batch.split())
    else:
        yield reason


def _print(batch: Batch) -> tuple[PrintingReason | None, bool]:
    """Return why a batch could not be printed, if it could not, and whether a single document of it may be the cause."""
    kept = 0
    try:
        seal = load_seal()  # before the work, not after it
        with transaction():
            orders = attach_files(batch).orders
        for sealed in render_batch(orders, layout=batch.layout, sealed_at=now()):
            with transaction():
                keep_document(
                    batch.ids[kept],
                    sealed,
                    seal,
                    version_id=batch.version_id,
                    at=now(),
                    still_open=batch.ids[kept + 1 :],
                )
                forget_faults(WORK, [batch.ids[kept]])
            kept += 1
    except Exception as error:  # the reason is noted, and the documents are due again
        reason = _reason_for(error)
        log.exception("Documents could not be printed", extra={"reason": reason.value, "documents": len(batch.ids) - kept})
        remember_fault(WORK, batch.ids[kept], error)
        with transaction():
            left = replace(batch, ids=batch.ids[kept:], orders=batch.orders[kept:])
            put_off(left, reason, at=now(), fault=_fault_of(error))
        return reason, _may_be_one(error, reason)
    return None, False


def _may_be_one(error: Exception, reason: PrintingReason) -> bool:
    if isinstance(error, LayoutFaultError):  # one alone takes as long: trying each would hold everybody up
        return error.fault not in {LayoutFault.TIME, LayoutFault.MEMORY}
    return reason is PrintingReason.UNKNOWN


def _fault_of(error: Exception) -> tuple[str, str] | None:
    return (error.fault.value, error.detail) if isinstance(error, LayoutFaultError) else None


def _reason_for(error: Exception) -> PrintingReason:
    kinds = (
        (TimestampError, PrintingReason.TIMESTAMP),
        (SealError, PrintingReason.SEAL),
        (PrintingImpossibleError, PrintingReason.PRINTING),
        (LayoutFaultError, PrintingReason.LAYOUT),
    )
    return next((reason for kind, reason in kinds if isinstance(error, kind)), PrintingReason.UNKNOWN)
