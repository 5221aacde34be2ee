"""The key of a numerical question as a form has it: its value, the points of the others, and further numbers to accept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import expected, typed
from assessments.items.interactions.parts import KeyProblem, Mended
from assessments.items.interactions.typed_numbers import (
    as_number,
    as_typed,
    bounds,
    exact,
    is_near,
    is_number,
    readings,
    tolerance_as_typed,
    values,
)
from lms.sentences import N_, Sentence, sentence

VALUE_PROBLEM = sentence(N_("The value must be a number."))
TOLERANCE_PROBLEM = sentence(N_("The tolerance must be a number from 0 on."))
_TOLERANCE_KEYS = frozenset({"tolerance", "tolerance_kind"})


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended:
    """Return a definition with the key of a posted form. What nobody touched stays to the last digit."""
    new, found = dict(definition), list[KeyProblem]()
    text, tolerance = (typed.tidy(form.get(f"key-{part}", "")) for part in ("value", "tolerance"))
    if text != as_typed(definition["value"]):
        value = _number(text, "key-value", VALUE_PROBLEM, found)
        new |= {"value": as_number(value)} if value is not None else {}
    if tolerance != tolerance_as_typed(definition):
        within = _tolerance(tolerance, "key-tolerance", found)
        new = {key: kept for key, kept in new.items() if key not in _TOLERANCE_KEYS} | within
    others = [
        one if percent == one.get("percent", 100) else expected.with_percent(one, percent)
        for number, one in enumerate(definition.get("other_values", []))
        for percent in [expected.mended_percent(form, f"key-percent-{number}", one.get("percent", 100), found)]
    ]
    for name, one in _further(form, found):
        place = _before(others, one)
        earlier = values(new | {"other_values": others[:place]})
        if taken := next((other for other in earlier if _takes(other, bounds(one))), None):
            found.append(KeyProblem(f"{name}-value", _said_taken(taken)))
        others.insert(place, one)
    return new | ({"other_values": others} if others else {}), found


def _further(form: MultiDict[str, str], found: list[KeyProblem]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what was entered under ``key-new-0``, ``key-new-1`` and so on, by that name; a row that was left empty is none."""
    number = 0
    while f"key-new-{number}-value" in form:
        name, number = f"key-new-{number}", number + 1
        text, tolerance = (typed.tidy(form.get(f"{name}-{part}", "")) for part in ("value", "tolerance"))
        feedback = typed.tidy_long(form.get(f"{name}-feedback", "")).strip()
        before = len(found)
        blank = not form.get(f"{name}-percent", "").strip()
        percent = 100 if blank else expected.mended_percent(form, f"{name}-percent", 100, found)
        if not (text or tolerance or feedback or percent != 100 or len(found) > before):
            continue
        value = _number(text, f"{name}-value", VALUE_PROBLEM, found)
        within = _tolerance(tolerance, f"{name}-tolerance", found)
        if len(feedback) > typed.MAX_TEXT:
            said = sentence(N_("A text has more than %(most)s characters."), most=typed.MAX_TEXT)
            found.append(KeyProblem(f"{name}-feedback", said))
        if value is not None:
            one: dict[str, Any] = {"value": as_number(value)} | within
            one |= {"percent": percent} if percent != 100 else {}
            yield name, one | ({"feedback": feedback} if feedback else {})


def _tolerance(text: str, field: str, found: list[KeyProblem]) -> dict[str, Any]:
    """Return what a question says of a tolerance, a number or ``5 %`` of the value; nothing for none, or for a wrong one."""
    relative = text.endswith("%")
    within = _number(text.removesuffix("%").strip() or "0", field, TOLERANCE_PROBLEM, found, least=0)
    if not within:
        return {}
    kind = {"tolerance_kind": "relative"} if relative else {}
    return {"tolerance": as_number(within / 100 if relative else within)} | kind


def _number(
    text: str, field: str, problem: Sentence, found: list[KeyProblem], *, least: int | None = None
) -> Fraction | None:
    """Return the one number that a text means; None, and a sentence in ``found``, when it means none or could mean two."""
    numbers = readings(text)
    if len(numbers) == 2 and text.lstrip("+-").startswith("0"):
        numbers = [min(numbers, key=abs)]  # no thousands begin with 0
    if len(numbers) == 2:
        said = sentence(
            N_("“%(typed)s” can be read in two ways. Please write %(whole)s or %(part)s."),
            typed=text,
            whole=as_typed(as_number(max(numbers, key=abs))),
            part=f"{text.replace('.', ',')}0",  # with one more place behind the sign it is no thousand
        )
        found.append(KeyProblem(field, said))
    elif not numbers or (least is not None and numbers[0] < least):
        found.append(KeyProblem(field, problem))
    elif not is_number(as_number(numbers[0])):
        found.append(KeyProblem(field, sentence(N_("The number is too large: at most 15 digits are possible."))))
    else:
        return numbers[0]
    return None


def _before(others: Sequence[dict[str, Any]], one: dict[str, Any]) -> int:
    """Return the place of a further number: before the first that would take it for fewer points, otherwise the last."""
    value = exact(one["value"])
    lesser = (
        place
        for place, other in enumerate(others)
        if is_near(other, value) and other.get("percent", 100) < one.get("percent", 100)
    )
    return next(lesser, len(others))


def _takes(other: dict[str, Any], wanted: tuple[Fraction, Fraction]) -> bool:
    return is_near(other, wanted[0]) and is_near(other, wanted[1])


def _said_taken(other: dict[str, Any]) -> Sentence:
    least, most = (as_typed(as_number(bound)) for bound in bounds(other))
    if least == most:
        return sentence(N_("This number is expected already (%(value)s), and what stands first counts."), value=least)
    return sentence(
        N_("This number is expected already (from %(least)s to %(most)s), and what stands first counts."), least=least, most=most
    )
