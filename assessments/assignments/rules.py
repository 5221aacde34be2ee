"""Decisions about assignments: may one hand in, what may be uploaded, is a grade complete and is it passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from lms.sentences import N_, Reason

#: What may be handed in, by the ending of its name. Nothing here runs in a browser: files are always downloads.
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".txt": "text/plain",
}
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
    WRONG_TYPE = (
        "wrong_type",
        N_("%(filename)s cannot be taken. Possible are PDF, Word, LibreOffice, pictures and text."),
    )
    EMPTY_FILE = "empty_file", N_("%(filename)s is empty. Please check the file and choose it again.")
    TOO_MANY_FILES = "too_many_files", N_("At most %(most)s files can be handed in.")
    MISSING_POINTS = "missing_points", N_("Please choose a level for each criterion.")
    NEWER_SUBMISSION = "newer_submission", N_("A newer version of this work has been handed in. Please grade that one.")
    NEEDS_REASON = "needs_reason", N_("This work has been graded already. Please say why the grade changes.")


@dataclass(frozen=True)
class Upload:
    """A file that somebody wants to hand in."""

    filename: str
    size: int


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


def upload_problem(upload: Upload, kept: int) -> AssignmentReason | None:
    """Return why a file cannot be added to those that are there already, or None."""
    if kept >= MAX_FILES:
        return AssignmentReason.TOO_MANY_FILES
    if PurePath(upload.filename.lower()).suffix not in MEDIA_TYPES:
        return AssignmentReason.WRONG_TYPE
    if upload.size == 0:
        return AssignmentReason.EMPTY_FILE
    return None


def media_type(filename: str) -> str:
    """Return the media type that a file is stored and served as. Raises KeyError for one that is not taken."""
    return MEDIA_TYPES[PurePath(filename.lower()).suffix]


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
