"""Answers of a choice question that bring points of their own (``percent``), and their key as a form has it."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions.answers import one_correct
from assessments.items.interactions.expected import mended_percent
from assessments.items.interactions.parts import KeyProblem, Mended
from lms.sentences import N_, sentence

#: Where a form says what is wrong with all answers together.
TOGETHER = "key-right"
#: Thirds and the like are written with decimals and then make a little less or more than 100.
ROUNDING = 0.01


def has_weights(definition: dict[str, Any]) -> bool:
    """Say whether an answer brings another part of the points than all or nothing."""
    return any(answer.get("percent", 100) != 100 for answer in definition["answers"])


def make_all(percents: list[float]) -> bool:
    """Say whether what the right answers bring makes all points together."""
    return abs(sum(percent for percent in percents if percent > 0) - 100) <= ROUNDING


def mend_single(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended:
    """See Interaction.mend, where one answer is chosen: those that bring 100 are right."""
    standing = [100 if answer.get("correct") else answer.get("percent", 0) for answer in definition["answers"]]
    percents, found = _mended(standing, form, least=0)
    if not found and 100 not in percents:
        found.append(KeyProblem(TOGETHER, sentence(N_("At least one answer must be right and bring 100 per cent."))))
    new = _with_keys(definition, [{"percent": one} if one else {} for one in percents])
    return new | {"answers": one_correct(new["answers"])}, found


def mend_multiple(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended:
    """See Interaction.mend, where several answers are chosen: those that bring more than 0 are right."""
    standing = [answer.get("percent", 0) for answer in definition["answers"]]
    percents, found = _mended(standing, form, least=-100)
    if not found and not make_all(percents):
        found.append(KeyProblem(TOGETHER, sentence(N_("The points above 0 must make 100 per cent together."))))
    keys = [({"percent": one} if one else {}) | ({"correct": True} if one > 0 else {}) for one in percents]
    return _with_keys(definition, keys), found


def _mended(standing: list[float], form: MultiDict[str, str], *, least: int) -> tuple[list[float], list[KeyProblem]]:
    found: list[KeyProblem] = []
    return [
        mended_percent(form, f"key-percent-{number}", before, found, least=least) for number, before in enumerate(standing)
    ], found


def _with_keys(definition: dict[str, Any], keys: list[dict[str, Any]]) -> dict[str, Any]:
    answers = [
        {name: value for name, value in answer.items() if name not in {"correct", "percent"}} | key
        for answer, key in zip(definition["answers"], keys, strict=True)
    ]
    return definition | {"answers": answers}
