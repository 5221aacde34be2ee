"""The last seat is given once, however many reach for it at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from courses.cohorts.actions import enrol_person
from courses.cohorts.models import Cohort, Enrolment
from courses.cohorts.rules import CohortReason
from lms.db import session, transaction
from lms.people.models import Person
from lms.sentences import Refusal
from tests.cast import NOW, make_cast, make_person

PEOPLE = 6


def test_the_last_seat_is_given_once(own_app: Flask) -> None:
    """Several people reach for the last seat at once, and commit for real."""
    with own_app.app_context():
        cast = make_cast()
        with transaction():
            cast.cohort.seats = 2
            people = [make_person("Person", f"Nummer{number}") for number in range(PEOPLE)]
        cohort_id, coordinator_id, ids = cast.cohort.id, cast.coordinator.id, [person.id for person in people]

    def reach(person_id: int) -> object:
        with own_app.app_context():
            try:
                with transaction():
                    person = session.get_one(Person, person_id)
                    actor = session.get_one(Person, coordinator_id)
                    enrol_person(session.get_one(Cohort, cohort_id), person, municipality_ags=None, actor=actor, at=NOW)
            except Refusal as refused:
                return refused.reason
            return "enrolled"

    with ThreadPoolExecutor(PEOPLE) as pool:
        answers = list(pool.map(reach, ids))
    assert sorted(map(str, answers)) == sorted(["enrolled", *[CohortReason.FULL.value] * (PEOPLE - 1)])
    with own_app.app_context():
        assert session.query(Enrolment).filter_by(cohort_id=cohort_id).count() == 2
        session.remove()
