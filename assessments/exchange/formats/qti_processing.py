"""How a QTI item is scored: the standard's templates and the same rules written out; anything else is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

from assessments.exchange.formats.qti_said import Said, read_said
from assessments.exchange.formats.qti_steps import Steps, read_steps
from assessments.exchange.making import number
from assessments.exchange.reasons import NotTaken, Why, shortened


@dataclass(frozen=True)
class Rule:
    """How one response is scored: ``match`` its correct one (``worth``), ``map`` it, ``near`` a number, ``steps`` or ``shifted``.

    ``shifted`` adds ``worth`` to the mapping and never goes below nothing, but gives nothing for no answer.
    """

    kind: str
    worth: Fraction = Fraction(1)
    tolerance: str = "0"
    relative: bool = False
    steps: Steps | None = None


@dataclass
class Processing:
    """The rules by response, and what feedback depends on: ``outcome`` to response, or to nothing when always shown."""

    rules: dict[str, Rule] = field(default_factory=dict)
    feedback: dict[str, str | None] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    #: What chooses a feedback by comparing what is typed, by outcome.
    said: dict[str, Said | Steps] = field(default_factory=dict)


def read_processing(item: Element) -> Processing:
    """Return how an item is scored. Raises NotTaken for rules that are not known here."""
    found = item.find("responseProcessing")
    made = Processing()
    if found is None:
        return made
    template = found.get("template") or found.get("templateLocation")
    if template and not len(found):
        name = template.rsplit("/", 1)[-1].removesuffix(".xml").lower()
        kinds = {"match_correct": "match", "map_response": "map", "cc2_match": "match", "cc2_map_response": "map"}
        if name not in kinds:
            raise _unknown(name)
        made.rules["RESPONSE"] = Rule(kinds[name])
        return made
    _put_in_most(item, found)
    for rule in found:
        _read_rule(rule, made)
    return made


def _put_in_most(item: Element, processing: Element) -> None:
    """Write the most points, where they stand as a variable that never changes, as the number they are."""
    declared = (one for one in item.findall("outcomeDeclaration") if one.get("identifier") == "MAXSCORE")
    most = next((one.findtext("defaultValue/value") for one in declared), None)
    if most is None or any(one.get("identifier") == "MAXSCORE" for one in processing.iter("setOutcomeValue")):
        return
    for one in processing.iter("variable"):
        if one.get("identifier") == "MAXSCORE":
            one.tag, one.text = "baseValue", most


def _read_rule(rule: Element, made: Processing) -> None:
    if rule.tag == "setOutcomeValue":
        _set(rule, made)
    elif rule.tag == "responseCondition":
        _condition(rule, made)
    else:
        raise _unknown(rule.tag)


def _set(rule: Element, made: Processing) -> None:
    outcome = rule.get("identifier", "")
    value = _only(rule)
    if outcome == "SCORE":
        for term in list(value) if value.tag == "sum" else [value]:
            if term.tag == "variable" and term.get("identifier") == "SCORE":
                continue
            if term.tag != "mapResponse":
                raise _unknown(term.tag)
            _add(made, term.get("identifier", ""), Rule("map"))
    elif value.tag == "variable":
        made.feedback[outcome] = value.get("identifier", "")
    elif value.tag == "baseValue":
        made.feedback[outcome] = None
    else:
        made.others.add(outcome)


def _condition(rule: Element, made: Processing) -> None:
    outcomes = {one.get("identifier", "") for one in rule.iter("setOutcomeValue")}
    if "SCORE" not in outcomes:
        made.others |= outcomes
        found = read_said(rule)
        if found is not None and found[0] not in made.said:
            made.said[found[0]] = found[1]
        return
    if (by_steps := read_steps(rule)) is not None and by_steps[0] not in made.said:
        outcome, steps = by_steps
        if outcome:
            made.said[outcome] = steps
        _add(made, steps.response, Rule("steps", steps=steps))
        return
    if any(one.tag == "responseElseIf" for one in rule):
        raise _unknown("responseElseIf")
    first = rule.find("responseIf")
    if first is None or len(first) != len([one for one in first if one.tag == "setOutcomeValue"]) + 1:
        raise _unknown("responseCondition")
    made.others |= outcomes - {"SCORE"}
    test, otherwise = first[0], rule.find("responseElse")
    then = _score_value(first)
    if test.tag == "isNull":
        _null_first(test, then, otherwise, made)
        return
    if otherwise is not None and (bad := _score_value(otherwise)) is not None and _amount(bad) != 0:
        raise _unknown("responseElse")
    if then is None:
        raise _unknown("responseIf")
    worth = _amount(then)
    response, rule_made = _test(test, worth)
    _add(made, response, rule_made)


def _null_first(test: Element, then: Element | None, otherwise: Element | None, made: Processing) -> None:
    """Read: nothing for no answer, otherwise the mapping, perhaps shifted."""
    response = _only(test).get("identifier", "")
    value = _score_value(otherwise) if otherwise is not None else None
    if then is None or _amount(then) != 0 or value is None:
        raise _unknown("isNull")
    if value.tag == "mapResponse" and value.get("identifier") == response:
        _add(made, response, Rule("map"))
        return
    parts = list(value) if value.tag == "max" else []
    if len(parts) == 2 and _is_zero(parts[0]) and parts[1].tag == "sum":
        terms = list(parts[1])
        if len(terms) == 2 and terms[0].tag == "baseValue" and terms[1].tag == "mapResponse":
            _add(made, response, Rule("shifted", _amount(terms[0])))
            return
    raise _unknown(value.tag)


def _test(test: Element, worth: Fraction) -> tuple[str, Rule]:
    parts = list(test)
    if test.tag == "and" and len(parts) == 1:
        return _test(parts[0], worth)
    names = {part.tag: part.get("identifier", "") for part in parts}
    if len(parts) != 2 or set(names) != {"variable", "correct"} or names["variable"] != names["correct"]:
        raise _unknown(test.tag)
    if test.tag == "match":
        return names["variable"], Rule("match", worth)
    if test.tag in {"equal", "equalRounded"}:
        mode = test.get("toleranceMode", "exact")
        bounds = (test.get("tolerance") or "0").split()
        if test.tag == "equalRounded" or mode not in {"exact", "absolute", "relative"} or len(set(bounds)) != 1:
            raise _unknown(test.tag)
        if "false" in {test.get("includeLowerBound", "true"), test.get("includeUpperBound", "true")}:
            raise _unknown("includeLowerBound")
        tolerance = "0" if mode == "exact" else bounds[0]
        return names["variable"], Rule("near", worth, tolerance, mode == "relative")
    raise _unknown(test.tag)


def _score_value(branch: Element) -> Element | None:
    for one in branch.iter("setOutcomeValue"):
        if one.get("identifier") == "SCORE":
            value = _only(one)
            # SCORE = SCORE + x says the same as x where each response has its own condition.
            parts = list(value)
            if (
                value.tag == "sum"
                and len(parts) == 2
                and parts[0].tag == "variable"
                and parts[0].get("identifier") == "SCORE"
            ):
                return parts[1]
            return value
    return None


def _amount(value: Element) -> Fraction:
    if value.tag != "baseValue":
        raise _unknown(value.tag)
    return Fraction(str(number(value.text or "")))


def _is_zero(value: Element) -> bool:
    return value.tag == "baseValue" and _amount(value) == 0


def _add(made: Processing, response: str, rule: Rule) -> None:
    if response in made.rules:
        raise _unknown(f"{response} twice")
    made.rules[response] = rule


def _only(element: Element) -> Element:
    parts = list(element)
    if len(parts) != 1:
        raise _unknown(element.tag)
    return parts[0]


def _unknown(rule: str) -> NotTaken:
    return NotTaken(Why.PROCESSING, rule=shortened(rule))
