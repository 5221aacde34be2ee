"""What keys a file may have and what may stand there, stated as data and checked with a line for each error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from courses.archive.parsing import Document, Place

SLUG = r"[a-z0-9][a-z0-9-]{0,79}"


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


def check_shape(document: Document, value: Any, shape: Shape, place: Place = ()) -> bool:
    """Note everything in which ``value`` differs from ``shape``; say whether it fits."""
    before = len(document.errors)
    match shape:
        case Table():
            _check_table(document, value, shape, place)
        case Items():
            _check_items(document, value, shape, place)
        case Text():
            _check_text(document, value, shape, place)
        case Number():
            if not isinstance(value, int) or isinstance(value, bool):
                document.refuse(f"{_name(place)} must be a whole number.", place=place)
            elif not shape.minimum <= value <= shape.maximum:
                document.refuse(f"{_name(place)} must be from {shape.minimum} to {shape.maximum}.", place=place)
        case Flag():
            if not isinstance(value, bool):
                document.refuse(f"{_name(place)} must be true or false.", place=place)
        case Day():
            if not isinstance(value, date) or isinstance(value, datetime):
                document.refuse(f"{_name(place)} must be a date such as 2026-11-01.", place=place)
    return len(document.errors) == before


def _check_table(document: Document, value: Any, shape: Table, place: Place) -> None:
    if not isinstance(value, dict):
        document.refuse(f"{_name(place)} must have the keys {', '.join(shape.keys)}.", place=place)
        return
    for key in value:
        if key not in shape.keys and not shape.open_keys:
            document.refuse(f"The key “{key}” is unknown here. Known are {', '.join(shape.keys)}.", place=(*place, key))
    for key, inner in shape.keys.items():
        if key in value:
            check_shape(document, value[key], inner, (*place, key))
        elif inner.required:
            document.refuse(f"The key “{key}” is missing.", place=place)


def _check_items(document: Document, value: Any, shape: Items, place: Place) -> None:
    if not isinstance(value, list):
        document.refuse(f"{_name(place)} must be a list.", place=place)
        return
    if not shape.minimum <= len(value) <= shape.maximum:
        document.refuse(f"{_name(place)} must have {shape.minimum} to {shape.maximum} entries.", place=place)
    for index, inner in enumerate(value):
        check_shape(document, inner, shape.of, (*place, index))


def _check_text(document: Document, value: Any, shape: Text, place: Place) -> None:
    if not isinstance(value, str):
        document.refuse(f"{_name(place)} must be a text; put it into quotation marks.", place=place)
    elif not value.strip():
        document.refuse(f"{_name(place)} is empty.", place=place)
    elif len(value) > shape.maximum:
        document.refuse(f"{_name(place)} is longer than {shape.maximum} characters.", place=place)
    elif shape.choices and value not in shape.choices:
        document.refuse(f"{_name(place)} must be one of {', '.join(shape.choices)}.", place=place)
    elif shape.pattern and not re.fullmatch(shape.pattern, value):
        document.refuse(f"{_name(place)} has a form that is not allowed here: “{value[:60]}”.", place=place)


def _name(place: Place) -> str:
    """Return how a message calls an entry: its key, or its place in a list."""
    if not place:
        return "The file"
    last = place[-1]
    return (
        f"“{last}”"
        if isinstance(last, str)
        else f"Entry {last + 1} of “{next((p for p in reversed(place) if isinstance(p, str)), 'the list')}”"
    )
