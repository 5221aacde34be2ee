"""Printing receipts."""

from __future__ import annotations

from datetime import timedelta

from assessments.receipts.actions import keep_file
from assessments.receipts.document import prepare_receipt
from assessments.receipts.queries import get_receipt, list_unprinted
from lms.clock import now
from lms.db import transaction
from lms.jobs.registry import job
from lms.jobs.rows import do_each


@job(every=timedelta(minutes=2))
def print_due_receipts() -> None:
    """Print and seal every receipt that was asked for; between two transactions, so that nobody waits for the printing"""
    do_each(list_unprinted, _print, in_transaction=False)


def _print(receipt_id: int) -> None:
    with transaction():
        print_it = prepare_receipt(receipt_id)
    content = print_it()
    with transaction():
        keep_file(get_receipt(receipt_id), content, at=now())
