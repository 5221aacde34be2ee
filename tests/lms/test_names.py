"""Names are sorted and found as a person would do it, on every database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from lms.collation import collation_key
from lms.db import session
from lms.municipalities.models import District, Municipality
from lms.people.actions import create_person
from lms.people.queries import list_municipalities, list_people
from tests.cast import Cast

AT = datetime(2026, 9, 1, 9, tzinfo=UTC)
#: (family name, given name) in the order of a dictionary.
IN_ORDER = [
    ("Adam", "Zoë"),
    ("Äder", "Ina"),
    ("Łukasz", "Jan"),
    ("Müller", "Änne"),
    ("Müller", "Bernd"),
    ("Müller Lüd", "Anna"),
    ("Müller-Lüd", "Anna"),
    ("Sack", "Uwe"),
    ("Šěracka", "Hańka"),
    ("Straßer", "Max"),
    ("Strasser", "Nele"),
    ("Zoe", "Adam"),
    ("Жукова", "Ольга"),
]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", ""),
        ("Šěracka", "seracka"),
        ("S\u030ce\u030cracka", "seracka"),
        ("STRASSE", collation_key("Straße")),
        ("  von   der  Aue ", "von der aue"),
        ("Łódź Æbler", "lodz aebler"),
        ("ΆΝΝΑ", "αννα"),
    ],
)
def test_case_and_accents_do_not_count(text: str, key: str) -> None:
    assert collation_key(text) == key


@pytest.fixture
def people(database: Flask) -> None:
    for number, (family_name, given_name) in enumerate(reversed(IN_ORDER)):
        email = f"person{number}@example.org"
        create_person(email=email, given_name=given_name, family_name=family_name, actor=None, at=AT)


@pytest.mark.usefixtures("people")
def test_people_stand_in_the_order_of_a_dictionary() -> None:
    found, total = list_people("", 1)
    assert [(one.family_name, one.given_name) for one in found] == IN_ORDER
    assert total == len(IN_ORDER)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("seracka", ["Šěracka"]),
        ("HANKA Šěr", ["Šěracka"]),
        ("strasse", ["Straßer", "Strasser"]),
        ("max strasser", ["Straßer"]),
        ("person0@", ["Жукова"]),
        ("жуков", ["Жукова"]),
        ("%", []),
        ("müller_", []),
    ],
)
def test_people_are_found_by_every_word(search: str, names: list[str]) -> None:
    found, total = list_people(search, 1)
    assert [one.family_name for one in found] == names
    assert total == len(names)


def test_a_new_name_takes_its_place(cast: Cast) -> None:
    cast.participant.family_name = "Żabka"
    assert cast.participant.sort_name == f"zabka\t{collation_key(cast.participant.given_name)}"
    cast.participant.given_name = "Ève"
    assert cast.participant.sort_name == "zabka\teve"


def test_municipalities_stand_in_the_order_of_a_dictionary(database: Flask) -> None:
    session.add(District(key="12061", name="Dahme-Spreewald", kind="Landkreis"))
    for number, name in enumerate(["Mühlberg", "Märkisch Buchholz", "Marwitz", "Lübben"]):
        session.add(Municipality(ags=f"1206100{number}", name=name, district_key="12061"))
    session.flush()
    assert [one.name for one in list_municipalities()] == ["Lübben", "Märkisch Buchholz", "Marwitz", "Mühlberg"]
