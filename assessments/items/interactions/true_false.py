"""True or false, optionally with a reason that counts half.

Response: ``{"value": true}``, with reasons ``{"value": true, "reason": position or null}``. Of the reasons one is ``correct``;
another with ``percent: 100`` is right as well.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers
from assessments.items.interactions.parts import KeyProblem, Mended, Part, in_order
from assessments.items.interactions.wordings import EXPLANATION, PROMPT, Texts
from lms.sentences import N_, Sentence, sentence

LABEL = N_("True or false")
KEYS = frozenset({"correct", "feedback_true", "feedback_false", "reasons", "shuffle"})
MANUAL = False
TAKES_FILE = False
WORDINGS: tuple[Texts, ...] = (
    PROMPT,
    Texts("feedback_true", N_("Feedback for “true”"), optional=True),
    Texts("feedback_false", N_("Feedback for “false”"), optional=True),
    Texts("reasons.*.text", N_("Reason %(number)s"), kin="reasons"),
    Texts("reasons.*.feedback", N_("Feedback for reason %(number)s"), optional=True),
    EXPLANATION,
)
#: How the values read in statistics and logs, and what pages say.
TRUE, FALSE = ("true", N_("True")), ("false", N_("False"))


def problems(definition: dict[str, Any]) -> list[Sentence]:
    """See Interaction.problems."""
    found = []
    if not isinstance(definition.get("correct"), bool):
        found.append(sentence(answers.TRUE_OR_FALSE, key="correct"))
    found.extend(
        sentence(answers.A_TEXT, key=key)
        for key in ("feedback_true", "feedback_false")
        if key in definition and not answers.is_text(definition[key])
    )
    if "reasons" in definition:
        wrong = answers.answer_problems(definition["reasons"], weighted=True, called=answers.REASONS)
        found += wrong
        if not wrong and len(answers.correct_positions(definition["reasons"])) != 1:
            found.append(sentence(N_("Exactly one reason must be correct; another that is right as well has 'percent: 100'.")))
        if not wrong and any("percent" in one and (one.get("correct") or one["percent"] != 100) for one in definition["reasons"]):
            found.append(sentence(N_("'percent' is for reasons that are not 'correct', and can only be 100.")))
    return found


def shuffle(definition: dict[str, Any], chance: random.Random) -> list[int]:
    """See Interaction.shuffle; only reasons are mixed."""
    return answers.shuffled(len(definition.get("reasons", [])), chance, shuffle=definition.get("shuffle", True))


def read(definition: dict[str, Any], field: str, form: MultiDict[str, str]) -> dict[str, Any] | None:
    """See Interaction.read."""
    value = {"true": True, "false": False}.get(form.get(field, ""))
    if value is None:
        return None
    if "reasons" not in definition:
        return {"value": value}
    chosen = answers.positions_in(form.getlist(f"{field}-reason"), len(definition["reasons"]))
    return {"value": value, "reason": chosen[0] if len(chosen) == 1 else None}


def check(definition: dict[str, Any], response: dict[str, Any]) -> bool:
    """See Interaction.check."""
    if not isinstance(response.get("value"), bool):
        return False
    if "reasons" not in definition:
        return set(response) == {"value"}
    reason = response.get("reason")
    return set(response) == {"value", "reason"} and (
        reason is None or answers.is_position(reason, len(definition["reasons"]))
    )


def score(definition: dict[str, Any], response: dict[str, Any]) -> Fraction:
    """See Interaction.score; a reason counts only beneath the right value."""
    if response["value"] is not definition["correct"]:
        return Fraction(0)
    if "reasons" not in definition:
        return Fraction(1)
    reason = response["reason"]
    right = reason is not None and answers.is_right(definition["reasons"][reason])
    return Fraction(1) if right else Fraction(1, 2)


def analyse(definition: dict[str, Any], response: dict[str, Any]) -> list[Part]:
    """See Interaction.analyse."""
    text, said = TRUE if response["value"] else FALSE
    parts = [Part(text, response["value"] is definition["correct"], said)]
    if response.get("reason") is not None:
        reason = definition["reasons"][response["reason"]]
        parts.append(Part(reason["text"], answers.is_right(reason)))
    return parts


def options(definition: dict[str, Any], order: Sequence[int] | None = None) -> list[Part]:
    """See Interaction.options; the values come first, and the reasons in the order of the attempt."""
    values = [
        Part(text, definition["correct"] is value, said) for value, text, said in ((True, *TRUE), (False, *FALSE))
    ]
    return values + in_order(answers.as_parts(definition.get("reasons", [])), order)

#: See Interaction.named_parts.
named_parts = options


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended | None:
    """See Interaction.mend."""
    new = definition | {"correct": form.get("key-right") == "true"}
    if "reasons" not in definition:
        return new, []
    new["reasons"] = answers.one_correct(answers.with_right(definition["reasons"], form.getlist("key-reason")))
    good = answers.correct_positions(new["reasons"])
    return new, [] if good else [KeyProblem("key-reason", sentence(N_("At least one reason must be right.")))]


def show(definition: dict[str, Any], order: list[int], response: dict[str, Any] | None) -> dict[str, Any]:
    """See Interaction.show."""
    value = response["value"] if response else None
    chosen = {response["reason"]} if response and response.get("reason") is not None else set()
    return {
        "value": value,
        "correct": definition["correct"],
        "feedback": definition.get("feedback_true" if value else "feedback_false", "") if response else "",
        "reasons": answers.show_answers(definition.get("reasons", []), order, chosen),
    }
