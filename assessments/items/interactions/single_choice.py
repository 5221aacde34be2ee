"""Single choice: one of several answers is chosen. Response: ``{"choice": position}``.

One is ``correct``. Another can be worth a part of the points (``percent``), or all where it is right as well. Versions that
earlier repairs have made say ``correct`` of several: those count the same.
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

LABEL = N_("Single choice")
KEYS = frozenset({"answers", "shuffle"})
MANUAL = False
TAKES_FILE = False
WORDINGS: tuple[Texts, ...] = (PROMPT, *ANSWERS, EXPLANATION)


def problems(definition: dict[str, Any]) -> list[Sentence]:
    """See Interaction.problems."""
    found = answers.answer_problems(definition.get("answers"), weighted=True)
    if found:
        return found
    if len(answers.correct_positions(definition["answers"])) != 1:
        found.append(sentence(N_("Exactly one answer must be correct; another that is right as well has 'percent: 100'.")))
    if any("percent" in answer and (answer.get("correct") or not 0 < answer["percent"] <= 100)
           for answer in definition["answers"]):  # fmt: skip
        found.append(sentence(N_("'percent' is for answers that are not 'correct', above 0 and at most 100.")))
    return found


def shuffle(definition: dict[str, Any], chance: random.Random) -> list[int]:
    """See Interaction.shuffle."""
    return answers.shuffled(len(definition["answers"]), chance, shuffle=definition.get("shuffle", True))


def read(definition: dict[str, Any], field: str, form: MultiDict[str, str]) -> dict[str, Any] | None:
    """See Interaction.read."""
    chosen = answers.positions_in(form.getlist(field), len(definition["answers"]))
    return {"choice": chosen[0]} if len(chosen) == 1 else None


def check(definition: dict[str, Any], response: dict[str, Any]) -> bool:
    """See Interaction.check."""
    return set(response) == {"choice"} and answers.is_position(response["choice"], len(definition["answers"]))


def score(definition: dict[str, Any], response: dict[str, Any]) -> Fraction:
    """See Interaction.score."""
    answer = definition["answers"][response["choice"]]
    return Fraction(1) if answer.get("correct") is True else answers.share(answer.get("percent", 0))


def analyse(definition: dict[str, Any], response: dict[str, Any]) -> list[Part]:
    """See Interaction.analyse."""
    answer = definition["answers"][response["choice"]]
    return [Part(answer["text"], answers.is_right(answer))]


def options(definition: dict[str, Any], order: Sequence[int] | None = None) -> list[Part]:
    """See Interaction.options."""
    return in_order(answers.as_parts(definition["answers"]), order)

#: See Interaction.named_parts.
named_parts = options


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended | None:
    """See Interaction.mend; more than one answer can be right afterwards."""
    if weights.has_weights(definition):
        return weights.mend_single(definition, form)
    new, found = answers.mend(definition, form)
    return new | {"answers": answers.one_correct(new["answers"])}, found


def show(definition: dict[str, Any], order: list[int], response: dict[str, Any] | None) -> dict[str, Any]:
    """See Interaction.show."""
    chosen = {response["choice"]} if response else set()
    return {"answers": answers.show_answers(definition["answers"], order, chosen)}
