"""Categorising: texts are sorted into categories. Response: ``{"categories": [category of member 0 or null, …]}``.

Members count through the categories in the order of the definition; a repair may say where else one belongs (places.py).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers
from assessments.items.interactions.parts import Mended, Part
from assessments.items.interactions.places import right_places, with_places
from assessments.items.interactions.wordings import EXPLANATION, PROMPT, Markup, Texts
from lms.sentences import N_, Sentence, sentence

LABEL = N_("Sorting into categories")
KEYS = frozenset({"categories"})
MANUAL = False
TAKES_FILE = False
WORDINGS: tuple[Texts, ...] = (
    PROMPT,
    Texts("categories.*.name", N_("Category %(number)s"), Markup.PLAIN, kin="categories"),
    Texts("categories.*.members.*", N_("Category %(number)s, text %(inner)s"), kin="members"),
    EXPLANATION,
)
MAX_CATEGORIES = 6
MAX_MEMBERS = 16


def problems(definition: dict[str, Any]) -> list[Sentence]:
    """See Interaction.problems."""
    categories = definition.get("categories")
    if (
        not isinstance(categories, list)
        or not 2 <= len(categories) <= MAX_CATEGORIES
        or not all(
            isinstance(category, dict)
            and set(category) == {"name", "members"}
            and answers.is_text(category["name"])
            and isinstance(category["members"], list)
            and all(map(answers.is_text, category["members"]))
            for category in categories
        )
    ):
        text = N_("'categories' must be a list of 2 to %(most)s entries with 'name' and 'members'.")
        return [sentence(text, most=MAX_CATEGORIES)]
    found = []
    members = [text for text, _ in _members(definition)]
    if not 2 <= len(members) <= MAX_MEMBERS:
        found.append(sentence(N_("There must be 2 to %(most)s members in all."), most=MAX_MEMBERS))
    if len(set(members)) != len(members):
        found.append(sentence(N_("A member stands twice.")))
    if len({category["name"] for category in categories}) != len(categories):
        found.append(sentence(N_("Two categories have the same name.")))
    return found


def shuffle(definition: dict[str, Any], chance: random.Random) -> list[int]:
    """See Interaction.shuffle; the members are always mixed, the categories stay."""
    return answers.shuffled(len(_members(definition)), chance, shuffle=True)


def read(definition: dict[str, Any], field: str, form: MultiDict[str, str]) -> dict[str, Any] | None:
    """See Interaction.read."""
    chosen_categories: list[int | None] = []
    for member in range(len(_members(definition))):
        chosen = answers.positions_in(form.getlist(f"{field}-{member}"), len(definition["categories"]))
        chosen_categories.append(chosen[0] if len(chosen) == 1 else None)
    if all(category is None for category in chosen_categories):
        return None
    return {"categories": chosen_categories}


def check(definition: dict[str, Any], response: dict[str, Any]) -> bool:
    """See Interaction.check."""
    chosen = response.get("categories")
    return (
        set(response) == {"categories"}
        and isinstance(chosen, list)
        and len(chosen) == len(_members(definition))
        and all(value is None or answers.is_position(value, len(definition["categories"])) for value in chosen)
    )


def score(definition: dict[str, Any], response: dict[str, Any]) -> Fraction:
    """See Interaction.score; every member counts the same."""
    members = _members(definition)
    right = sum(1 for (_, category), chosen in zip(members, response["categories"], strict=True) if category == chosen)
    return Fraction(right, len(members))


def analyse(definition: dict[str, Any], response: dict[str, Any]) -> list[Part]:
    """See Interaction.analyse."""
    members = _members(definition)
    return [
        Part(f"{members[member][0]} → {definition['categories'][category]['name']}", category == members[member][1])
        for member, category in enumerate(response["categories"])
        if category is not None
    ]


def options(definition: dict[str, Any], order: Sequence[int] | None = None) -> list[Part]:
    """See Interaction.options; there is no list to choose from."""
    return []


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended | None:
    """See Interaction.mend; which category each member belongs to."""
    usual = [number for number, category in enumerate(definition["categories"]) for _text in category["members"]]
    return with_places(definition, form, usual, len(definition["categories"])), []


def show(definition: dict[str, Any], order: list[int], response: dict[str, Any] | None) -> dict[str, Any]:
    """See Interaction.show."""
    members = _members(definition)
    names = [category["name"] for category in definition["categories"]]
    chosen = response["categories"] if response else [None] * len(members)
    return {
        "categories": names,
        "members": [
            {
                "position": position,
                "text": members[position][0],
                "chosen": chosen[position],
                "right": members[position][1],
                "right_name": names[members[position][1]],
                "correct": chosen[position] == members[position][1],
            }
            for position in order
        ],
    }


def _members(definition: dict[str, Any]) -> list[tuple[str, int]]:
    """Return the members with the category that is right for each."""
    listed = [(text, number) for number, category in enumerate(definition["categories"]) for text in category["members"]]
    places = right_places(definition, [number for _text, number in listed])
    return [(text, place) for (text, _number), place in zip(listed, places, strict=True)]
