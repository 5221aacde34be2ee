"""Categorising: texts are sorted into categories. Response: ``{"categories": [category of member 0 or null, …]}``.

Members count through the categories in the order of the definition; a repair may say where else one belongs, and there can
be solutions besides (places.py). Any category can have any number of members, so each member counts by itself.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers, places
from assessments.items.interactions.parts import Mended, Part
from assessments.items.interactions.wordings import EXPLANATION, PROMPT, Markup, Texts
from lms.sentences import N_, Sentence, sentence

LABEL = N_("Sorting into categories")
KEYS = frozenset({"categories", "other_solutions"})
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
    members = _members(definition)
    if not 2 <= len(members) <= MAX_MEMBERS:
        found.append(sentence(N_("There must be 2 to %(most)s members in all."), most=MAX_MEMBERS))
    if len(set(members)) != len(members):
        found.append(sentence(N_("A member stands twice.")))
    if len({category["name"] for category in categories}) != len(categories):
        found.append(sentence(N_("Two categories have the same name.")))
    return found + places.problems(definition, _usual(definition), len(categories), doubled=None)


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
    rights = _rights(definition)
    right = sum(1 for member, chosen in enumerate(response["categories"]) if chosen in rights[member])
    return Fraction(right, len(rights))


def analyse(definition: dict[str, Any], response: dict[str, Any]) -> list[Part]:
    """See Interaction.analyse."""
    count, named = len(definition["categories"]), named_parts(definition)
    chosen = enumerate(response["categories"])
    return [named[member * count + category] for member, category in chosen if category is not None]


def options(definition: dict[str, Any], order: Sequence[int] | None = None) -> list[Part]:
    """See Interaction.options; there is no list to choose from."""
    return []


def named_parts(definition: dict[str, Any]) -> list[Part]:
    """See Interaction.named_parts; each member with every category."""
    rights = _rights(definition)
    return [
        Part(f"{text} → {category['name']}", number in rights[member])
        for member, text in enumerate(_members(definition))
        for number, category in enumerate(definition["categories"])
    ]


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended | None:
    """See Interaction.mend; which category each member belongs to."""
    return places.mend(definition, form, _usual(definition), len(definition["categories"]), doubled=None)


def show(definition: dict[str, Any], order: list[int], response: dict[str, Any] | None) -> dict[str, Any]:
    """See Interaction.show; ``others`` are the further solutions, as far as they differ from the first."""
    members, rights = _members(definition), _rights(definition)
    first, *others = places.solutions(definition, _usual(definition))
    names = [category["name"] for category in definition["categories"]]
    chosen = response["categories"] if response else [None] * len(members)
    return {
        "categories": names,
        "members": [
            {
                "position": position,
                "text": members[position],
                "chosen": chosen[position],
                "right": [names[category] for category in rights[position]],
                "correct": chosen[position] in rights[position],
            }
            for position in order
        ],
        "others": [
            [f"{text} → {names[here]}" for text, here, usual in zip(members, other, first, strict=True) if here != usual]
            for other in others
        ],
    }


def _members(definition: dict[str, Any]) -> list[str]:
    return [text for category in definition["categories"] for text in category["members"]]


def _usual(definition: dict[str, Any]) -> places.Places:
    return [number for number, category in enumerate(definition["categories"]) for _text in category["members"]]


def _rights(definition: dict[str, Any]) -> list[list[int]]:
    """Return the categories that are right for each member, that of the first solution first."""
    return [list(dict.fromkeys(right)) for right in zip(*places.solutions(definition, _usual(definition)), strict=True)]
