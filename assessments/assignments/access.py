"""The door to assignments and submissions."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from werkzeug.exceptions import NotFound

from assessments.assignments.models import Assignment, Submission, SubmissionFile
from courses.cohorts.access import in_charge
from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import Activity
from lms.db import session
from lms.people.models import Person
from lms.permissions import Permission


def own_assignment(person: Person, enrolment_id: int, activity_id: int) -> tuple[Assignment, Enrolment]:
    """Return an assignment of the version that the person's own enrolment is on. Raises NotFound otherwise."""
    found = session.execute(
        select(Assignment, Enrolment)
        .join(Assignment.activity)
        .join(Cohort, Cohort.version_id == Activity.version_id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .options(contains_eager(Assignment.activity), joinedload(Enrolment.cohort))
        .where(
            Assignment.activity_id == activity_id,
            Enrolment.id == enrolment_id,
            Enrolment.person_id == person.id,
            Enrolment.withdrawn_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def submission_for(person: Person, submission_id: int, permission: Permission) -> Submission:
    """Return a submission of a cohort that the person is in charge of. Raises NotFound otherwise."""
    found = session.scalar(
        select(Submission)
        .join(Submission.enrolment)
        .join(Enrolment.cohort)
        .options(
            contains_eager(Submission.enrolment).contains_eager(Enrolment.cohort),
            contains_eager(Submission.enrolment).joinedload(Enrolment.person),
            joinedload(Submission.assignment).joinedload(Assignment.activity),
            selectinload(Submission.files),
        )
        .where(Submission.id == submission_id, in_charge(person, permission))
    )
    if found is None or not person.may(permission):
        raise NotFound
    return found


def file_for(person: Person, file_id: int, permission: Permission) -> SubmissionFile:
    """Return a file of the person's own submission, or of one in a cohort that they are in charge of."""
    query = (
        select(SubmissionFile)
        .join(SubmissionFile.submission)
        .join(Submission.enrolment)
        .join(Enrolment.cohort)
        .where(SubmissionFile.id == file_id)
    )
    own = query.where(Enrolment.person_id == person.id)
    found = session.scalar(own)
    if found is None and person.may(permission):
        found = session.scalar(query.where(in_charge(person, permission)))
    if found is None:
        raise NotFound
    return found
