"""A page's number of queries is small and does not grow with the number of people."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask

from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import Activity
from courses.progress.actions import complete_lesson
from lms.db import session, transaction
from lms.permissions import Role
from tests.cast import NOW, Cast, make_person, signed_in
from tests.conftest import Queries

Counting = Callable[[], AbstractContextManager[Queries]]


def fill(cohort_id: int, lesson_id: int, people: int) -> None:
    """Bring the cohort to so many people, who have read a lesson, and forget what the session remembers."""
    with transaction():
        cohort = session.get_one(Cohort, cohort_id)
        lesson = session.get_one(Activity, lesson_id)
        for number in range(len(cohort.enrolments), people):
            person = make_person("Person", f"Nummer{number}", Role.PARTICIPANT)
            session.add(Enrolment(cohort=cohort, person=person, enrolled_at=NOW, municipality_ags="12060005"))
        session.flush()
        for enrolment in cohort.enrolments:
            complete_lesson(enrolment, lesson, actor=enrolment.person, at=NOW)
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
    ids = cast.cohort.id, cast.lessons[0].id
    for people in (2, 25):
        fill(*ids, people)
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
