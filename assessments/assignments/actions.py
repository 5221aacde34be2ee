"""Draft, hand in and grade assignments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from assessments.assignments.mail import queue_graded_mail
from assessments.assignments.models import Assignment, Draft, Submission, SubmissionFile
from assessments.assignments.queries import find_draft, list_grades, list_submissions
from assessments.assignments.rules import (
    MAX_FILES,
    MAX_TEXT,
    MEDIA_TYPES,
    AssignmentReason,
    judge,
    may_submit,
    shortfalls,
    upload_problem,
)
from assessments.grading.actions import record_grade
from assessments.grading.models import GradeEntry
from courses.cohorts.models import Enrolment
from courses.progress.actions import Verb, record_progress
from lms.audit.actions import record_audit
from lms.db import lock, session
from lms.files.actions import store_file
from lms.files.rules import clean_name, labels, media_type_of
from lms.people.models import Person
from lms.sentences import Refusal, Sentence

File = tuple[str, bytes]


def save_draft(
    assignment: Assignment,
    enrolment: Enrolment,
    *,
    text: str,
    files: Sequence[File] = (),
    keep: Sequence[str] | None = None,
    megabytes: int = 0,
    at: datetime,
) -> tuple[Draft, list[Refusal]]:
    """Keep what has been written and uploaded so far; return the draft and why some files were not taken.

    ``keep`` names (by SHA-256) the files of the earlier draft that stay; None keeps all of them. Each of ``files``
    may have so many ``megabytes``. A refused one never costs the text or the other files.
    """
    draft = find_draft(assignment.activity_id, enrolment.id)
    if draft is None:
        draft = Draft(assignment_id=assignment.activity_id, enrolment_id=enrolment.id, text="", files=[], saved_at=at)
        session.add(draft)
    kept = [file for file in draft.files if keep is None or file["sha256"] in keep]
    refused = []
    for filename, content in files:
        name = clean_name(filename)
        problem = upload_problem(name, content, len(kept), megabytes)
        if problem:
            most = MAX_FILES if problem is AssignmentReason.TOO_MANY_FILES else megabytes
            refused.append(Refusal(problem, filename=name, most=most, kinds=labels(MEDIA_TYPES)))
            continue
        stored = store_file(content, at=at)
        if all(file["sha256"] != stored.sha256 for file in kept):
            kept.append(
                {
                    "filename": name,
                    "media_type": media_type_of(name),
                    "sha256": stored.sha256,
                    "size": stored.size,
                }
            )
    draft.text, draft.files, draft.saved_at = text, kept, at
    session.flush()
    return draft, refused


def submit_assignment(assignment: Assignment, enrolment: Enrolment, *, actor: Person, at: datetime) -> Submission:
    """Hand in the draft as a round of its own. Raises Refusal; the draft stays then.

    Scarce: the rounds. The unique constraint on (assignment, enrolment, round) decides between two simultaneous clicks;
    the one that loses gets the winner's submission.
    """
    submissions = list_submissions(assignment.activity_id, enrolment.id)
    grades = list_grades(assignment.activity_id, enrolment.id)
    refused = may_submit(
        len(submissions),
        last_graded=_is_graded(submissions[-1], grades) if submissions else False,
        passed=bool(grades) and grades[-1].passed,
        resubmissions=assignment.resubmissions,
        cohort_completed=enrolment.cohort.completed_at is not None,
    )
    if refused:
        raise Refusal(refused)
    draft = find_draft(assignment.activity_id, enrolment.id)
    if draft is None or not (draft.text.strip() or draft.files):
        raise Refusal(AssignmentReason.EMPTY)
    if len(draft.text) > MAX_TEXT:
        raise Refusal(AssignmentReason.TOO_LONG, length=len(draft.text), most=MAX_TEXT)
    submission = Submission(
        assignment=assignment,
        enrolment=enrolment,
        round=len(submissions) + 1,
        text=draft.text,
        submitted_at=at,
        files=[SubmissionFile(**file) for file in draft.files],
    )
    try:
        with session.begin_nested():
            session.add(submission)
            session.flush()
    except IntegrityError:
        return list_submissions(assignment.activity_id, enrolment.id)[-1]
    session.delete(draft)
    record_progress(enrolment, assignment.activity, Verb.SUBMITTED, actor=actor, at=at)
    record_audit("assignment_submitted", submission, actor=actor, at=at, round=submission.round)
    session.flush()
    return submission


def grade_submission(
    submission: Submission,
    points: Mapping[str, int],
    *,
    comment: str,
    grader: Person,
    at: datetime,
    reason: str = "",
) -> GradeEntry:
    """Append a grade for the newest round, tell the participant, and record what follows for the course.

    ``points`` by criterion, from 0 to the number of its levels less one. A changed grade needs a reason. Raises Refusal.
    """
    lock(submission)
    assignment, enrolment = submission.assignment, submission.enrolment
    if list_submissions(assignment.activity_id, enrolment.id)[-1].id != submission.id:
        raise Refusal(AssignmentReason.NEWER_SUBMISSION)
    marks = judge(assignment.criteria, points, assignment.pass_points, assignment.minimum_per_criterion)
    if marks is None:
        raise Refusal(AssignmentReason.MISSING_POINTS)
    grades = list_grades(assignment.activity_id, enrolment.id)
    if _is_graded(submission, grades) and not reason.strip():
        raise Refusal(AssignmentReason.NEEDS_REASON)
    entry = record_grade(
        enrolment,
        assignment.activity,
        source=_source(submission),
        given=marks.given * 100,
        maximum=marks.maximum * 100,
        passed=marks.passed,
        grader=grader,
        at=at,
        criteria=dict(points),
        comment=comment,
        reason=reason,
    )
    if marks.passed:
        record_progress(enrolment, assignment.activity, Verb.PASSED, actor=grader, at=at)
    elif submission.round > assignment.resubmissions:
        record_progress(enrolment, assignment.activity, Verb.FAILED, actor=grader, at=at)
    else:
        record_progress(enrolment, assignment.activity, Verb.RETURNED, actor=grader, at=at)
    record_audit(
        "grade_given",
        entry,
        actor=grader,
        at=at,
        given=marks.given,
        maximum=marks.maximum,
        passed=marks.passed,
    )
    queue_graded_mail(submission, entry, at=at)
    return entry


def grade_of(submission: Submission, grades: Sequence[GradeEntry]) -> GradeEntry | None:
    """Return the grade that stands for a round, from the person's ledger for its activity."""
    return next((entry for entry in reversed(grades) if entry.source == _source(submission)), None)


def shortfalls_of(assignment: Assignment, entry: GradeEntry) -> list[Sentence]:
    """Return why a grade is not one that passes; nothing where it is."""
    if entry.passed:
        return []
    return shortfalls(
        assignment.criteria, entry.criteria or {}, assignment.pass_points, assignment.minimum_per_criterion
    )


def _is_graded(submission: Submission, grades: Sequence[GradeEntry]) -> bool:
    return grade_of(submission, grades) is not None


def _source(submission: Submission) -> str:
    return f"submission:{submission.id}"


def criteria_with_points(assignment: Assignment, entry: GradeEntry | None) -> list[dict[str, Any]]:
    """Return the criteria with what was given for each; ``points`` is None where there is no grade yet."""
    given = (entry.criteria or {}) if entry else {}
    return [{**criterion, "points": given.get(criterion["id"])} for criterion in assignment.criteria]
