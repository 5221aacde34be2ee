"""A key that a repair wrote beside a question, written into the question itself, as its author would have written it."""

from __future__ import annotations

from typing import Any

from assessments.items.interactions.places import KEY

Question = dict[str, Any]


def settled(question: Question) -> Question:
    """Return a question whose key is where other systems, and archives, look for it."""
    if KEY not in question:
        return question
    key: list[int] = question[KEY]
    bare = {name: value for name, value in question.items() if name != KEY}
    if "pairs" in bare:
        return bare | _pairs(bare, key)
    if "steps" in bare:
        return bare | {"steps": [bare["steps"][step] for step in sorted(range(len(key)), key=key.__getitem__)]}
    return bare | {"categories": _categories(bare, key)}


def _pairs(bare: Question, key: list[int]) -> Question:
    rights = [pair["right"] for pair in bare["pairs"]] + list(bare.get("distractors", []))
    left_over = [text for position, text in enumerate(rights) if position not in key]
    pairs = [pair | {"right": rights[position]} for pair, position in zip(bare["pairs"], key, strict=True)]
    return {"pairs": pairs} | ({"distractors": left_over} if left_over else {})


def _categories(bare: Question, key: list[int]) -> list[Question]:
    members = [text for category in bare["categories"] for text in category["members"]]
    return [
        category | {"members": [text for text, place in zip(members, key, strict=True) if place == number]}
        for number, category in enumerate(bare["categories"])
    ]
