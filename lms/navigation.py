"""The places that the header and the footer lead to. One of the three registries: each room registers its own at start-up."""

from __future__ import annotations

from dataclasses import dataclass

from lms.people.models import Person
from lms.permissions import Permission


@dataclass(frozen=True)
class Place:
    """An entry of the header: ``label`` is marked by N_, ``permission`` says who sees it, ``position`` sorts."""

    endpoint: str
    label: str
    permission: Permission
    position: int


@dataclass(frozen=True)
class PublicPlace:
    """An entry of the footer and the sign-in page, for whoever comes without an account; ``label`` is marked by N_."""

    endpoint: str
    label: str


_places: dict[str, Place] = {}
_public_places: dict[str, PublicPlace] = {}


def register_place(endpoint: str, label: str, permission: Permission, position: int) -> None:
    """Have the header lead to this endpoint; registering it again replaces it."""
    _places[endpoint] = Place(endpoint, label, permission, position)


def list_places(person: Person) -> list[Place]:
    """Return the places that this person may see, in their order."""
    return sorted(
        (place for place in _places.values() if person.may(place.permission)), key=lambda place: place.position
    )


def register_public_place(endpoint: str, label: str) -> None:
    """Have the footer and the sign-in page lead to this public endpoint; registering it again replaces it."""
    _public_places[endpoint] = PublicPlace(endpoint, label)


def list_public_places() -> list[PublicPlace]:
    """Return the places for whoever has no account, in the order of their registration."""
    return list(_public_places.values())
