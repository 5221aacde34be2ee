"""Short text: a few typed words, compared with the accepted ones. Response: ``{"text": "…"}``."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers, typed
from assessments.items.interactions.parts import Mended, Part
from lms.sentences import N_, Sentence, sentence

LABEL = N_("Short text")
KEYS = frozenset({"accepted", "case_sensitive", "ignore_diacritics"})
MANUAL = False
TAKES_FILE = False


def problems(definition: dict[str, Any]) -> list[Sentence]:
    """See Interaction.problems."""
    found = []
    accepted = definition.get("accepted")
    if not isinstance(accepted, list) or not accepted or not all(answers.is_text(text) for text in accepted):
        found.append(sentence(N_("'accepted' must be a list of at least one text.")))
    elif any(map(typed.accepts_everything, accepted)):
        found.append(sentence(N_("An accepted text must be more than '*', or every answer would be right.")))
    found.extend(
        sentence(answers.TRUE_OR_FALSE, key=key)
        for key in ("case_sensitive", "ignore_diacritics")
        if not isinstance(definition.get(key, False), bool)
    )
    return found


def shuffle(definition: dict[str, Any], chance: random.Random) -> list[int]:
    """See Interaction.shuffle; there is nothing to mix."""
    return []


def read(definition: dict[str, Any], field: str, form: MultiDict[str, str]) -> dict[str, Any] | None:
    """See Interaction.read."""
    text = typed.tidy(form.get(field, ""))
    return {"text": text} if text else None


def check(definition: dict[str, Any], response: dict[str, Any]) -> bool:
    """See Interaction.check."""
    text = response.get("text")
    return set(response) == {"text"} and isinstance(text, str) and bool(text) and text == typed.tidy(text)


def score(definition: dict[str, Any], response: dict[str, Any]) -> Fraction:
    """See Interaction.score."""
    return Fraction(
        any(
            typed.matches(
                response["text"],
                accepted,
                case_sensitive=definition.get("case_sensitive", False),
                ignore_diacritics=definition.get("ignore_diacritics", False),
            )
            for accepted in definition["accepted"]
        )
    )


def analyse(definition: dict[str, Any], response: dict[str, Any]) -> list[Part]:
    """See Interaction.analyse."""
    return [Part(response["text"], score(definition, response) == 1)]


def options(definition: dict[str, Any], order: Sequence[int] | None = None) -> list[Part]:
    """See Interaction.options; there is no list to choose from."""
    return []


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended | None:
    """See Interaction.mend."""
    accepted = typed.lines(form.get("key-accepted", ""))
    return definition | {"accepted": accepted}, typed.accepted_problems(accepted)


def show(definition: dict[str, Any], order: list[int], response: dict[str, Any] | None) -> dict[str, Any]:
    """See Interaction.show."""
    return {
        "text": response["text"] if response else "",
        "accepted": definition["accepted"],
        "case_sensitive": definition.get("case_sensitive", False),
        "correct": response is not None and score(definition, response) == 1,
    }
