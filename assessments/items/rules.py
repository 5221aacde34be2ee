"""Decisions about items: is a question of an archive a good one, and what is a response worth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import wordings
from assessments.items.interactions.answers import WHOLE_NUMBER, is_text
from assessments.items.interactions.parts import Mended
from assessments.items.interactions.registry import INTERACTIONS, get_interaction
from assessments.items.interactions.typed import MAX_TEXT as MAX_TEXT
from assessments.items.interactions.wordings import Wording
from lms.sentences import N_, Sentence, sentence

COMMON_KEYS = frozenset({"id", "type", "prompt", "explanation", "tags", "difficulty", "points"})
#: A repaired version's definition says so under this key, which no author can write.
REPAIRED = "repaired"
FULL_POINTS = "full_points"
DROPPED = "dropped"
#: The kind of an ItemRepair whose new version only says the same in other words.
WORDING = "wording"
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")


def question_problems(question: dict[str, Any], *, needs_explanation: bool = True) -> list[Sentence]:
    """Return what is wrong with a question as FORMAT.md describes it, one sentence each.

    A question out of another system may come without an explanation: nothing is invented, the bank says that it is missing.
    """
    found = []
    if not isinstance(question.get("id"), str) or not _ID.fullmatch(question["id"]):
        found.append(sentence(N_("'id' must be 1 to 80 of a-z, 0-9, '.', '_' and '-'.")))
    required = ("prompt", "explanation") if needs_explanation or "explanation" in question else ("prompt",)
    found.extend(sentence(N_("'%(key)s' is missing."), key=key) for key in required if not is_text(question.get(key)))
    if any(len(text) > MAX_TEXT for text in _texts(question)):
        found.append(sentence(N_("A text has more than %(most)s characters."), most=MAX_TEXT))
    tags = question.get("tags", [])
    if not isinstance(tags, list) or not all(map(is_text, tags)):
        found.append(sentence(N_("'tags' must be a list of words.")))
    if question.get("difficulty", 2) not in (1, 2, 3):
        found.append(sentence(N_("'difficulty' must be 1, 2 or 3.")))
    points = question.get("points", 1)
    if not isinstance(points, int) or isinstance(points, bool) or not 1 <= points <= 100:
        found.append(sentence(WHOLE_NUMBER, key="points", least=1, most=100))
    if question.get("type") not in INTERACTIONS:
        text = N_("'type' is '%(given)s'; it must be one of %(choices)s.")
        return [*found, sentence(text, given=str(question.get("type")), choices=", ".join(INTERACTIONS))]
    interaction = get_interaction(question["type"])
    text = N_("Unknown key '%(key)s' in a question of the type %(type)s.")
    unknown = sorted(set(map(str, question)) - COMMON_KEYS - interaction.KEYS)
    found.extend(sentence(text, key=key, type=question["type"]) for key in unknown)
    return found + interaction.problems(question)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def score_response(type_name: str, definition: dict[str, Any], response: dict[str, Any] | None) -> int:
    """Return what a response is worth, in hundredths of a point, rounded half up; no response is worth nothing.

    A response that the question could not have produced is worth nothing either: it can only come from a broken client.
    A repaired question can be worth everything to everybody who was asked (see assessments/repair).
    """
    if definition.get(REPAIRED) == FULL_POINTS:
        return maximum(definition)
    interaction = get_interaction(type_name)
    if response is None or not interaction.check(definition, response):
        return 0
    share: Fraction = interaction.score(definition, response)
    return int(share * maximum(definition) + Fraction(1, 2))


def needs_mark(type_name: str, definition: dict[str, Any], response: dict[str, Any] | None) -> bool:
    """Say whether a person must mark this response: there is one, and neither a key nor a repair decides."""
    interaction = get_interaction(type_name)
    if not interaction.MANUAL or response is None or REPAIRED in definition:
        return False
    return interaction.check(definition, response)


def bare(definition: dict[str, Any]) -> dict[str, Any]:
    """Return a definition as its author wrote it, without what a repair says about it."""
    return {key: value for key, value in definition.items() if key != REPAIRED}


def mend(type_name: str, definition: dict[str, Any], form: MultiDict[str, str]) -> Mended | None:
    """Return a definition with the key of a posted form and what is wrong with that; None: see Interaction.mend."""
    return get_interaction(type_name).mend(bare(definition), form)


def can_mend(type_name: str, definition: dict[str, Any]) -> bool:
    """Say whether a question has a key that can be changed by itself."""
    return mend(type_name, definition, MultiDict()) is not None


def list_wordings(type_name: str, definition: dict[str, Any]) -> list[Wording]:
    """Return the texts of a question that can be worded anew, as they are read."""
    return wordings.list_wordings(get_interaction(type_name).WORDINGS, definition)


def texts_of(type_name: str, definition: dict[str, Any], like: dict[str, Any] | None = None) -> dict[str, str]:
    """Return the texts that can be worded anew by their names, or by those that they have in ``like``, another version."""
    shaped = definition if like is None else wordings.shaped_like(like, definition)
    return {one.name: one.text for one in list_wordings(type_name, shaped)}


def reword(type_name: str, definition: dict[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """Return a question with these texts, by name; what is right, and how many answers there are, stays."""
    return wordings.reword(get_interaction(type_name).WORDINGS, definition, texts)


def refuse_wordings(type_name: str, definition: dict[str, Any], texts: Mapping[str, str]) -> dict[str, Sentence]:
    """Return why some of these texts cannot be taken, by name."""
    return wordings.refuse_wordings(get_interaction(type_name).WORDINGS, definition, texts)


def is_asked(definition: dict[str, Any]) -> bool:
    """Say whether attempts that begin now are asked a question: neither one that was dropped nor one given to everybody."""
    return REPAIRED not in definition


def maximum(definition: dict[str, Any]) -> int:
    """Return the points that a question can give, in hundredths; a dropped one gives none."""
    if definition.get(REPAIRED) == DROPPED:
        return 0
    return int(definition.get("points", 1)) * 100
