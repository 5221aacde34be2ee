"""Questions as pages show them: a blueprint without routes that brings the types' templates, and what those get."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from assessments.items.interactions.parts import KeyProblem, Part
from assessments.items.interactions.registry import get_interaction
from assessments.items.models import ItemVersion
from assessments.items.rules import maximum
from lms.sentences import Sentence

bp = Blueprint("interactions", __name__, template_folder="interactions/templates")


def preview_order(type_name: str, definition: dict[str, Any], version_id: int) -> list[int]:
    """Return the order in which a preview shows the answers: mixed, and for one version the same each time."""
    return get_interaction(type_name).shuffle(definition, random.Random(version_id))  # noqa: S311 - nothing depends on it


def question_view(
    version: ItemVersion,
    order: Sequence[int],
    response: dict[str, Any] | None,
    *,
    field: str = "answer",
    media: str = "",
) -> dict[str, Any]:
    """Return what ``items/_question.html`` shows; ``shown`` is the type's own part.

    ``field`` names the controls, ``media`` is the address that a picture's path (``media/x.png``) is added to.
    """
    interaction = get_interaction(version.type)
    return {
        "type": version.type,
        "manual": interaction.MANUAL,
        "prompt": version.definition["prompt"],
        "explanation": version.definition.get("explanation", ""),
        "maximum": maximum(version.definition),
        "answered": response is not None,
        "words": answer_words(version, response) if response else [],
        "shown": interaction.show(version.definition, list(order), response),
        "field": field,
        "media": media,
    }


@dataclass(frozen=True)
class KeyForm:
    """What the controls of a key show: the question as it stands, what was entered instead, and what is wrong with that."""

    definition: dict[str, Any]
    question: dict[str, Any]
    entered: MultiDict[str, str] | None
    problems: Mapping[str, Sentence]

    def text(self, name: str, standing: str = "") -> str:
        """Return what the text field of this name shows."""
        return standing if self.entered is None else self.entered.get(name, standing)

    def is_chosen(self, name: str, value: object, standing: object) -> bool:
        """Say whether the choice of this value is made; ``standing`` is whether it stands."""
        return bool(standing) if self.entered is None else str(value) in self.entered.getlist(name)


def key_form(
    version: ItemVersion, entered: MultiDict[str, str] | None, problems: Iterable[KeyProblem], *, media: str
) -> KeyForm:
    """Return what the macro ``key`` of ``items/_question.html`` shows; ``media`` as for ``question_view``.

    The controls are those of the question as it stands, whatever was entered: they are named by the places in it. The
    question comes with its answers as they were written.
    """
    order = sorted(preview_order(version.type, version.definition, 0))
    said = {one.field: one.said for one in reversed(list(problems))}
    return KeyForm(version.definition, question_view(version, order, None, media=media), entered, said)


def say_part(part: Part) -> str:
    """Return a part in the person's language."""
    return str(_(part.said)) if part.said else part.text


def answer_words(version: ItemVersion, response: dict[str, Any]) -> list[str]:
    """Return what an answer consists of in the person's language; of one that the question cannot have, that it is so."""
    interaction = get_interaction(version.type)
    if not interaction.check(version.definition, response):
        return [str(_("an answer that this question cannot have"))]
    return [say_part(part) for part in interaction.analyse(version.definition, response)]
