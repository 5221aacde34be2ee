"""The question types: one module and one template a type, all of one shape (see Interaction). Learn one, know all.

The template ``items/_<type>.html`` has the macros ``ask`` and ``review``, and ``key`` where the key can be mended; whoever
shows a question calls those of ``items/_question.html``, which choose by the type.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Protocol

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import (
    categorising,
    essay,
    file_upload,
    gaps,
    hotspot,
    matching,
    multiple_choice,
    numerical,
    ordering,
    short_text,
    single_choice,
    true_false,
)
from assessments.items.interactions.parts import Mended, Part
from assessments.items.interactions.wordings import Texts
from lms.sentences import Sentence

Definition = dict[str, Any]
Response = dict[str, Any]


class Interaction(Protocol):
    """What every question type can do. ``definition`` is an item's definition as FORMAT.md describes it.

    A *response* is plain JSON that names answers by their position in the definition, which never changes within an
    item version. ``order`` is the shuffle of one attempt: positions in the order in which they are shown.
    """

    #: What the type is called, marked by N_.
    LABEL: str
    #: The keys that a definition of this type has besides those that all have.
    KEYS: frozenset[str]
    #: Whether a person marks it; ``score`` is then nothing, and the points come from a mark (see assessments/marking).
    MANUAL: bool
    #: Whether the answer is a file, whose bytes are kept before ``read`` names it (see attempts/uploads.py).
    TAKES_FILE: bool
    #: The texts that can be worded anew, in reading order; all others are keys, or named by answers (see wordings.py).
    WORDINGS: tuple[Texts, ...]

    def problems(self, definition: Definition) -> list[Sentence]:
        """Return what is wrong with a definition, one sentence each."""

    def shuffle(self, definition: Definition, chance: random.Random) -> list[int]:
        """Return the order in which an attempt shows the answers."""

    def read(self, definition: Definition, field: str, form: MultiDict[str, str]) -> Response | None:
        """Read a response out of a posted form whose controls are named after ``field``; None: nothing answered."""

    def check(self, definition: Definition, response: Response) -> bool:
        """Say whether a response is one that this question could have produced."""

    def score(self, definition: Definition, response: Response) -> Fraction:
        """Return the share of the points, from 0 to 1. Pure: the same answer always scores the same."""

    def analyse(self, definition: Definition, response: Response) -> list[Part]:
        """Return what a response consists of, in words; counted in statistics and printed in receipts."""

    def options(self, definition: Definition, order: Sequence[int] | None = None) -> list[Part]:
        """Return what one chooses from where that is a list, in the order of an attempt or as written; otherwise nothing."""

    def named_parts(self, definition: Definition) -> list[Part]:
        """Return all parts that ``analyse`` can find, in an order that no wording or repair changes; none of what is typed."""

    def mend(self, definition: Definition, form: MultiDict[str, str]) -> Mended | None:
        """Return a definition with the key of a posted form, whose controls the macro ``key`` draws; the given one stays.

        None: the key cannot be changed by itself. Wording, number and order of the answers always stay, so that every
        answer that was given keeps its meaning.
        """

    def show(self, definition: Definition, order: list[int], response: Response | None) -> dict[str, Any]:
        """Return what the template ``items/_<type>.html`` shows; the right answers are marked for the review."""


INTERACTIONS: dict[str, Interaction] = {
    "single_choice": single_choice,
    "multiple_choice": multiple_choice,
    "true_false": true_false,
    "short_text": short_text,
    "numerical": numerical,
    "matching": matching,
    "ordering": ordering,
    "categorising": categorising,
    "gaps": gaps,
    "hotspot": hotspot,
    "essay": essay,
    "file_upload": file_upload,
}


def get_interaction(type_name: str) -> Interaction:
    """Return the question type of this name. Raises KeyError for an unknown one."""
    return INTERACTIONS[type_name]
