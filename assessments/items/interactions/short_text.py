"""Short text: a few typed words, compared with the expected ones (see expected.py). Response: ``{"text": "…"}``."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers, expected, typed
from assessments.items.interactions.parts import Mended, Part
from assessments.items.interactions.wordings import EXPLANATION, PROMPT, Texts
from lms.sentences import N_, Sentence, sentence

LABEL = N_("Short text")
KEYS = frozenset({"accepted", "case_sensitive", "ignore_diacritics"})
MANUAL = False
TAKES_FILE = False
WORDINGS: tuple[Texts, ...] = (
    PROMPT,
    Texts("accepted.*.feedback", N_("Feedback for “%(number)s”"), called="text", optional=True),
    EXPLANATION,
)


def problems(definition: dict[str, Any]) -> list[Sentence]:
    """See Interaction.problems."""
    found = expected.problems(definition.get("accepted"))
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
    found = expected.find(definition, definition["accepted"], response["text"])
    return found.share if found else Fraction(0)


def analyse(definition: dict[str, Any], response: dict[str, Any]) -> list[Part]:
    """See Interaction.analyse."""
    return [Part(response["text"], score(definition, response) == 1)]


def options(definition: dict[str, Any], order: Sequence[int] | None = None) -> list[Part]:
    """See Interaction.options; there is no list to choose from."""
    return []

#: See Interaction.named_parts.
named_parts = options


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended | None:
    """See Interaction.mend."""
    accepted, found = expected.mend(definition["accepted"], form, "key-accepted")
    return definition | {"accepted": accepted}, found


def show(definition: dict[str, Any], order: list[int], response: dict[str, Any] | None) -> dict[str, Any]:
    """See Interaction.show."""
    found = expected.find(definition, definition["accepted"], response["text"]) if response else None
    return {
        "text": response["text"] if response else "",
        "accepted": expected.shown_texts(definition["accepted"]),
        "case_sensitive": definition.get("case_sensitive", False),
        "correct": found is not None and found.full,
        "partly": found is not None and 0 < found.percent < 100,
        "feedback": found.feedback if found else "",
    }
