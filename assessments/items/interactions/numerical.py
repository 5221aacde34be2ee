"""Numerical: a typed number with a tolerance, perhaps with a unit. Response: ``{"text": "12,5", "unit": name or null}``.

Numbers are read as Germans and English people write them: ``1.234,5``, ``1,234.5``, ``1234.5``, ``1 234,5``. A single
separator followed by exactly three digits is ambiguous (``1.234``); it counts as right when either reading is. With an
exponent (``1,6e-19``, ``1,6·10^-19``) a single separator is that of the decimals.

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
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers, expected, number_key, typed
from assessments.items.interactions.parts import Mended, Part
from assessments.items.interactions.typed_numbers import (
    VALUE_KEYS,
    as_shown,
    as_typed,
    exact,
    is_near,
    is_number,
    readings,
    tolerance_as_typed,
    values,
)
from assessments.items.interactions.wordings import EXPLANATION, PROMPT, Texts
from lms.sentences import N_, Sentence, sentence

LABEL = N_("A number")
KEYS = VALUE_KEYS | {"units", "other_values", "feedback_otherwise"}
MANUAL = False
TAKES_FILE = False
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
        and is_number(unit["factor"])
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
        factor = exact(chosen[0]["factor"])
    hit = [
        next((one for one in values(definition) if is_near(one, number * factor)), None) for number in readings(text)
    ]
    return max((one for one in hit if one), key=lambda one: one.get("percent", 100), default=None)


def analyse(definition: dict[str, Any], response: dict[str, Any]) -> list[Part]:
    """See Interaction.analyse."""
    text = " ".join(filter(None, (response["text"], response["unit"])))
    return [Part(text, score(definition, response) == 1)]


def options(definition: dict[str, Any], order: Sequence[int] | None = None) -> list[Part]:
    """See Interaction.options; there is no list to choose from."""
    return []

#: See Interaction.named_parts.
named_parts = options


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended | None:
    """See Interaction.mend."""
    return number_key.mend(definition, form)


def show(definition: dict[str, Any], order: list[int], response: dict[str, Any] | None) -> dict[str, Any]:
    """See Interaction.show."""
    found = _found(definition, response) if response else None
    share = answers.share(found.get("percent", 100)) if found else Fraction(0)
    return {
        "text": response["text"] if response else "",
        "unit": response["unit"] if response else None,
        "choices": [(name, name) for name in _unit_names(definition)],
        "number_only": not definition.get("units") and len(_unit_groups(definition.get("prompt", ""))) > 1,
        "right": [as_shown(one) for one in values(definition) if one.get("percent", 100) == 100],
        #: ``value`` is in the unit whose factor is 1, if there is one.
        "base_unit": next((one["name"] for one in definition.get("units", []) if one["factor"] == 1), ""),
        "others": [as_shown(one) for one in definition.get("other_values", [])],
        #: As a form has them that mends the key.
        "value": as_typed(definition["value"]),
        "tolerance": tolerance_as_typed(definition),
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


def _unit_names(definition: dict[str, Any]) -> list[str]:
    return [unit["name"] for unit in definition.get("units", [])]


def _value_problems(one: dict[str, Any]) -> list[Sentence]:
    found = []
    if not is_number(one.get("value")):
        found.append(sentence(N_("'value' must be a number.")))
    tolerance = one.get("tolerance", 0)
    if not is_number(tolerance) or tolerance < 0:
        found.append(sentence(N_("'tolerance' must be a number from 0 on.")))
    if one.get("tolerance_kind", "absolute") not in {"absolute", "relative"}:
        found.append(sentence(N_("'tolerance_kind' must be absolute or relative.")))
    return found
