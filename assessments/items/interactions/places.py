"""Keys of questions whose parts have their right place by their position: pairs, steps, members of categories.

A repair may not move the parts, since the answers that were given name them by their positions. It writes the right places
beside them, under a name that no author can use; the exchange writes them into the question again (exchange/keys.py).

What is right besides stands in ``other_solutions``, which authors can write as well: a list of solutions, each with a place
for every part, counted from 1 as people do (FORMAT.md). Where two parts can have the same place, a part has nothing to do
with the others, and each counts by itself: it is right wherever any solution has it. Otherwise, as one place is taken the
next part needs another, so solutions count as wholes: an answer that is half one and half the other is neither, and gets
what it would get for the one that it comes closest to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers
from assessments.items.interactions.parts import KeyProblem, Mended
from lms.sentences import N_, Sentence, sentence

KEY = "key"
OTHERS = "other_solutions"
Places = list[int]


def solutions(definition: dict[str, Any], usual: Sequence[int]) -> list[Places]:
    """Return the right places of the parts, from 0, by solution: the question's own first. ``usual`` are those by position."""
    others = [[place - 1 for place in other] for other in definition.get(OTHERS, [])]
    return [list(definition.get(KEY, usual)), *others]


def problems(definition: dict[str, Any], usual: Sequence[int], count: int, doubled: Sentence | None) -> list[Sentence]:
    """Return what is wrong with further solutions, of whose parts each has one of ``count`` places.

    ``doubled`` is what is said where two parts have the same place; None: they can.
    """
    others = definition.get(OTHERS, [])
    if not isinstance(others, list) or not all(_is_solution(other, len(usual), count) for other in others):
        text = N_("'%(key)s' must be a list of lists, each with %(parts)s whole numbers from 1 to %(most)s.")
        return [sentence(text, key=OTHERS, parts=len(usual), most=count)]
    listed = solutions(definition, usual)
    found = [doubled] if doubled and any(len(set(one)) < len(one) for one in listed) else []
    if any(_is_told(one, listed[:number], doubled) for number, one in enumerate(listed) if number):
        found.append(sentence(N_("A further solution is right already.")))
    return found


def mend(
    definition: dict[str, Any], form: MultiDict[str, str], usual: Sequence[int], count: int, doubled: Sentence | None
) -> Mended:
    """Return a definition with the solutions that a posted form gives, and what is wrong with them; see ``problems``.

    The fields are ``key-<part>`` for the first, ``key-remove-<number>`` for each that there is besides, and
    ``key-new-<part>`` for one more: where a part has nothing there, it has its place of the first.
    """
    first, *others = solutions(definition, usual)
    first = _chosen(form, "key", first, count)
    found, told = _doubled("key", first, doubled), [first]
    for number, other in enumerate(others):
        field = f"key-remove-{number}"
        if field not in form:
            if _is_told(other, told, doubled):
                said = N_("Further right solution %(number)s is right already through those before it. Please remove it.")
                found.append(KeyProblem(field, sentence(said, number=number + 1)))
            told.append(other)
    new, filled = _chosen(form, "key-new", first, count), [part for part in range(len(first)) if form.get(f"key-new-{part}")]
    if filled:
        found += _doubled("key-new", new, doubled)
        if _is_told(new, told, doubled):
            said = N_("This solution is right already. Please choose something else, or leave all of it empty.")
            found.append(KeyProblem(f"key-new-{filled[0]}", sentence(said)))
        told.append(new)
    made = {name: value for name, value in definition.items() if name not in {KEY, OTHERS}}
    if first != list(usual):
        made[KEY] = first
    if told[1:]:
        made[OTHERS] = [[place + 1 for place in other] for other in told[1:]]
    return made, found


def _chosen(form: MultiDict[str, str], name: str, standing: Places, count: int) -> Places:
    places = list(standing)
    for part in range(len(places)):
        chosen = answers.positions_in(form.getlist(f"{name}-{part}"), count)
        if len(chosen) == 1:
            places[part] = chosen[0]
    return places


def _doubled(name: str, places: Places, said: Sentence | None) -> list[KeyProblem]:
    twice = [part for part, place in enumerate(places) if place in places[:part]]
    return [KeyProblem(f"{name}-{part}", said) for part in twice[:1] if said]


def _is_told(solution: Places, told: Sequence[Places], doubled: Sentence | None) -> bool:
    """Say whether a solution is right by others already."""
    if doubled:
        return solution in told
    return all(place in {one[part] for one in told} for part, place in enumerate(solution))


def _is_solution(value: object, parts: int, count: int) -> bool:
    if not isinstance(value, list) or len(value) != parts:
        return False
    return all(answers.is_position(place, count + 1) and place > 0 for place in value)
