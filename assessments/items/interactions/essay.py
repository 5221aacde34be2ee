"""Essay: a longer text, marked by hand. Response: ``{"text": "…"}``.

``min_words`` and ``max_words`` are said and counted, never enforced: who marks sees them and decides.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers, typed
from assessments.items.interactions.parts import Mended, Part
from assessments.items.interactions.wordings import EXPLANATION, GUIDANCE, PROMPT, Texts
from lms.sentences import N_, Sentence, sentence

LABEL = N_("Free text")
KEYS = frozenset({"min_words", "max_words", "guidance"})
MANUAL = True
TAKES_FILE = False
WORDINGS: tuple[Texts, ...] = (PROMPT, EXPLANATION, GUIDANCE)
MAX_WORDS = 20_000


def problems(definition: dict[str, Any]) -> list[Sentence]:
    """See Interaction.problems."""
    found = [
        sentence(answers.WHOLE_NUMBER, key=key, least=1, most=MAX_WORDS)
        for key in ("min_words", "max_words")
        if key in definition and not _is_count(definition[key])
    ]
    if not found and definition.get("min_words", 1) > definition.get("max_words", MAX_WORDS):
        found.append(sentence(N_("'min_words' must not be larger than 'max_words'.")))
    if "guidance" in definition and not answers.is_text(definition["guidance"]):
        found.append(sentence(answers.A_TEXT, key="guidance"))
    return found


def shuffle(definition: dict[str, Any], chance: random.Random) -> list[int]:
    """See Interaction.shuffle; there is nothing to mix."""
    return []


def read(definition: dict[str, Any], field: str, form: MultiDict[str, str]) -> dict[str, Any] | None:
    """See Interaction.read."""
    text = typed.tidy_long(form.get(field, ""))
    return {"text": text} if text.strip() else None


def check(definition: dict[str, Any], response: dict[str, Any]) -> bool:
    """See Interaction.check."""
    text = response.get("text")
    return set(response) == {"text"} and isinstance(text, str) and bool(text.strip()) and text == typed.tidy_long(text)


def score(definition: dict[str, Any], response: dict[str, Any]) -> Fraction:
    """See Interaction.score; a person decides."""
    return Fraction(0)


def analyse(definition: dict[str, Any], response: dict[str, Any]) -> list[Part]:
    """See Interaction.analyse."""
    return [Part(response["text"], None)]


def options(definition: dict[str, Any], order: Sequence[int] | None = None) -> list[Part]:
    """See Interaction.options; there is no list to choose from."""
    return []

#: See Interaction.named_parts.
named_parts = options


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended | None:
    """See Interaction.mend; a person decides."""
    return None


def show(definition: dict[str, Any], order: list[int], response: dict[str, Any] | None) -> dict[str, Any]:
    """See Interaction.show."""
    text = response["text"] if response else ""
    return {
        "text": text,
        "words": typed.count_words(text),
        "min_words": definition.get("min_words"),
        "max_words": definition.get("max_words"),
        "most": typed.MAX_WRITTEN,
    }


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_WORDS
