"""Multiple choice: several answers can be right. Response: ``{"choices": [positions]}``.

Scoring: ``all_or_nothing``; ``partial``: every answer judged rightly (chosen or left) counts, from half of them on, so
that choosing everything or nothing earns nothing by itself; ``penalty``: right choices minus wrong ones, never below 0.
"""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers
from assessments.items.interactions.parts import Part

KEYS = frozenset({"answers", "scoring", "shuffle"})
MANUAL = False
SCORINGS = ("all_or_nothing", "partial", "penalty")


def problems(definition: dict[str, Any]) -> list[str]:
    """See Interaction.problems."""
    found = answers.answer_problems(definition.get("answers"))
    if not found and not answers.correct_positions(definition["answers"]):
        found.append("At least one answer must be correct.")
    if definition.get("scoring", "partial") not in SCORINGS:
        found.append(f"'scoring' must be one of {', '.join(SCORINGS)}.")
    return found


def shuffle(definition: dict[str, Any], chance: random.Random) -> list[int]:
    """See Interaction.shuffle."""
    return answers.shuffled(len(definition["answers"]), chance, shuffle=definition.get("shuffle", True))


def read(definition: dict[str, Any], field: str, form: MultiDict[str, str]) -> dict[str, Any] | None:
    """See Interaction.read."""
    chosen = answers.positions_in(form.getlist(field), len(definition["answers"]))
    return {"choices": chosen} if chosen else None


def check(definition: dict[str, Any], response: dict[str, Any]) -> bool:
    """See Interaction.check."""
    choices = response.get("choices")
    return (
        set(response) == {"choices"}
        and isinstance(choices, list)
        and bool(choices)
        and all(answers.is_position(choice, len(definition["answers"])) for choice in choices)
        and choices == sorted(set(choices))
    )


def score(definition: dict[str, Any], response: dict[str, Any]) -> Fraction:
    """See Interaction.score."""
    right = set(answers.correct_positions(definition["answers"]))
    chosen = set(response["choices"])
    scoring = definition.get("scoring", "partial")
    if scoring == "all_or_nothing":
        return Fraction(chosen == right)
    if scoring == "penalty":
        return max(Fraction(0), Fraction(len(chosen & right) - len(chosen - right), len(right)))
    count = len(definition["answers"])
    judged_rightly = count - len(chosen ^ right)
    return max(Fraction(0), Fraction(2 * judged_rightly - count, count))


def analyse(definition: dict[str, Any], response: dict[str, Any]) -> list[Part]:
    """See Interaction.analyse."""
    chosen = [definition["answers"][position] for position in response["choices"]]
    return [Part(answer["text"], answer.get("correct") is True) for answer in chosen]


def show(definition: dict[str, Any], order: list[int], response: dict[str, Any] | None) -> dict[str, Any]:
    """See Interaction.show."""
    chosen = set(response["choices"]) if response else set()
    return {
        "answers": answers.show_answers(definition["answers"], order, chosen),
        "scoring": definition.get("scoring", "partial"),
    }
