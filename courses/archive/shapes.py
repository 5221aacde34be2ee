"""What keys a file may have and what may stand there, stated as data and checked with a line for each error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from courses.activity_kinds import UNKNOWN_KEY
from courses.archive.parsing import UNREAD, Document, Place
from lms.sentences import N_, Sentence, sentence

SLUG = r"[a-z0-9][a-z0-9-]{0,79}"
_BAD_SLUG = N_(
    "%(entry)s has a form that is not allowed here: “%(given)s”. Allowed are a-z, 0-9 and hyphens, at most 80."
)
_BAD_ADDRESS = N_(
    "%(entry)s has a form that is not allowed here: “%(given)s”. An address begins with https:// or http://."
)


@dataclass(frozen=True)
class Text:
    """A text that is not empty; ``pattern`` must match the whole of it."""

    maximum: int = 20_000
    pattern: str = ""
    choices: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True)
class Number:
    """A whole number within bounds."""

    minimum: int = 0
    maximum: int = 10_000
    required: bool = True


@dataclass(frozen=True)
class Flag:
    """True or false."""

    required: bool = True


@dataclass(frozen=True)
class Day:
    """A date without a time."""

    required: bool = True


@dataclass(frozen=True)
class Items:
    """A list of entries of one shape."""

    of: Shape
    minimum: int = 1
    maximum: int = 1000
    required: bool = True


@dataclass(frozen=True)
class Table:
    """Named entries. ``open_keys`` leaves keys that are not named here to somebody else's check."""

    keys: Mapping[str, Shape]
    required: bool = True
    open_keys: bool = False


Shape = Text | Number | Flag | Day | Items | Table


def check_shape(document: Document, value: Any, shape: Shape, place: Place = ()) -> Any:
    """Note everything in which ``value`` differs from ``shape``; return what fits, for further checks.

    A table comes without the keys whose values do not fit, and is empty when it is none; a list keeps the places of its
    entries and is empty when it is none; anything else that does not fit is None. Of ``UNREAD`` nothing is said.
    """
    before = len(document.errors)
    match shape:
        case Table():
            return _check_table(document, value, shape, place)
        case Items():
            return _check_items(document, value, shape, place)
        case _ if value is UNREAD:
            return None
        case Text():
            _check_text(document, value, shape, place)
        case Number():
            if not isinstance(value, int) or isinstance(value, bool):
                document.refuse(sentence(N_("%(entry)s must be a whole number."), entry=_name(place)), place=place)
            elif not shape.minimum <= value <= shape.maximum:
                document.refuse(_out_of_bounds(shape, place), place=place)
        case Flag():
            if not isinstance(value, bool):
                document.refuse(sentence(N_("%(entry)s must be true or false."), entry=_name(place)), place=place)
        case Day():
            if not isinstance(value, date) or isinstance(value, datetime):
                text = sentence(N_("%(entry)s must be a date such as 2026-11-01."), entry=_name(place))
                document.refuse(text, place=place)
    return value if len(document.errors) == before else None


def _out_of_bounds(shape: Number, place: Place) -> Sentence:
    if shape.minimum == shape.maximum:
        return sentence(N_("%(entry)s must be %(number)s."), entry=_name(place), number=shape.minimum)
    text = N_("%(entry)s must be from %(least)s to %(most)s.")
    return sentence(text, entry=_name(place), least=shape.minimum, most=shape.maximum)


def _check_table(document: Document, value: Any, shape: Table, place: Place) -> dict[str, Any]:
    if value is UNREAD:
        return {}
    if not isinstance(value, dict):
        text = sentence(N_("%(entry)s must have the keys %(keys)s."), entry=_name(place), keys=", ".join(shape.keys))
        document.refuse(text, place=place)
        return {}
    for key in value:
        if key not in shape.keys and not shape.open_keys:
            document.refuse(sentence(UNKNOWN_KEY, key=key, known=", ".join(shape.keys)), place=(*place, key))
    fitting = {key: one for key, one in value.items() if one is not UNREAD}
    for key, inner in shape.keys.items():
        if key in value:
            fitting[key] = check_shape(document, value[key], inner, (*place, key))
        elif inner.required:
            document.refuse(sentence(N_("The key “%(key)s” is missing."), key=key), place=place)
    return {key: one for key, one in fitting.items() if one is not None or key not in shape.keys}


def _check_items(document: Document, value: Any, shape: Items, place: Place) -> list[Any]:
    if value is UNREAD:
        return []
    if not isinstance(value, list):
        document.refuse(sentence(N_("%(entry)s must be a list."), entry=_name(place)), place=place)
        return []
    if not shape.minimum <= len(value) <= shape.maximum:
        text = N_("%(entry)s must have %(least)s to %(most)s entries.")
        document.refuse(sentence(text, entry=_name(place), least=shape.minimum, most=shape.maximum), place=place)
    return [check_shape(document, inner, shape.of, (*place, index)) for index, inner in enumerate(value)]


def _check_text(document: Document, value: Any, shape: Text, place: Place) -> None:
    entry = _name(place)
    if not isinstance(value, str):
        document.refuse(
            sentence(N_("%(entry)s must be a text; put it into quotation marks."), entry=entry), place=place
        )
    elif not value.strip():
        document.refuse(sentence(N_("%(entry)s is empty."), entry=entry), place=place)
    elif len(value) > shape.maximum:
        text = N_("%(entry)s is longer than %(most)s characters.")
        document.refuse(sentence(text, entry=entry, most=shape.maximum), place=place)
    elif shape.choices and value not in shape.choices:
        text = N_("%(entry)s must be one of %(choices)s.")
        document.refuse(sentence(text, entry=entry, choices=", ".join(shape.choices)), place=place)
    elif shape.pattern and not re.fullmatch(shape.pattern, value):
        # Patterns are those of identifiers and of addresses.
        form = _BAD_SLUG if shape.pattern == SLUG else _BAD_ADDRESS
        document.refuse(sentence(form, entry=entry, given=value[:60]), place=place)


def _name(place: Place) -> Sentence:
    """Return how a message calls an entry: its key, or its place in a list."""
    if not place:
        return sentence(N_("The file"))
    last = place[-1]
    if isinstance(last, str):
        return sentence(N_("“%(key)s”"), key=last)
    around = next((part for part in reversed(place) if isinstance(part, str)), None)
    if around is None:
        return sentence(N_("Entry %(number)s of the list"), number=last + 1)
    return sentence(N_("Entry %(number)s of “%(key)s”"), number=last + 1, key=around)
