"""Read the schedule."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from courses.cohorts.models import Enrolment
from courses.schedule.models import LiveSession
from lms.db import session
from lms.people.models import Person

# Asked with every page of a participant, and so built once.
_SESSIONS = (
    select(LiveSession)
    .where(LiveSession.cohort_id.in_(bindparam("ids", expanding=True)))
    .order_by(LiveSession.starts_at, LiveSession.id)
)


def sessions_of_cohorts(cohort_ids: Iterable[int]) -> dict[int, list[LiveSession]]:
    """Return the sessions of these cohorts in their order, cancelled ones too, by cohort; one query."""
    ids = set(cohort_ids)
    made: dict[int, list[LiveSession]] = {cohort_id: [] for cohort_id in ids}
    for live_session in session.scalars(_SESSIONS, {"ids": list(ids)}):
        made[live_session.cohort_id].append(live_session)
    return made


def list_concerned(live_session: LiveSession) -> list[Person]:
    """Return whom a change of this session concerns: those enrolled who have not left, and the trainers."""
    enrolled = session.scalars(
        select(Person)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(
            Enrolment.cohort_id == live_session.cohort_id,
            Enrolment.withdrawn_at.is_(None),
            Person.deactivated_at.is_(None),
        )
        .order_by(Person.id)
    )
    people = {person.id: person for person in enrolled}
    people |= {
        trainer.person_id: trainer.person for trainer in live_session.cohort.trainers if trainer.person.is_active
    }
    return list(people.values())


def list_own_sessions(person: Person) -> list[LiveSession]:
    """Return the sessions of the cohorts that this person is enrolled in, with their cohorts; one query."""
    query = (
        select(LiveSession)
        .join(Enrolment, Enrolment.cohort_id == LiveSession.cohort_id)
        .where(Enrolment.person_id == person.id, Enrolment.withdrawn_at.is_(None))
        .options(joinedload(LiveSession.cohort))
        .order_by(LiveSession.starts_at, LiveSession.id)
    )
    return list(session.scalars(query))
