"""Reads about people."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from lms.collation import collation_key
from lms.db import session
from lms.municipalities.models import Municipality
from lms.people.models import Person, RoleGrant
from lms.permissions import Role

PAGE = 50


def find_person(email: str) -> Person | None:
    """Return who has this e-mail address, in whatever case it is typed."""
    return session.scalar(select(Person).where(Person.email == email.strip().lower()))


def find_person_by_id(person_id: int) -> Person | None:
    """Return the person with this id."""
    return session.get(Person, person_id)


def list_active_people(role: Role) -> list[Person]:
    """Return everybody with this role whose account is open."""
    return list(
        session.scalars(
            select(Person)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .where(RoleGrant.role == role.value, Person.deactivated_at.is_(None))
            .order_by(Person.id)
        )
    )


def count_other_admins(person: Person) -> int:
    """Return how many administrators with an open account there are beside this person."""
    query = select(func.count()).select_from(RoleGrant).join(RoleGrant.person)
    others = (RoleGrant.role == Role.ADMIN.value, Person.deactivated_at.is_(None), Person.id != person.id)
    return session.scalar(query.where(*others)) or 0


def list_people(search: str, page: int) -> tuple[list[Person], int]:
    """Return one page of the people whose names or address contain every word, and how many there are in all.

    Case and accents don't count: "seracka" finds "Šěracka".
    """
    query = select(Person)
    for word in search.split():
        name, email = collation_key(word), word.lower()
        query = query.where(
            or_(Person.sort_name.contains(name, autoescape=True), Person.email.contains(email, autoescape=True))
        )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(query.order_by(Person.sort_name, Person.id).limit(PAGE).offset((page - 1) * PAGE))
    return list(rows), total


def list_municipalities() -> list[Municipality]:
    """Return all municipalities by name."""
    return sorted(session.scalars(select(Municipality)), key=lambda one: (collation_key(one.name), one.ags))
