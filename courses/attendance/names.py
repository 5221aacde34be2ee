"""What the audit log calls enrolments and live sessions, which its entries name by number; an answer to ``NamesAsked``."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from courses.cohorts.models import Enrolment
from courses.schedule.models import LiveSession
from lms.db import session
from lms.events import NamesAsked
from lms.people.models import Person
from lms.sentences import Sentence


def answer_names(asked: NamesAsked) -> dict[tuple[str, int], Sentence | str]:
    """Answer with whose enrolments these are, and with title and beginning of live sessions; two queries."""
    ids = {kind: [number for one, number in asked.rows if one == kind] for kind in ("enrolment", "live_session")}
    people = select(Enrolment.id, Person).join(Enrolment.person).where(Enrolment.id.in_(ids["enrolment"]))
    found: dict[tuple[str, int], Sentence | str] = {
        ("enrolment", number): person.full_name
        for number, person in session.execute(people.options(lazyload(Person.role_grants)))
    }
    for live in session.scalars(select(LiveSession).where(LiveSession.id.in_(ids["live_session"]))):
        found["live_session", live.id] = Sentence("%(title)s, %(at)s", {"title": live.title, "at": live.starts_at})
    return found
