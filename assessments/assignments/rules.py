"""Decisions about assignments: may one hand in, what may be uploaded, is a grade complete and is it passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lms.files.rules import file_problem, media_type_of
from lms.sentences import N_, Reason, Sentence, sentence

#: What may be handed in: documents, presentations, pictures and text.
MEDIA_TYPES = frozenset(
    media_type_of(f"x.{ending}") or "" for ending in ("pdf", "docx", "odt", "pptx", "odp", "png", "jpg", "txt")
)
MAX_FILES = 5
MAX_TEXT = 100_000


class AssignmentReason(Reason):
    """Why something cannot be handed in or graded."""

    NOT_GRADED_YET = "not_graded_yet", N_("Your work has been handed in and is being graded. You will get a mail.")
    PASSED = "passed", N_("You have passed this assignment.")
    NO_ROUNDS_LEFT = "no_rounds_left", N_("You have used all rounds for this assignment.")
    COHORT_COMPLETED = "cohort_completed", N_("This cohort is completed. Nothing can be handed in any more.")
    EMPTY = "empty", N_("There is nothing to hand in yet. Please write a text or add a file.")
    TOO_LONG = (
        "too_long",
        N_("The text has %(length)s characters; at most %(most)s are possible. Please add it as a file."),
    )
    TOO_MANY_FILES = "too_many_files", N_("At most %(most)s files can be handed in. %(filename)s was not taken.")
    MISSING_POINTS = "missing_points", N_("Please choose a level for each criterion.")
    NEWER_SUBMISSION = "newer_submission", N_("A newer version of this work has been handed in. Please grade that one.")
    NEEDS_REASON = "needs_reason", N_("This work has been graded already. Please say why the grade changes.")


#: What keeps points from passing: for one point, and for more.
TOO_FEW = (
    N_("At least %(n)s point is needed; there are %(given)s."),
    N_("At least %(n)s points are needed; there are %(given)s."),
)
TOO_LOW = (
    N_("Each criterion needs at least %(n)s point. Too few for: %(criteria)s."),
    N_("Each criterion needs at least %(n)s points. Too few for: %(criteria)s."),
)


def may_submit(
    rounds: int, *, last_graded: bool, passed: bool, resubmissions: int, cohort_completed: bool
) -> AssignmentReason | None:
    """Return why nothing can be handed in now, or None; ``rounds`` counts what was handed in before."""
    if passed:
        return AssignmentReason.PASSED
    if cohort_completed:
        return AssignmentReason.COHORT_COMPLETED
    if rounds and not last_graded:
        return AssignmentReason.NOT_GRADED_YET
    if rounds > resubmissions:
        return AssignmentReason.NO_ROUNDS_LEFT
    return None


def upload_problem(name: str, content: bytes, kept: int, megabytes: int) -> Reason | None:
    """Return why a file cannot be added to those that are there already, or None: it must be what its name says."""
    if kept >= MAX_FILES:
        return AssignmentReason.TOO_MANY_FILES
    return file_problem(name, content, MEDIA_TYPES, megabytes)


@dataclass(frozen=True)
class Marks:
    """What points by criterion come to, in whole points."""

    given: int
    maximum: int
    passed: bool


def judge(
    criteria: Sequence[Mapping[str, Any]], points: Mapping[str, int], pass_points: int, minimum_per_criterion: int
) -> Marks | None:
    """Return what points by criterion come to; None when one is missing or is not a level of its criterion."""
    ids = [criterion["id"] for criterion in criteria]
    if set(points) != set(ids):
        return None
    if any(not 0 <= points[criterion["id"]] < len(criterion["levels"]) for criterion in criteria):
        return None
    given = sum(points.values())
    enough = all(value >= minimum_per_criterion for value in points.values())
    return Marks(given, sum(len(criterion["levels"]) - 1 for criterion in criteria), given >= pass_points and enough)


def shortfalls(
    criteria: Sequence[Mapping[str, Any]], points: Mapping[str, int], pass_points: int, minimum_per_criterion: int
) -> list[Sentence]:
    """Return what keeps these points from passing, a sentence each: too few in all, or too few for a criterion."""
    found = []
    given = sum(points.values())
    if given < pass_points:
        found.append(sentence(TOO_FEW[0], TOO_FEW[1], n=pass_points, given=given))
    low = [one["title"] for one in criteria if points.get(one["id"], 0) < minimum_per_criterion]
    if low:
        found.append(sentence(TOO_LOW[0], TOO_LOW[1], n=minimum_per_criterion, criteria=", ".join(low)))
    return found


def due_date(end_date: date, options: Mapping[str, Any]) -> date | None:
    """Return until when a cohort that ends then hands in, or None where the course does not say."""
    days = options.get("due_days_before_end")
    return None if days is None else end_date - timedelta(days=days)
