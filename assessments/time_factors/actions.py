"""Set how much time a person has."""

from __future__ import annotations

from datetime import datetime

from assessments.quizzes.actions import move_ends
from assessments.time_factors.mail import queue_time_factor_mail
from assessments.time_factors.models import TimeFactor
from assessments.time_factors.rules import time_factor_refusal
from courses.cohorts.actions import hold_enrolments
from courses.cohorts.models import Enrolment
from lms.audit.actions import record_audit
from lms.db import lock, session
from lms.people.models import Person


def set_time_factor(person: Person, percent: int, *, reason: str, actor: Person, at: datetime) -> TimeFactor:
    """Say how much of the usual time a person has at every quiz, and tell them. Raises Refusal.

    Attempts that are running get their new end at once.
    """
    lock(person)
    refusal = time_factor_refusal(person.time_percent, percent)
    if refusal:
        raise refusal
    factor = TimeFactor(person_id=person.id, percent=percent, reason=reason, granted_at=at, author_id=actor.id)
    session.add(factor)
    record_audit("time_factor_set", person, actor=actor, at=at, before=person.time_percent, percent=percent)
    person.time_percent = percent
    session.flush()
    hold_enrolments(Enrolment.person_id == person.id)  # who starts in this moment has started before, and is moved, or knows it
    move_ends(Enrolment.person_id == person.id)
    queue_time_factor_mail(person, percent, at=at)
    return factor
