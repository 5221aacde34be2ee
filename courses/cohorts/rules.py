"""What keeps a cohort from being made, filled or completed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from courses.progress.rules import RuleResult
from lms.sentences import N_, Reason, Sentence, sentence

#: From so many modules on, whose morning is over and whose work is not done, somebody has fallen behind.
BEHIND_FROM = 2


class CohortReason(Reason):
    """Why something cannot be done with a cohort."""

    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins", N_("The end lies before the beginning.")
    NO_SEATS = "no_seats", N_("A cohort has at least one seat.")
    SLUG_TAKEN = "slug_taken", N_("There is a cohort with this short name already.")
    FULL = "full", N_("There is no seat left (seats: %(seats)s).")
    ENROLLED = "enrolled", N_("This person is enrolled already.")
    COMPLETED = "completed", N_("The teaching of this cohort is finished.")
    NOT_COMPLETED = "not_completed", N_("The teaching of this cohort goes on.")
    SESSIONS_AHEAD = "sessions_ahead", N_("Sessions are still to come: hold or cancel them first.")
    SESSIONS_UNMARKED = "sessions_unmarked", N_("Attendance is not marked for everybody in every session.")
    NAME_MISSING = "name_missing", N_("There is no account with this address yet: please give both names.")
    SEATS_TAKEN = "seats_taken", N_("More people take part than there would be seats (taking part: %(taken)s).")
    OVERTAKEN = (
        "overtaken",
        N_("Somebody else has changed the cohort meanwhile. Please look at the details once more and save again."),
    )
    WITHDRAWN = "withdrawn", N_("This person has left the cohort already.")


def list_risks(results: Sequence[RuleResult], modules_behind: int) -> list[Sentence]:
    """Return why somebody may miss the certificate, as the trainer should know in time; empty: all is well.

    ``modules_behind`` counts the modules whose live session is over and that are not done.
    """
    risks = [result.text for result in results if result.at_risk]
    if modules_behind >= BEHIND_FROM:
        risks.append(sentence(N_("%(n)s modules are not done though their live session is over."), n=modules_behind))
    return risks


def refuse_cohort(*, begin_date: date, end_date: date, seats: int, slug_taken: bool) -> CohortReason | None:
    """Return why a cohort cannot be made with these values, or None."""
    if end_date < begin_date:
        return CohortReason.ENDS_BEFORE_IT_BEGINS
    if seats < 1:
        return CohortReason.NO_SEATS
    return CohortReason.SLUG_TAKEN if slug_taken else None


def refuse_change(*, begin_date: date, end_date: date, seats: int, taken: int) -> CohortReason | None:
    """Return why a cohort in which ``taken`` people take part cannot get these values, or None."""
    reason = refuse_cohort(begin_date=begin_date, end_date=end_date, seats=seats, slug_taken=False)
    if reason is None and taken > seats:
        return CohortReason.SEATS_TAKEN
    return reason


def refuse_enrolment(*, completed: bool, enrolled: bool, taken: int, seats: int) -> CohortReason | None:
    """Return why nobody, or not this person, can be enrolled, or None."""
    if completed:
        return CohortReason.COMPLETED
    if enrolled:
        return CohortReason.ENROLLED
    return CohortReason.FULL if taken >= seats else None


def refuse_withdrawal(*, completed: bool, withdrawn: bool) -> CohortReason | None:
    """Return why an enrolment cannot be ended, or None."""
    if completed:
        return CohortReason.COMPLETED
    return CohortReason.WITHDRAWN if withdrawn else None


def refuse_completion(*, completed: bool, sessions_ahead: int, unmarked: Collection[int]) -> CohortReason | None:
    """Return why the teaching cannot be declared finished, or None. ``unmarked`` are sessions that lack marks."""
    if completed:
        return CohortReason.COMPLETED
    if sessions_ahead:
        return CohortReason.SESSIONS_AHEAD
    return CohortReason.SESSIONS_UNMARKED if unmarked else None
