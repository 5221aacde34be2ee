"""Names are sorted and found as a person would do it, on every database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from lms.collation import collation_key
from lms.db import session
from lms.municipalities.models import District, Municipality
from lms.people.actions import create_person
from lms.people.queries import find_person, list_municipalities, list_people
from lms.people.rules import PersonReason, name_problem
from lms.sentences import Refusal
from tests.cast import Cast, signed_in

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


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (("Petra", "Łukaszewicz", ""), None),
        (("Ö", "Ж", "Dr. Petra Łukaszewicz"), None),
        (("Petra", "Anders", " "), None),
        ((" ", "Anders", ""), PersonReason.NAME_MISSING),
        (("Petra", "\u00a0\u2003", ""), PersonReason.NAME_MISSING),
        (("Petra", "\u200b\u2060", ""), PersonReason.NAME_MISSING),
        (("Petra", "Anders", "\u200b"), PersonReason.NAME_MISSING),
        (("Petra", "–", ""), PersonReason.NAME_MISSING),
    ],
)
def test_a_name_can_be_read(names: tuple[str, str, str], problem: PersonReason | None) -> None:
    assert name_problem(*names) == problem


@pytest.mark.parametrize("field", ["given_name", "family_name"])
@pytest.mark.parametrize("blank", [" ", "\u200b"])
def test_nobody_confirms_or_is_invited_by_an_empty_name(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, field: str, blank: str
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    names = {"given_name": "Pia", "family_name": "Neu", field: blank}
    own = signed_in(app, cast.participant).post("/account", data={**names, "printed_name": ""})
    assert (own.status_code, "mindestens einen Buchstaben" in own.text) == (422, True)
    assert cast.participant.given_name == "Petra"
    assert cast.participant.name_confirmed_at is None
    invited = signed_in(app, cast.admin).post("/people/new", data={**names, "email": "neu@example.org"})
    assert (invited.status_code, "mindestens einen Buchstaben" in invited.text) == (422, True)
    assert find_person("neu@example.org") is None
    with pytest.raises(Refusal):
        create_person(
            email="neu@example.org", given_name=names["given_name"], family_name=names["family_name"], actor=None, at=AT
        )


def test_a_name_is_kept_on_one_line(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    names = {"given_name": " Petra  Maria\u2028", "family_name": "von\x0bder\x00Aue", "printed_name": " Dr.  Petra Aue "}
    assert signed_in(app, cast.participant).post("/account", data=names).status_code == 302
    assert (cast.participant.given_name, cast.participant.family_name) == ("Petra Maria", "von der Aue")
    assert cast.participant.full_name == "Dr. Petra Aue"
