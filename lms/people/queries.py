"""Reads about people."""

from __future__ import annotations

from sqlalchemy import func, or_, select

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


def list_people(search: str, page: int) -> tuple[list[Person], int]:
    """Return one page of the people whose name or address contains the text, and how many there are in all."""
    query = select(Person)
    if search:
        like = f"%{search.strip().lower()}%"
        query = query.where(
            or_(
                func.lower(Person.given_name).like(like),
                func.lower(Person.family_name).like(like),
                Person.email.like(like),
            )
        )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(query.order_by(Person.family_name, Person.given_name).limit(PAGE).offset((page - 1) * PAGE))
    return list(rows), total


def list_municipalities() -> list[Municipality]:
    """Return all municipalities by name."""
    return list(session.scalars(select(Municipality).order_by(Municipality.name)))
