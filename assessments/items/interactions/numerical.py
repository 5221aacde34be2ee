"""Numerical: a typed number with a tolerance, perhaps with a unit. Response: ``{"text": "12,5", "unit": name or null}``.

Numbers are read as Germans and English people write them: ``1.234,5``, ``1,234.5``, ``1234.5``, ``1 234,5``. A single
separator followed by exactly three digits is ambiguous (``1.234``); it counts as right when either reading is.

Who types the unit with the number (``56 %``) has answered: a unit that the question offers or names is left out before
the number is read. It never changes the number; ``1,2 Mio.`` is none. What is asked for is the unit of the sentence that
asks. Where that names several ("Wie viele Minuten sind 2 Stunden?") and the author has not said which an answer can have, the
number must stand alone, and the page says so.

Besides its value a question can have ``other_values``, each with its tolerance, percentage of the points and feedback. The
value comes first, then they in their order, and the first that a number lies in counts (see expected.py); of the two readings
of an ambiguous number the better one does. ``feedback_otherwise`` is for whatever is none of them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers, expected, typed
from assessments.items.interactions.parts import Mended, Part
from assessments.items.interactions.wordings import EXPLANATION, PROMPT, Texts
from lms.sentences import N_, Sentence, sentence

LABEL = N_("A number")
VALUE_KEYS = frozenset({"value", "tolerance", "tolerance_kind", "feedback"})
KEYS = VALUE_KEYS | {"units", "other_values", "feedback_otherwise"}
MANUAL = False
TAKES_FILE = False
_NUMBER = re.compile(r"[+-]?(\d[\d.,]*|[.,]\d+)")
_CURRENCY = ("\u20ac", "EUR", "Euro")
#: Spellings of units that may stand behind a number when the question names one of them.
_NAMED_UNITS: tuple[tuple[str, ...], ...] = (
    ("%", "Prozent"), _CURRENCY, ("h", "Std.", "Std", "Stunde", "Stunden"), ("min", "Min.", "Minute", "Minuten"),
    ("Tag", "Tage", "Tagen"), ("m",), ("km",), ("kg",), ("kWh",), ("m\u00b3",), ("\u00b0C",),
)  # fmt: skip


def _keep_units(definition: dict[str, Any], text: str) -> Sentence | None:
    """Refuse a prompt that does not name the unit any more with which a number could be typed so far."""
    if definition.get("units") or set(_named_units(definition["prompt"])) <= set(_named_units(text)):
        return None
    unit = _named_units(definition["prompt"])[0]
    return sentence(
        N_("The question must go on asking for one unit, %(unit)s: answers with it are right so far."), unit=unit
    )


WORDINGS: tuple[Texts, ...] = (
    replace(PROMPT, refuse=_keep_units),
    Texts("feedback", N_("Feedback for the value"), optional=True),
    Texts("other_values.*.feedback", N_("Feedback for %(number)s"), called="value", optional=True),
    Texts("feedback_otherwise", N_("Feedback for all other numbers"), optional=True),
    EXPLANATION,
)


def problems(definition: dict[str, Any]) -> list[Sentence]:
    """See Interaction.problems."""
    found = _value_problems(definition)
    found.extend(
        sentence(answers.A_TEXT, key=key)
        for key in ("feedback", "feedback_otherwise")
        if key in definition and not answers.is_text(definition[key])
    )
    others = definition.get("other_values", [])
    if not isinstance(others, list) or not all(isinstance(one, dict) for one in others):
        found.append(sentence(N_("'other_values' must be a list of {value, tolerance?, tolerance_kind?, percent?, feedback?}.")))
        others = []
    for number, one in enumerate(others, start=1):
        unknown = [
            sentence(N_("The key '%(key)s' is unknown."), key=key)
            for key in sorted(set(map(str, one)) - VALUE_KEYS - {"percent"})
        ]
        where = sentence(N_("Other value %(number)s"), number=number)
        found += answers.within(where, unknown + _value_problems(one) + expected.entry_problems(one))
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
    found = _found(definition, response)
    return answers.share(found.get("percent", 100)) if found else Fraction(0)


def _found(definition: dict[str, Any], response: dict[str, Any]) -> dict[str, Any] | None:
    """Return the value, the main one or another, that a response hits; the best where it can be read in two ways."""
    factor, units = Fraction(1), definition.get("units")
    names = _unit_names(definition) if units else _named_units(definition.get("prompt", ""))
    text, typed_unit = _without_unit(response["text"], names)
    if units:
        name = response["unit"] or typed_unit
        chosen = [unit for unit in units if unit["name"] == name]
        if not chosen or typed_unit not in {None, name}:
            return None
        factor = _exact(chosen[0]["factor"])
    hit = [
        next((one for one in values(definition) if _is_near(one, number * factor)), None) for number in readings(text)
    ]
    return max((one for one in hit if one), key=lambda one: one.get("percent", 100), default=None)


def values(definition: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the expected values in the order in which they are tried: the main one, then the others."""
    main = {key: definition[key] for key in VALUE_KEYS if key in definition}
    return [main, *definition.get("other_values", [])]


def bounds(one: dict[str, Any]) -> tuple[Fraction, Fraction]:
    """Return the least and the greatest number that a value with its tolerance takes."""
    value, tolerance = _exact(one["value"]), _exact(one.get("tolerance", 0))
    if one.get("tolerance_kind", "absolute") == "relative":
        tolerance *= abs(value)
    return value - tolerance, value + tolerance


def _is_near(one: dict[str, Any], number: Fraction) -> bool:
    least, most = bounds(one)
    return least <= number <= most


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
    if "other_values" in definition:
        new["other_values"] = [
            one if percent == one.get("percent", 100) else expected.with_percent(one, percent)
            for number, one in enumerate(definition["other_values"])
            for percent in [expected.mended_percent(form, f"key-percent-{number}", one.get("percent", 100), found)]
        ]
    return new, found


def as_typed(number: float) -> str:
    """Return a number of a key as a person would type it, exactly."""
    return str(number).replace(".", ",")


def show(definition: dict[str, Any], order: list[int], response: dict[str, Any] | None) -> dict[str, Any]:
    """See Interaction.show."""
    found = _found(definition, response) if response else None
    share = answers.share(found.get("percent", 100)) if found else Fraction(0)
    return {
        "text": response["text"] if response else "",
        "unit": response["unit"] if response else None,
        "choices": [(name, name) for name in _unit_names(definition)],
        "number_only": not definition.get("units") and len(_unit_groups(definition.get("prompt", ""))) > 1,
        "right": [
            {
                "value": one["value"],
                "tolerance": one.get("tolerance", 0),
                "relative": one.get("tolerance_kind", "absolute") == "relative",
            }
            for one in values(definition)
            if one.get("percent", 100) == 100
        ],
        #: ``value`` is in the unit whose factor is 1, if there is one.
        "base_unit": next((one["name"] for one in definition.get("units", []) if one["factor"] == 1), ""),
        "correct": share == 1,
        "partly": 0 < share < 1,
        "feedback": (found or {"feedback": definition.get("feedback_otherwise", "")}).get("feedback", "") if response else "",
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


def _value_problems(one: dict[str, Any]) -> list[Sentence]:
    found = []
    if not _is_number(one.get("value")):
        found.append(sentence(N_("'value' must be a number.")))
    tolerance = one.get("tolerance", 0)
    if not _is_number(tolerance) or tolerance < 0:
        found.append(sentence(N_("'tolerance' must be a number from 0 on.")))
    if one.get("tolerance_kind", "absolute") not in {"absolute", "relative"}:
        found.append(sentence(N_("'tolerance_kind' must be absolute or relative.")))
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value and abs(value) < 1e15


def _exact(value: float) -> Fraction:
    """Return a number as it is written in the archive, not as the nearest binary one."""
    return Fraction(str(value))
