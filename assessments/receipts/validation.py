"""What a file that comes back is worth, with what the page says about it. Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from assessments.attempts.models import Attempt
from assessments.attempts.queries import list_steps
from assessments.items.queries import get_repairs
from assessments.receipts.access import find_attempt_to_validate
from assessments.receipts.actions import subject_of
from assessments.receipts.models import Receipt
from assessments.receipts.reading import claim_of
from assessments.receipts.rules import Claim, LaterStep, Verdict, judge_log, judge_seal, later_steps
from lms.institution.inspection import SealReport, inspect_seal, is_cut_short
from lms.people.models import Person


@dataclass(frozen=True)
class Validation:
    """The verdict with its grounds; what is unknown is empty."""

    verdict: Verdict
    seal: SealReport
    claim: Claim | None = None
    attempt: Attempt | None = None
    later: list[LaterStep] = field(default_factory=list)
    #: Why questions were corrected, by the id of the repair.
    reasons: dict[int, str] = field(default_factory=dict)

    @property
    def signed_at(self) -> datetime | None:
        """When the seal says that it was set."""
        return self.seal.signed_at


def validate_receipt(person: Person, content: bytes) -> Validation:
    """Return what a file is worth, as far as this person may know it."""
    seal = inspect_seal(content)
    verdict = judge_seal(sealed=seal.sealed, intact=seal.intact, whole_file=seal.whole_file, own=seal.own)
    if verdict is Verdict.UNSEALED and is_cut_short(content):
        verdict = Verdict.CUT_SHORT
    if verdict is not None:
        return Validation(verdict, seal)
    claim = claim_of(content)
    if claim is None:
        return Validation(Verdict.NO_RECEIPT, seal)
    attempt = find_attempt_to_validate(person, claim.attempt)
    if attempt is None:
        return Validation(Verdict.OTHERS, seal)
    steps = list_steps(attempt)
    later = later_steps(steps, claim.steps)
    return Validation(
        judge_log(claim, subject_of(attempt), steps), seal, claim, attempt, later, repair_reasons(later)
    )  # fmt: skip


def since(receipt: Receipt, attempt: Attempt) -> list[LaterStep]:
    """Return what happened to an attempt after a receipt."""
    return later_steps(list_steps(attempt), receipt.steps)


def repair_reasons(later: list[LaterStep]) -> dict[int, str]:
    """Return why the questions behind new scorings were corrected, by the id of the repair."""
    return {repair.id: repair.reason for repair in get_repairs([one.repair for one in later if one.repair])}
