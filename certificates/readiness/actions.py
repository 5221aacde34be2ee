"""Ask people for what they can mend themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from certificates.readiness.mail import queue_name_mail
from certificates.readiness.queries import list_asked_for_name, list_readiness
from certificates.readiness.rules import LackKind
from courses.cohorts.models import Cohort
from lms.audit.actions import record_audit
from lms.people.models import Person

#: Nobody is asked more often than this.
ASK_AGAIN_AFTER = timedelta(days=1)


def ask_for_names(cohort: Cohort, *, actor: Person, at: datetime) -> int:
    """Ask everybody by mail who has not confirmed their name and was not asked lately; return how many were asked."""
    unnamed = [
        line.standing.enrolment
        for line in list_readiness(cohort)
        if any(lack.kind is LackKind.NAME for lack in line.lacks)
    ]
    asked = list_asked_for_name([enrolment.person for enrolment in unnamed], at - ASK_AGAIN_AFTER)
    waiting = [enrolment for enrolment in unnamed if enrolment.person_id not in asked]
    for enrolment in waiting:
        queue_name_mail(enrolment, at=at)
    if waiting:
        people = [enrolment.person_id for enrolment in waiting]
        record_audit("names_asked_for", cohort, actor=actor, at=at, people=people)
    return len(waiting)
