"""How a QTI item is scored: the standard's templates and the same rules written out; anything else is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

from assessments.exchange.formats.qti_said import Said, read_said
from assessments.exchange.formats.qti_schema import check_rules
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
    #: The feedback that is always shown, by outcome.
    always: dict[str, str] = field(default_factory=dict)
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
        check_rules(found)
        name = template.rsplit("/", 1)[-1].removesuffix(".xml").lower()
        kinds = {"match_correct": "match", "map_response": "map", "cc2_match": "match", "cc2_map_response": "map"}
        if name not in kinds:
            raise _unknown(name)
        made.rules["RESPONSE"] = Rule(kinds[name])
        return made
    check_rules(found)
    _put_in_most(item, found)
    for rule in found:
        _read_rule(rule, made)
    for outcome in sorted(made.others & (made.said.keys() | made.feedback.keys())):
        raise _unknown(f"{outcome} twice")
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
        terms = list(value) if value.tag == "sum" else [value]
        if made.rules and not any(_is_score(term) for term in terms):
            raise _unknown("SCORE")  # what was given before would count no more
        for term in terms:
            if _is_score(term):
                continue
            if term.tag != "mapResponse":
                raise _unknown(term.tag)
            _add(made, term.get("identifier", ""), Rule("map"))
    elif value.tag == "variable":
        _once(made, outcome)
        made.feedback[outcome] = value.get("identifier", "")
    elif value.tag == "baseValue":
        _once(made, outcome)
        made.feedback[outcome] = None
        made.always[outcome] = (value.text or "").strip()
    else:
        made.others.add(outcome)


def _condition(rule: Element, made: Processing) -> None:
    outcomes = {one.get("identifier", "") for one in rule.iter("setOutcomeValue")}
    if "SCORE" not in outcomes:
        found = read_said(rule)
        if found is None:
            made.others |= outcomes
        else:
            _once(made, found[0])
            made.said[found[0]] = found[1]
        return
    if (by_steps := read_steps(rule)) is not None:
        outcome, steps = by_steps
        if made.rules:
            raise _unknown("SCORE")
        if outcome:
            _once(made, outcome)
            made.said[outcome] = steps
        _add(made, steps.response, Rule("steps", steps=steps))
        return
    if [one.tag for one in rule] not in (["responseIf"], ["responseIf", "responseElse"]):
        raise _unknown(next((str(one.tag) for one in rule if one.tag != "responseIf"), "responseCondition"))
    first = rule[0]
    for branch in rule:
        set_here = [one.get("identifier", "") for one in branch if one.tag == "setOutcomeValue"]
        if len(set(set_here)) != len(set_here) or len(set_here) != len(branch) - (branch is first):
            raise _unknown(str(branch.tag))
    if made.rules and not _adds(first):
        raise _unknown("SCORE")  # what was given before would count no more
    if len(first) != len([one for one in first if one.tag == "setOutcomeValue"]) + 1:
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
        mapped = len(terms) == 2 and terms[1].tag == "mapResponse" and terms[1].get("identifier") == response
        if mapped and terms[0].tag == "baseValue":
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


def _is_score(value: Element) -> bool:
    return value.tag == "variable" and value.get("identifier") == "SCORE"


def _adds(branch: Element) -> bool:
    """Say whether a branch adds to the points that there are already."""
    sets = [one for one in branch if one.get("identifier") == "SCORE" and len(one) == 1]
    return all(one[0].tag == "sum" and any(map(_is_score, one[0])) for one in sets)


def _amount(value: Element) -> Fraction:
    if value.tag != "baseValue":
        raise _unknown(value.tag)
    return Fraction(str(number(value.text or "")))


def _is_zero(value: Element) -> bool:
    return value.tag == "baseValue" and _amount(value) == 0


def _once(made: Processing, outcome: str) -> None:
    if outcome in made.said or outcome in made.feedback:
        raise _unknown(f"{outcome} twice")


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
