"""Numbers as people type them, and the expected values that they are compared with (see numerical.py for the rules)."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

#: What is longer is written with an exponent.
MOST_PLACES = 24
VALUE_KEYS = frozenset({"value", "tolerance", "tolerance_kind", "feedback"})
#: An exponent has at most three digits, as in files (``number`` in exchange/making.py): with more a number would have no end.
_NUMBER = re.compile(r"([+-]?(?:\d[\d.,]*|[.,]\d+))(?:[eE]([+-]?\d{1,3}))?")


def values(definition: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the expected values in the order in which they are tried: the main one, then the others."""
    main = {key: definition[key] for key in VALUE_KEYS if key in definition}
    return [main, *definition.get("other_values", [])]


def bounds(one: dict[str, Any]) -> tuple[Fraction, Fraction]:
    """Return the least and the greatest number that a value with its tolerance takes."""
    value, tolerance = exact(one["value"]), exact(one.get("tolerance", 0))
    if one.get("tolerance_kind", "absolute") == "relative":
        tolerance *= abs(value)
    return value - tolerance, value + tolerance


def is_near(one: dict[str, Any], number: Fraction) -> bool:
    """Say whether a number lies within a value's tolerance."""
    least, most = bounds(one)
    return least <= number <= most


def readings(text: str) -> list[Fraction]:
    """Return the numbers that a typed text can mean: none, one, or two where the separator is ambiguous."""
    bare = re.sub(r"[\s\u00a0\u202f'\u2019]", "", text).replace("\u2212", "-").replace("\u2013", "-")
    found = _NUMBER.fullmatch(re.sub(r"[*·×⋅]10\^", "e", bare))
    if not found or len(bare) > 40:
        return []
    bare, exponent = found.groups()
    commas, points = bare.count(","), bare.count(".")
    if exponent:  # who writes one groups no thousands, so that a single separator is that of the decimals
        candidates = [f"{bare.replace(',', '.')}e{exponent}"] if commas + points <= 1 else []
    elif commas and points:
        decimal = "," if bare.rfind(",") > bare.rfind(".") else "."
        candidates = [_plain(bare, decimal)] if bare.count(decimal) == 1 else []
    elif commas + points == 0:
        candidates = [bare]
    else:
        mark = "," if commas else "."
        groups = re.fullmatch(rf"[+-]?\d{{1,3}}(\{mark}\d{{3}})+", bare)
        candidates = [bare.replace(mark, "")] if groups else []
        if commas + points == 1:
            candidates.append(_plain(bare, mark))
    return [Fraction(Decimal(candidate)) for candidate in candidates if candidate]


def _plain(bare: str, decimal: str) -> str:
    other = "." if decimal == "," else ","
    return bare.replace(other, "").replace(decimal, ".")


def as_typed(number: float) -> str:
    """Return a number of a key as a person would type it, exactly: not ``1e-05`` or ``3,0``, but ``1e-300`` as it is."""
    whole, _point, places = f"{Decimal(str(number)):f}".partition(".")
    text = ",".join(filter(None, (whole, places.rstrip("0"))))
    return text if len(text) <= MOST_PLACES else str(number).replace(".", ",")


def as_number(exactly: Fraction) -> float:
    """Return a number as a question keeps it: whole ones without a point."""
    return int(exactly) if exactly.denominator == 1 else float(exactly)


def tolerance_as_typed(one: dict[str, Any]) -> str:
    """Return the tolerance of a value as a person would type it: ``0,5``, or ``5 %`` of the value."""
    shown = as_shown(one)
    return as_typed(shown["tolerance"]) + (" %" if shown["relative"] else "")


def as_shown(one: dict[str, Any]) -> dict[str, Any]:
    """Return what is shown of a value: ``{"value", "tolerance", "relative"}``, a relative tolerance in per cent."""
    relative = one.get("tolerance_kind", "absolute") == "relative"
    tolerance = one.get("tolerance", 0)
    within = as_number(exact(tolerance) * 100) if relative else tolerance
    return {"value": one["value"], "tolerance": within, "relative": relative}


def is_number(value: object) -> bool:
    """Say whether a value is a number that a question can have."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value and abs(value) < 1e15


def exact(value: float) -> Fraction:
    """Return a number as it is written in the archive, not as the nearest binary one."""
    return Fraction(str(value))
