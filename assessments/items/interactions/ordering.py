"""Ordering: steps are brought into their right order. Response: ``{"places": [place of step 0, …]}``, places from 0.

Two steps may hold the same place while somebody is still sorting. Scoring: ``pairs`` is the share of all pairs of steps
that stand the right way round, counted from half of them on, since a random order already gets half of the pairs right;
``places`` the share of steps at their right place; ``all_or_nothing``. Other orders can be right besides (see places.py).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers, places
from assessments.items.interactions.parts import Mended, Part
from assessments.items.interactions.wordings import EXPLANATION, PROMPT, Texts
from lms.sentences import N_, Sentence, sentence

LABEL = N_("Ordering")
KEYS = frozenset({"steps", "scoring", "other_solutions"})
MANUAL = False
TAKES_FILE = False
WORDINGS: tuple[Texts, ...] = (PROMPT, Texts("steps.*", N_("Step %(number)s"), kin="steps"), EXPLANATION)
SCORINGS = ("pairs", "places", "all_or_nothing")
MAX_STEPS = 10
_DOUBLED = sentence(N_("Each place can be given once only."))


def problems(definition: dict[str, Any]) -> list[Sentence]:
    """See Interaction.problems."""
    found = []
    if definition.get("scoring", "pairs") not in SCORINGS:
        found.append(sentence(answers.ONE_OF, key="scoring", choices=", ".join(SCORINGS)))
    steps = definition.get("steps")
    if not isinstance(steps, list) or not 3 <= len(steps) <= MAX_STEPS or not all(map(answers.is_text, steps)):
        return [*found, sentence(N_("'steps' must be a list of 3 to %(most)s texts."), most=MAX_STEPS)]
    if len(set(steps)) != len(steps):
        found.append(sentence(N_("Two steps are the same.")))
    return found + places.problems(definition, range(len(steps)), len(steps), _DOUBLED)


def shuffle(definition: dict[str, Any], chance: random.Random) -> list[int]:
    """See Interaction.shuffle; the right order itself is never shown."""
    count = len(definition["steps"])
    order = answers.shuffled(count, chance, shuffle=True)
    return order if order != list(range(count)) else order[1:] + order[:1]


def read(definition: dict[str, Any], field: str, form: MultiDict[str, str]) -> dict[str, Any] | None:
    """See Interaction.read."""
    count = len(definition["steps"])
    given: list[int | None] = []
    for step in range(count):
        chosen = answers.positions_in(form.getlist(f"{field}-{step}"), count)
        given.append(chosen[0] if len(chosen) == 1 else None)
    return {"places": given} if any(place is not None for place in given) else None


def check(definition: dict[str, Any], response: dict[str, Any]) -> bool:
    """See Interaction.check."""
    given = response.get("places")
    count = len(definition["steps"])
    return (
        set(response) == {"places"}
        and isinstance(given, list)
        and len(given) == count
        and all(place is None or answers.is_position(place, count) for place in given)
    )


def score(definition: dict[str, Any], response: dict[str, Any]) -> Fraction:
    """See Interaction.score; for the order that comes closest."""
    scoring = definition.get("scoring", "pairs")
    return max(_share(scoring, key, response["places"]) for key in _solutions(definition))


def analyse(definition: dict[str, Any], response: dict[str, Any]) -> list[Part]:
    """See Interaction.analyse."""
    count, named = len(definition["steps"]), named_parts(definition)
    taken = sorted((place, step) for step, place in enumerate(response["places"]) if place is not None)
    return [named[place * count + step] for place, step in taken]


def options(definition: dict[str, Any], order: Sequence[int] | None = None) -> list[Part]:
    """See Interaction.options; there is no list to choose from."""
    return []


def named_parts(definition: dict[str, Any]) -> list[Part]:
    """See Interaction.named_parts; each place with every step."""
    keys = _solutions(definition)
    return [
        Part(f"{place + 1}. {text}", any(place == key[step] for key in keys))
        for place in range(len(definition["steps"]))
        for step, text in enumerate(definition["steps"])
    ]


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended | None:
    """See Interaction.mend; the place of each step."""
    count = len(definition["steps"])
    return places.mend(definition, form, range(count), count, _DOUBLED)


def show(definition: dict[str, Any], order: list[int], response: dict[str, Any] | None) -> dict[str, Any]:
    """See Interaction.show; the right places are those of the order that comes closest, ``others`` the further ones."""
    steps, keys = definition["steps"], _solutions(definition)
    given: list[int | None] = response["places"] if response else [None] * len(steps)
    key = max(keys, key=lambda one: _share(definition.get("scoring", "pairs"), one, given))
    return {
        "choices": [(place, place + 1) for place in range(len(steps))],
        "steps": [
            {"position": position, "text": steps[position], "place": given[position], "right": key[position]}
            for position in order
        ],
        "others": [[part.text for part in analyse(definition, {"places": one})] for one in keys if one != key],
    }


def _solutions(definition: dict[str, Any]) -> list[places.Places]:
    return places.solutions(definition, range(len(definition["steps"])))


def _share(scoring: str, key: places.Places, given: list[int | None]) -> Fraction:
    # Where each step stands, in the right order of the steps.
    stands = [given[step] for step in sorted(range(len(key)), key=key.__getitem__)]
    if scoring != "pairs":
        at_home = sum(1 for step, place in enumerate(stands) if step == place)
        return Fraction(at_home == len(stands)) if scoring == "all_or_nothing" else Fraction(at_home, len(stands))
    pairs = list(combinations(stands, 2))
    right = sum(1 for first, second in pairs if first is not None and second is not None and first < second)
    return max(Fraction(0), Fraction(2 * right - len(pairs), len(pairs)))
