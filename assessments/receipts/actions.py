"""Ask for a receipt, and keep its file."""

from __future__ import annotations

from datetime import datetime

from assessments.attempts.log import lock_state
from assessments.attempts.models import Attempt
from assessments.attempts.queries import list_steps
from assessments.receipts.models import Receipt
from assessments.receipts.queries import find_receipt
from assessments.receipts.rules import Contents, Subject, canonical_log, log_hash
from lms.db import lock, session
from lms.files.actions import store_file
from lms.jobs.registry import nudge
from lms.people.models import Person
from lms.sentences import N_, Reason, Refusal


class ReceiptReason(Reason):
    """Why there is no receipt."""

    NOT_SUBMITTED = "not_submitted", N_("There is a receipt only for an attempt that has been handed in.")


def subject_of(attempt: Attempt) -> Subject:
    """Return the numbers by which a log names its attempt."""
    return Subject(attempt.id, attempt.quiz_id, attempt.enrolment_id, attempt.number)


def ask_for_receipt(attempt: Attempt, contents: Contents, *, language: str, actor: Person, at: datetime) -> Receipt:
    """Return the receipt about the attempt as it stands; the worker makes its file. Raises Refusal.

    Scarce: one receipt about the same steps with the same contents (unique); the attempt is held while it is looked for.
    """
    state = lock_state(attempt)
    if attempt.submitted_at is None:
        raise Refusal(ReceiptReason.NOT_SUBMITTED)
    found = find_receipt(attempt.id, state.length, str(contents))
    if found is None:
        steps = list_steps(attempt)
        found = Receipt(
            attempt_id=attempt.id,
            steps=state.length,
            shown=str(contents),
            log_sha256=log_hash(canonical_log(subject_of(attempt), steps, points=contents.points)),
            language=actor.language or language,
            created_at=at,
        )
        session.add(found)
        session.flush()
    if found.file_sha256 is None:
        nudge("print_due_receipts")
    return found


def keep_file(receipt: Receipt, content: bytes, *, at: datetime) -> None:
    """Keep the file of a receipt; of two workers that made it, the first one's stays."""
    lock(receipt)
    if receipt.file_sha256 is None:
        receipt.file_sha256 = store_file(content, at=at).sha256
        session.flush()
