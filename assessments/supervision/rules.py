"""Decisions about what staff may do to an attempt."""

from __future__ import annotations

from datetime import datetime

from lms.sentences import N_, Reason, Refusal


class SupervisionReason(Reason):
    """Why an attempt cannot be taken out or opened again."""

    VOIDED = "voided", N_("This attempt has been taken out already.")
    NOT_SUBMITTED = "not_submitted", N_("This attempt has not been handed in; the person can go on with it.")
    COHORT_COMPLETED = "cohort_completed", N_("This cohort is completed. Attempts can no longer be opened again.")
    ANOTHER_RUNS = (
        "another_runs",
        N_("The person is in the middle of another attempt. Please wait until it is handed in."),
    )


def void_refusal(voided_at: datetime | None) -> Refusal | None:
    """Return why an attempt cannot be taken out."""
    return Refusal(SupervisionReason.VOIDED) if voided_at is not None else None


def reopen_refusal(
    submitted_at: datetime | None, voided_at: datetime | None, *, another_runs: bool, cohort_completed: bool
) -> Refusal | None:
    """Return why an attempt cannot be opened again."""
    if voided_at is not None:
        return Refusal(SupervisionReason.VOIDED)
    if submitted_at is None:
        return Refusal(SupervisionReason.NOT_SUBMITTED)
    if cohort_completed:
        return Refusal(SupervisionReason.COHORT_COMPLETED)
    return Refusal(SupervisionReason.ANOTHER_RUNS) if another_runs else None
