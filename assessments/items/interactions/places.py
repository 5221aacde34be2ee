"""Keys of questions whose parts have their right place by their position: pairs, steps, members of categories.

A repair may not move the parts, since the answers that were given name them by their positions. It writes the right places
beside them, under a name that no author can use; the exchange writes them into the question again (exchange/keys.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers
from assessments.items.interactions.parts import KeyProblem
from lms.sentences import Sentence

KEY = "key"


def right_places(definition: dict[str, Any], usual: Sequence[int]) -> list[int]:
    """Return the right place of each part; ``usual`` are those by position."""
    return list(definition.get(KEY, usual))


def with_places(
    definition: dict[str, Any], form: MultiDict[str, str], usual: Sequence[int], count: int
) -> dict[str, Any]:
    """Return a definition with the places, of ``count`` there are, that a posted form gives; others stay as they are."""
    places = right_places(definition, usual)
    for part in range(len(places)):
        chosen = answers.positions_in(form.getlist(f"key-{part}"), count)
        if len(chosen) == 1:
            places[part] = chosen[0]
    new = {name: value for name, value in definition.items() if name != KEY}
    return new if places == list(usual) else new | {KEY: places}


def doubled_places(places: Sequence[int], said: Sentence) -> list[KeyProblem]:
    """Return that the first part whose place an earlier one has cannot have it; nothing when each place is given once."""
    twice = [part for part, place in enumerate(places) if place in places[:part]]
    return [KeyProblem(f"key-{part}", said) for part in twice[:1]]
