"""The door to somebody's result that no document was issued on."""

from __future__ import annotations

from werkzeug.exceptions import NotFound

from courses.cohorts.models import Enrolment
from lms.db import session
from lms.people.models import Person
from lms.permissions import Permission


def result_for(person: Person, enrolment_id: int, permission: Permission) -> Enrolment:
    """Return an enrolment to somebody of the institution with this permission. Raises NotFound otherwise."""
    found = session.get(Enrolment, enrolment_id)
    if found is None or not person.may(permission):
        raise NotFound
    return found
