"""The door to questions that may be mended: a trainer only where all cohorts concerned are their own."""

from __future__ import annotations

from sqlalchemy import select
from werkzeug.exceptions import Forbidden, NotFound

from assessments.attempts.models import Attempt
from assessments.bank.access import item_in
from assessments.items.models import Item, ItemVersion
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
    item_to_change(person, version.item_id)
    return version


def item_to_change(person: Person, item_id: int) -> Item:
    """Return an item that the person may mend and word anew. Raises NotFound and Forbidden as ``question_to_repair``."""
    item = item_in(person, item_id, AssessmentPermission.REPAIR_ITEM)
    if concerns_others(person, item_id):
        raise Forbidden
    return item


def concerns_others(person: Person, item_id: int) -> bool:
    """Say whether cohorts that the person is not in charge of have taken a quiz with an item."""
    quizzes = (
        select(QuizItem.quiz_id)
        .join(ItemVersion, ItemVersion.id == QuizItem.item_version_id)
        .where(ItemVersion.item_id == item_id)
    )
    foreign = (
        select(Attempt.id)
        .join(Attempt.enrolment)
        .join(Enrolment.cohort)
        .where(Attempt.quiz_id.in_(quizzes), ~in_charge(person, AssessmentPermission.REPAIR_ITEM))
        .limit(1)
    )
    return session.scalar(foreign) is not None
