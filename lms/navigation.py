"""The places that the header leads to. One of the three registries: each room registers its own at start-up."""

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


_places: dict[str, Place] = {}


def register_place(endpoint: str, label: str, permission: Permission, position: int) -> None:
    """Have the header lead to this endpoint; registering it again replaces it."""
    _places[endpoint] = Place(endpoint, label, permission, position)


def list_places(person: Person) -> list[Place]:
    """Return the places that this person may see, in their order."""
    return sorted(
        (place for place in _places.values() if person.may(place.permission)), key=lambda place: place.position
    )
