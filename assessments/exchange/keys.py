"""A key that a repair wrote, in the question itself and as its author would have written it.

Further solutions name parts and places by their numbers, so they are written anew for where these stand afterwards.
"""

from __future__ import annotations

from typing import Any

from assessments.exchange.written import ONE_CHOSEN
from assessments.items.interactions.answers import correct_positions, one_correct
from assessments.items.interactions.places import KEY, OTHERS

Question = dict[str, Any]


def settled(question: Question) -> Question:
    """Return a question whose key is where other systems, and archives, look for it."""
    name = ONE_CHOSEN.get(question.get("type", ""), "")
    if len(correct_positions(question.get(name, []))) > 1:  # so earlier repairs said that another is right as well
        return question | {name: one_correct(question[name])}
    if KEY not in question:
        return question
    key: list[int] = question[KEY]
    bare = {name: value for name, value in question.items() if name != KEY}
    if "pairs" in bare:
        return bare | _pairs(bare, key)
    moved = sorted(range(len(key)), key=key.__getitem__)  # stable: members of one category keep their order
    if OTHERS in bare:
        bare[OTHERS] = [[other[part] for part in moved] for other in bare[OTHERS]]
    if "steps" in bare:
        return bare | {"steps": [bare["steps"][step] for step in moved]}
    return bare | {"categories": _categories(bare, key)}


def _pairs(bare: Question, key: list[int]) -> Question:
    rights = [pair["right"] for pair in bare["pairs"]] + list(bare.get("distractors", []))
    left_over = [position for position in range(len(rights)) if position not in key]
    pairs = [pair | {"right": rights[position]} for pair, position in zip(bare["pairs"], key, strict=True)]
    new: Question = {"pairs": pairs} | ({"distractors": [rights[position] for position in left_over]} if left_over else {})
    if OTHERS in bare:
        moved = [*key, *left_over]
        new[OTHERS] = [[moved.index(place - 1) + 1 for place in other] for other in bare[OTHERS]]
    return new


def _categories(bare: Question, key: list[int]) -> list[Question]:
    members = [text for category in bare["categories"] for text in category["members"]]
    return [
        category | {"members": [text for text, place in zip(members, key, strict=True) if place == number]}
        for number, category in enumerate(bare["categories"])
    ]
