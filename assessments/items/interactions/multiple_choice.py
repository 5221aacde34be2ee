"""Multiple choice: several answers can be right. Response: ``{"choices": [positions]}``.

Scoring: ``all_or_nothing``; ``partial``: every answer judged rightly (chosen or left) counts, from half of them on, so
that choosing everything or nothing earns nothing by itself; ``penalty``: right choices minus wrong ones, never below 0;
``weighted``: the sum of the chosen answers' ``percent``, from 0 to 100.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers, weights
from assessments.items.interactions.parts import Mended, Part, in_order
from assessments.items.interactions.wordings import ANSWERS, EXPLANATION, PROMPT, Texts
from lms.sentences import N_, Sentence, sentence

LABEL = N_("Multiple choice")
KEYS = frozenset({"answers", "scoring", "shuffle"})
MANUAL = False
TAKES_FILE = False
WORDINGS: tuple[Texts, ...] = (PROMPT, *ANSWERS, EXPLANATION)
SCORINGS = ("all_or_nothing", "partial", "penalty", "weighted")


def problems(definition: dict[str, Any]) -> list[Sentence]:
    """See Interaction.problems."""
    weighted = definition.get("scoring") == "weighted"
    found = answers.answer_problems(definition.get("answers"), weighted=weighted)
    if not found and not answers.correct_positions(definition["answers"]):
        found.append(sentence(N_("At least one answer must be correct.")))
    if not found and weighted:
        found += _weight_problems(definition["answers"])
    if definition.get("scoring", "partial") not in SCORINGS:
        found.append(sentence(answers.ONE_OF, key="scoring", choices=", ".join(SCORINGS)))
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
    if scoring == "weighted":
        return _weighted(definition["answers"], chosen)
    count = len(definition["answers"])
    judged_rightly = count - len(chosen ^ right)
    return max(Fraction(0), Fraction(2 * judged_rightly - count, count))


def analyse(definition: dict[str, Any], response: dict[str, Any]) -> list[Part]:
    """See Interaction.analyse."""
    chosen = [definition["answers"][position] for position in response["choices"]]
    return [Part(answer["text"], answer.get("correct") is True) for answer in chosen]


def options(definition: dict[str, Any], order: Sequence[int] | None = None) -> list[Part]:
    """See Interaction.options."""
    return in_order(answers.as_parts(definition["answers"]), order)

#: See Interaction.named_parts.
named_parts = options


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended | None:
    """See Interaction.mend."""
    weighted = definition.get("scoring") == "weighted"
    return weights.mend_multiple(definition, form) if weighted else answers.mend(definition, form)


def show(definition: dict[str, Any], order: list[int], response: dict[str, Any] | None) -> dict[str, Any]:
    """See Interaction.show."""
    chosen = set(response["choices"]) if response else set()
    return {
        "answers": answers.show_answers(definition["answers"], order, chosen),
        "scoring": definition.get("scoring", "partial"),
    }


def _weight_problems(listed: list[dict[str, Any]]) -> list[Sentence]:
    found = []
    if any((answer.get("percent", 0) > 0) is not (answer.get("correct") is True) for answer in listed):
        found.append(sentence(N_("With weights, just the answers with a 'percent' above 0 are correct.")))
    if not weights.make_all([answer.get("percent", 0) for answer in listed]):
        found.append(sentence(N_("The 'percent' of the correct answers must make 100.")))
    return found


def _weighted(listed: list[dict[str, Any]], chosen: set[int]) -> Fraction:
    earned = sum((answers.share(listed[position].get("percent", 0)) for position in chosen), Fraction(0))
    return min(Fraction(1), max(Fraction(0), earned))
