"""A page's number of queries is small and does not grow with the number of people."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from courses.attendance.models import AttendanceMark
from courses.cohorts.models import Enrolment
from courses.progress.models import ProgressFact
from lms.db import session, transaction
from lms.people.models import Person, RoleGrant
from lms.permissions import Role
from tests.cast import NOW, Cast, signed_in
from tests.conftest import Queries

Counting = Callable[[], AbstractContextManager[Queries]]


def fill(cast: Cast, people: int) -> None:
    """Bring the cohort to so many people, who have read a lesson and were there, and forget what the session remembers."""
    cohort_id, lesson_id, live_id = cast.cohort.id, cast.lessons[0].id, cast.live_session.id
    with transaction():
        there = session.scalar(select(func.count()).where(Enrolment.cohort_id == cohort_id)) or 0
        # Rows without objects: what is counted is how the pages read them, not how they came about.
        made = session.scalars(
            insert(Person).returning(Person.id),
            [
                {"email": f"n{number}@example.org", "given_name": "Person", "family_name": f"Nummer {number}",
                 "sort_name": f"nummer {number:04}", "created_at": NOW}
                for number in range(there, people)
            ],
        ).all()  # fmt: skip
        grant = {"role": Role.PARTICIPANT.value, "granted_at": NOW}
        session.execute(insert(RoleGrant), [{"person_id": one, **grant} for one in made])
        enrolment = {"cohort_id": cohort_id, "enrolled_at": NOW, "municipality_ags": "12060005"}
        session.execute(insert(Enrolment), [{"person_id": one, **enrolment} for one in made])
        ids = session.scalars(select(Enrolment.id).where(Enrolment.cohort_id == cohort_id)).all()
        fact = {"activity_id": lesson_id, "verb": "completed", "at": NOW}
        session.execute(insert(ProgressFact), [{"enrolment_id": one, **fact} for one in ids])
        mark = {"live_session_id": live_id, "status": "present", "ue": 4, "marked_at": NOW, "note": ""}
        session.execute(insert(AttendanceMark), [{"enrolment_id": one, **mark} for one in ids])
    session.expunge_all()


@pytest.mark.parametrize(
    ("who", "path", "most"),
    [
        ("participant", "/", 8),
        ("participant", "/learn/{enrolment}", 8),
        ("participant", "/learn/{enrolment}/lessons/lektion-1", 8),
        ("participant", "/schedule", 8),
        ("trainer", "/", 10),
        ("trainer", "/cohorts/{cohort}", 16),
        ("trainer", "/schedule/{session}/attendance", 10),
    ],
)
def test_queries(who: str, path: str, most: int, app: Flask, cast: Cast, count_queries: Counting) -> None:
    client = signed_in(app, getattr(cast, who))
    path = path.format(enrolment=cast.enrolment.id, cohort=cast.cohort.id, session=cast.live_session.id)
    counts = []
    for people in (15, 1500):
        fill(cast, people)
        with count_queries() as seen:
            assert client.get(path).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1], seen
    assert counts[0] <= most, seen


def test_several_enrolments_of_a_person_cost_no_more(app: Flask, cast: Cast, count_queries: Counting) -> None:
    client = signed_in(app, cast.participant)
    person_id, other_cohort_id = cast.participant.id, cast.other_cohort.id
    counts = []
    for second in (False, True):
        if second:
            with transaction():
                session.add(Enrolment(cohort_id=other_cohort_id, person_id=person_id, enrolled_at=NOW))
        session.expunge_all()
        with count_queries() as seen:
            page = client.get("/").text
        counts.append(len(seen))
        assert ("mehreren Durchgängen" in page) is second
    assert counts[0] == counts[1] <= 8, seen
