"""Matching: each left text gets a right one. Response: ``{"match": [position of the right text or null, …]}``.

Positions count the pairs' right texts first and the distractors behind them; the right position of pair n is n, unless a
repair says otherwise, and others can be right besides (see places.py).
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

LABEL = N_("Matching")
KEYS = frozenset({"pairs", "distractors", "shuffle", "other_solutions"})
MANUAL = False
TAKES_FILE = False
WORDINGS: tuple[Texts, ...] = (
    PROMPT,
    Texts("pairs.*.left", N_("Pair %(number)s, left"), kin="left"),
    Texts("pairs.*.right", N_("Pair %(number)s, right"), Markup.PLAIN, kin="right"),
    Texts("distractors.*", N_("Text %(number)s that matches nothing"), Markup.PLAIN, kin="right"),
    EXPLANATION,
)
MAX_PAIRS = 10
_DOUBLED = sentence(N_("Each text can match one other only."))


def problems(definition: dict[str, Any]) -> list[Sentence]:
    """See Interaction.problems."""
    found = []
    distractors = definition.get("distractors", [])
    if not isinstance(distractors, list) or not all(answers.is_text(text) for text in distractors):
        found.append(sentence(N_("'distractors' must be a list of texts.")))
        distractors = []
    pairs = definition.get("pairs")
    if (
        not isinstance(pairs, list)
        or not 2 <= len(pairs) <= MAX_PAIRS
        or not all(
            isinstance(pair, dict)
            and set(pair) == {"left", "right"}
            and all(answers.is_text(text) for text in pair.values())
            for pair in pairs
        )
    ):
        text = N_("'pairs' must be a list of 2 to %(most)s entries with 'left' and 'right'.")
        return [*found, sentence(text, most=MAX_PAIRS)]
    rights = [pair["right"] for pair in pairs] + distractors
    if len(set(rights)) != len(rights):
        found.append(sentence(N_("Two right-hand texts are the same.")))
    if len({pair["left"] for pair in pairs}) != len(pairs):
        found.append(sentence(N_("Two left-hand texts are the same.")))
    return found + places.problems(definition, range(len(pairs)), len(rights), _DOUBLED)


def shuffle(definition: dict[str, Any], chance: random.Random) -> list[int]:
    """See Interaction.shuffle; the right-hand texts are always mixed, or the order would give them away."""
    return answers.shuffled(len(_rights(definition)), chance, shuffle=True)


def read(definition: dict[str, Any], field: str, form: MultiDict[str, str]) -> dict[str, Any] | None:
    """See Interaction.read."""
    count = len(_rights(definition))
    match = []
    for left in range(len(definition["pairs"])):
        chosen = answers.positions_in(form.getlist(f"{field}-{left}"), count)
        match.append(chosen[0] if len(chosen) == 1 else None)
    return {"match": match} if any(position is not None for position in match) else None


def check(definition: dict[str, Any], response: dict[str, Any]) -> bool:
    """See Interaction.check."""
    match = response.get("match")
    count = len(_rights(definition))
    return (
        set(response) == {"match"}
        and isinstance(match, list)
        and len(match) == len(definition["pairs"])
        and all(position is None or answers.is_position(position, count) for position in match)
    )


def score(definition: dict[str, Any], response: dict[str, Any]) -> Fraction:
    """See Interaction.score; every pair counts the same, in the solution that comes closest."""
    return Fraction(max(_hits(key, response["match"]) for key in _solutions(definition)), len(definition["pairs"]))


def analyse(definition: dict[str, Any], response: dict[str, Any]) -> list[Part]:
    """See Interaction.analyse."""
    count, named = len(_rights(definition)), named_parts(definition)
    return [named[left * count + right] for left, right in enumerate(response["match"]) if right is not None]


def options(definition: dict[str, Any], order: Sequence[int] | None = None) -> list[Part]:
    """See Interaction.options; there is no list to choose from."""
    return []


def named_parts(definition: dict[str, Any]) -> list[Part]:
    """See Interaction.named_parts; each left side with every right one."""
    keys = _solutions(definition)
    return [
        Part(f"{pair['left']} → {text}", any(key[left] == right for key in keys))
        for left, pair in enumerate(definition["pairs"])
        for right, text in enumerate(_rights(definition))
    ]


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended | None:
    """See Interaction.mend; which texts belong together."""
    return places.mend(definition, form, range(len(definition["pairs"])), len(_rights(definition)), _DOUBLED)


def show(definition: dict[str, Any], order: list[int], response: dict[str, Any] | None) -> dict[str, Any]:
    """See Interaction.show; the right answers are those of the solution that comes closest, ``others`` the further ones."""
    rights, keys = _rights(definition), _solutions(definition)
    match: list[Any] = response["match"] if response else [None] * len(definition["pairs"])
    key = max(keys, key=lambda one: _hits(one, match))
    return {
        "choices": [(position, rights[position]) for position in order],
        "pairs": [
            {
                "left": pair["left"],
                "right": rights[key[left]],
                "chosen": match[left],
                "chosen_text": "" if match[left] is None else rights[match[left]],
                "correct": match[left] == key[left],
            }
            for left, pair in enumerate(definition["pairs"])
        ],
        "others": [[part.text for part in analyse(definition, {"match": one})] for one in keys if one != key],
    }


def _rights(definition: dict[str, Any]) -> list[str]:
    return [pair["right"] for pair in definition["pairs"]] + list(definition.get("distractors", []))


def _solutions(definition: dict[str, Any]) -> list[places.Places]:
    return places.solutions(definition, range(len(definition["pairs"])))


def _hits(key: places.Places, match: list[int | None]) -> int:
    return sum(1 for right, position in zip(key, match, strict=True) if position == right)
