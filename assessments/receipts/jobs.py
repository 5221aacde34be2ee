"""Printing receipts."""

from __future__ import annotations

import logging
from datetime import timedelta

from assessments.receipts.actions import keep_file
from assessments.receipts.document import prepare_receipt
from assessments.receipts.queries import get_receipt, list_unprinted
from lms.clock import now
from lms.db import transaction
from lms.jobs.registry import job

log = logging.getLogger(__name__)


@job(every=timedelta(minutes=2))
def print_due_receipts() -> None:
    """Print and seal every receipt that was asked for; between two transactions, so that nobody waits for the printing"""
    with transaction():
        due = list_unprinted()
    for receipt_id in due:
        _print(receipt_id)


def _print(receipt_id: int) -> None:
    try:
        with transaction():
            print_it = prepare_receipt(receipt_id)
        content = print_it()
        with transaction():
            keep_file(get_receipt(receipt_id), content, at=now())
    except Exception:  # one that cannot be printed must not keep the others waiting
        log.exception("Receipt %s could not be printed.", receipt_id)
