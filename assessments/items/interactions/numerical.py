"""Numerical: a typed number with a tolerance, perhaps with a unit. Response: ``{"text": "12,5", "unit": name or null}``.

Numbers are read as Germans and English people write them: ``1.234,5``, ``1,234.5``, ``1234.5``, ``1 234,5``. A single
separator followed by exactly three digits is ambiguous (``1.234``); it counts as right when either reading is.

Who types the unit with the number (``56 %``) has answered: a unit that the question offers or names is left out before
the number is read. It never changes the number; ``1,2 Mio.`` is none. What is asked for is the unit of the sentence that
asks. Where that names several ("Wie viele Minuten sind 2 Stunden?") and the author has not said which an answer can have, the
number must stand alone, and the page says so.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers, typed
from assessments.items.interactions.parts import Mended, Part
from lms.sentences import N_, Sentence, sentence

LABEL = N_("A number")
KEYS = frozenset({"value", "tolerance", "tolerance_kind", "units"})
MANUAL = False
TAKES_FILE = False
_NUMBER = re.compile(r"[+-]?(\d[\d.,]*|[.,]\d+)")
_CURRENCY = ("\u20ac", "EUR", "Euro")
#: Spellings of units that may stand behind a number when the question names one of them.
_NAMED_UNITS: tuple[tuple[str, ...], ...] = (
    ("%", "Prozent"), _CURRENCY, ("h", "Std.", "Std", "Stunde", "Stunden"), ("min", "Min.", "Minute", "Minuten"),
    ("Tag", "Tage", "Tagen"), ("m",), ("km",), ("kg",), ("kWh",), ("m\u00b3",), ("\u00b0C",),
)  # fmt: skip


def problems(definition: dict[str, Any]) -> list[Sentence]:
    """See Interaction.problems."""
    found = []
    if not _is_number(definition.get("value")):
        found.append(sentence(N_("'value' must be a number.")))
    tolerance = definition.get("tolerance", 0)
    if not _is_number(tolerance) or tolerance < 0:
        found.append(sentence(N_("'tolerance' must be a number from 0 on.")))
    if definition.get("tolerance_kind", "absolute") not in {"absolute", "relative"}:
        found.append(sentence(N_("'tolerance_kind' must be absolute or relative.")))
    units = definition.get("units", [])
    if not isinstance(units, list) or not all(
        isinstance(unit, dict)
        and set(unit) == {"name", "factor"}
        and answers.is_text(unit["name"])
        and _is_number(unit["factor"])
        and unit["factor"] > 0
        for unit in units
    ):
        found.append(sentence(N_("'units' must be a list of {name, factor}, with factors above 0.")))
    return found


def shuffle(definition: dict[str, Any], chance: random.Random) -> list[int]:
    """See Interaction.shuffle; there is nothing to mix."""
    return []


def read(definition: dict[str, Any], field: str, form: MultiDict[str, str]) -> dict[str, Any] | None:
    """See Interaction.read."""
    text = typed.tidy(form.get(field, ""))
    if not text:
        return None
    unit = form.get(f"{field}-unit")
    return {"text": text, "unit": unit if unit in _unit_names(definition) else None}


def check(definition: dict[str, Any], response: dict[str, Any]) -> bool:
    """See Interaction.check."""
    text = response.get("text")
    if set(response) != {"text", "unit"} or not isinstance(text, str) or not text or text != typed.tidy(text):
        return False
    return response["unit"] is None or response["unit"] in _unit_names(definition)


def score(definition: dict[str, Any], response: dict[str, Any]) -> Fraction:
    """See Interaction.score; with units, the unit must be chosen or typed, and not chosen otherwise than typed."""
    factor, units = Fraction(1), definition.get("units")
    names = _unit_names(definition) if units else _named_units(definition.get("prompt", ""))
    text, typed_unit = _without_unit(response["text"], names)
    if units:
        name = response["unit"] or typed_unit
        chosen = [unit for unit in units if unit["name"] == name]
        if not chosen or typed_unit not in {None, name}:
            return Fraction(0)
        factor = _exact(chosen[0]["factor"])
    value, tolerance = _exact(definition["value"]), _exact(definition.get("tolerance", 0))
    if definition.get("tolerance_kind", "absolute") == "relative":
        tolerance *= abs(value)
    return Fraction(any(abs(number * factor - value) <= tolerance for number in readings(text)))


def readings(text: str) -> list[Fraction]:
    """Return the numbers that a typed text can mean: none, one, or two where the separator is ambiguous."""
    bare = re.sub(r"[\s\u00a0\u202f'\u2019]", "", text).replace("\u2212", "-").replace("\u2013", "-")
    if not _NUMBER.fullmatch(bare) or len(bare) > 40:
        return []
    commas, points = bare.count(","), bare.count(".")
    if commas and points:
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


def analyse(definition: dict[str, Any], response: dict[str, Any]) -> list[Part]:
    """See Interaction.analyse."""
    text = " ".join(filter(None, (response["text"], response["unit"])))
    return [Part(text, score(definition, response) == 1)]


def options(definition: dict[str, Any], order: Sequence[int] | None = None) -> list[Part]:
    """See Interaction.options; there is no list to choose from."""
    return []


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended | None:
    """See Interaction.mend."""
    new, found = dict(definition), []
    for key, problem in (
        ("value", N_("The value must be a number.")),
        ("tolerance", N_("The tolerance must be a number from 0 on.")),
    ):
        text = form.get(f"key-{key}", "").strip()
        if text == as_typed(definition.get(key, 0)):
            continue  # what the form came with stays to the last digit
        numbers = readings(text)
        if len(numbers) == 2 and text.startswith("0"):
            numbers = [min(numbers)]  # no thousands begin with 0
        if len(numbers) != 1 or (key == "tolerance" and numbers[0] < 0):
            found.append(sentence(problem))
        else:
            new[key] = int(numbers[0]) if numbers[0].denominator == 1 else float(numbers[0])
    return new, found


def as_typed(number: float) -> str:
    """Return a number of a key as a person would type it, exactly."""
    return str(number).replace(".", ",")


def show(definition: dict[str, Any], order: list[int], response: dict[str, Any] | None) -> dict[str, Any]:
    """See Interaction.show."""
    return {
        "text": response["text"] if response else "",
        "unit": response["unit"] if response else None,
        "choices": [(name, name) for name in _unit_names(definition)],
        "number_only": not definition.get("units") and len(_unit_groups(definition.get("prompt", ""))) > 1,
        "value": definition["value"],
        "tolerance": definition.get("tolerance", 0),
        "relative": definition.get("tolerance_kind", "absolute") == "relative",
        #: ``value`` is in the unit whose factor is 1, if there is one.
        "base_unit": next((one["name"] for one in definition.get("units", []) if one["factor"] == 1), ""),
        "correct": response is not None and score(definition, response) == 1,
    }


def _named_units(prompt: str) -> list[str]:
    """Return the spellings of the one unit that a question's text names, nothing when there are several."""
    groups = _unit_groups(prompt)
    return list(groups[0]) if len(groups) == 1 else []


def _unit_groups(prompt: str) -> list[tuple[str, ...]]:
    """Return the units that the asking sentences of a text name, or else its others, each in all spellings."""
    asking = " ".join(one for one in re.split(r"(?<=[.!?:])\s+", prompt) if one.endswith("?"))
    return _named_in(asking) or _named_in(prompt)


def _named_in(text: str) -> list[tuple[str, ...]]:
    """Return the units that a text names, each in all spellings; one letter counts as it is written."""

    def named(unit: str) -> bool:
        pattern = rf"(?<![^\W\d_]){re.escape(unit)}(?!\w)"
        return re.search(pattern, text, re.IGNORECASE if len(unit) > 1 else 0) is not None

    return [spellings for spellings in _NAMED_UNITS if any(map(named, spellings))]


def _without_unit(text: str, names: list[str]) -> tuple[str, str | None]:
    """Return a typed text without the one of these units that stands behind its number (a currency also before), and that."""
    for fold in (False, True):
        found: dict[str, str] = {}
        for name in names:
            folds = fold and len(name) > 1
            whole, unit = (text.casefold(), name.casefold()) if folds else (text, name)
            rests = [whole.removesuffix(unit)] + ([whole.removeprefix(unit)] if name in _CURRENCY else [])
            for rest in rests:
                if rest != whole and readings(rest):
                    found[name] = rest
        if len(found) == 1:
            name, rest = found.popitem()
            return rest, name
    return text, None


def _plain(bare: str, decimal: str) -> str:
    other = "." if decimal == "," else ","
    return bare.replace(other, "").replace(decimal, ".")


def _unit_names(definition: dict[str, Any]) -> list[str]:
    return [unit["name"] for unit in definition.get("units", [])]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value and abs(value) < 1e15


def _exact(value: float) -> Fraction:
    """Return a number as it is written in the archive, not as the nearest binary one."""
    return Fraction(str(value))
