"""Reads about other people's attempts."""

from __future__ import annotations

from sqlalchemy import select

from assessments.attempts.rules import Step
from lms.db import session
from lms.people.models import Person


def name_actors(steps: list[Step]) -> dict[int, str]:
    """Return the names of those whom a log mentions, by id."""
    ids = {step.payload["actor"] for step in steps if step.payload and "actor" in step.payload}
    return (
        {person.id: person.full_name for person in session.scalars(select(Person).where(Person.id.in_(ids)))}
        if ids
        else {}
    )
