"""What QTI says about a typed number: rules that compare it with one after the other, each with its points and feedback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element

from assessments.exchange.formats.qti_lines import decimal_text, float_value, set_outcome
from assessments.exchange.formats.qti_said import ANYTHING, OTHERS, chosen, compares_with_anything, set_feedback
from assessments.exchange.limits import check_parts
from assessments.exchange.making import Given, Number, number
from assessments.exchange.reasons import NotTaken, Why
from assessments.items.interactions.answers import share

_VARIABLE = '<qti-variable identifier="RESPONSE"/>'


@dataclass(frozen=True)
class Step:
    """A number with its tolerance, what it is worth and which feedback it chooses."""

    value: str
    tolerance: str
    worth: Fraction
    name: str


@dataclass
class Steps:
    """The numbers in the order in which they are tried, and the feedback for anything else."""

    response: str
    listed: list[Step] = field(default_factory=list)
    otherwise: str = ""

    @property
    def identifiers(self) -> set[str]:
        """Return all feedback that can be chosen."""
        return {one.name for one in self.listed if one.name} | ({self.otherwise} if self.otherwise else set())

    def given(self, texts: dict[str, str]) -> tuple[list[Given], Fraction]:
        """Return the numbers as answers, and the most points. Raises NotTaken."""
        best = max(one.worth for one in self.listed)
        if best <= 0:
            raise NotTaken(Why.NO_RIGHT_ANSWER)
        if any(one.worth < 0 for one in self.listed):
            raise NotTaken(Why.NEGATIVE)
        made = [
            Given(one.value, _percent(one.worth, best), texts.get(one.name, ""), one.tolerance) for one in self.listed
        ]
        return made + ([Given("*", 0, texts[self.otherwise])] if texts.get(self.otherwise) else []), best


def read_steps(rule: Element) -> tuple[str, Steps] | None:
    """Return the outcome for feedback (empty: none) and the steps; None when it is anything else than comparing one number."""
    check_parts(len(rule))
    outcomes = {one.get("identifier", "") for one in rule.iter("setOutcomeValue")} - {"SCORE"}
    responses = {one.get("identifier", "") for one in rule.iter("variable")}
    if len(outcomes) > 1 or len(responses) != 1:
        return None
    steps = Steps(responses.pop())
    for place, branch in enumerate(rule):
        parts = list(branch)
        if branch.tag != ("responseElseIf" if place else "responseIf") or not parts or steps.otherwise:
            return None
        sets = {one.get("identifier", ""): one for one in parts[1:]}
        if len(sets) != len(parts) - 1 or not all(chosen(one) for one in sets.values()):
            return None
        worth = Fraction(str(number(chosen(sets["SCORE"])))) if "SCORE" in sets else Fraction(0)
        name = next((chosen(one) for outcome, one in sets.items() if outcome != "SCORE"), "")
        if compares_with_anything(parts[0]) and not worth and name:
            steps.otherwise = name
            continue
        near = _near(parts[0])
        if near is None:
            return None
        steps.listed.append(Step(*near, worth, name))
    return (outcomes.pop() if outcomes else "", steps) if steps.listed else None


def _near(test: Element) -> tuple[str, str] | None:
    mode, bounds = test.get("toleranceMode", "exact"), (test.get("tolerance") or "0").split()
    whole = "false" not in {test.get("includeLowerBound", "true"), test.get("includeUpperBound", "true")}
    if test.tag != "equal" or mode not in {"exact", "absolute"} or len(set(bounds)) != 1 or not whole:
        return None
    if [one.tag for one in test] != ["variable", "baseValue"]:
        return None
    return test[1].text or "", "0" if mode == "exact" else bounds[0]


def _percent(worth: Fraction, best: Fraction) -> Number:
    value = worth / best * 100
    return int(value) if value.denominator == 1 else round(float(value), 5)


def steps_rule(listed: Sequence[dict[str, Any]], points: int, otherwise: str) -> str:
    """Return the rule that gives points and chooses the feedback for a typed number."""
    branches = []
    for place, one in enumerate(listed, start=1):
        tolerance, worth = one.get("tolerance", 0), share(one.get("percent", 100)) * points
        test = (
            f'<qti-equal tolerance-mode="absolute" tolerance="{tolerance} {tolerance}">{_VARIABLE}'
            f"{float_value(str(one['value']))}</qti-equal>"
        )
        said = set_feedback(f"A{place}") if "feedback" in one else ""
        name = "qti-response-if" if place == 1 else "qti-response-else-if"
        score = set_outcome("SCORE", float_value(decimal_text(worth)))
        branches.append(f"<{name}>{test}{score}{said}</{name}>")
    if otherwise:
        branches.append(f"<qti-response-else-if>{ANYTHING}{set_feedback(OTHERS)}</qti-response-else-if>")
    return f"<qti-response-condition>{''.join(branches)}</qti-response-condition>"


def feedback_of(listed: Sequence[dict[str, Any]], otherwise: str) -> list[tuple[str, str]]:
    """Return every feedback with the name by which the rule chooses it."""
    found = [(f"A{place}", one["feedback"]) for place, one in enumerate(listed, start=1) if "feedback" in one]
    return found + ([(OTHERS, otherwise)] if otherwise else [])
