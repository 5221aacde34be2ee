"""The door to questions that may be mended: a trainer only where all cohorts concerned are their own."""

from __future__ import annotations

from sqlalchemy import select
from werkzeug.exceptions import Forbidden, NotFound

from assessments.attempts.models import Attempt
from assessments.bank.access import item_in
from assessments.items.models import ItemVersion
from assessments.permissions import AssessmentPermission
from assessments.quizzes.models import QuizItem
from courses.cohorts.access import in_charge
from courses.cohorts.models import Enrolment
from lms.db import session
from lms.people.models import Person


def question_to_repair(person: Person, version_id: int) -> ItemVersion:
    """Return an item version that the person may mend.

    Raises NotFound outside their courses' banks, whose keys are not theirs to see; Forbidden where others' cohorts are
    concerned.
    """
    version = session.get(ItemVersion, version_id)
    if version is None:
        raise NotFound
    item_in(person, version.item_id, AssessmentPermission.REPAIR_ITEM)
    quizzes = (
        select(QuizItem.quiz_id)
        .join(ItemVersion, ItemVersion.id == QuizItem.item_version_id)
        .where(ItemVersion.item_id == version.item_id)
    )
    foreign = (
        select(Attempt.id)
        .join(Attempt.enrolment)
        .join(Enrolment.cohort)
        .where(Attempt.quiz_id.in_(quizzes), ~in_charge(person, AssessmentPermission.REPAIR_ITEM))
        .limit(1)
    )
    if session.scalar(foreign) is not None:
        raise Forbidden
    return version
