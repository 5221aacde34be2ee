"""QTI's typed answers and choices inside a text."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element

from assessments.exchange import making
from assessments.exchange.formats.qti_item import Declaration, Item
from assessments.exchange.formats.qti_processing import Rule
from assessments.exchange.formats.qti_said import Said, with_said
from assessments.exchange.formats.qti_steps import Steps
from assessments.exchange.formats.qti_tree import inner_html, plain_of
from assessments.exchange.html_text import check_looks, html_to_plain
from assessments.exchange.limits import check_parts, weigh
from assessments.exchange.making import Given, Number
from assessments.exchange.reasons import NotTaken, Why, shortened
from assessments.items.interactions.gaps import MAX_GAPS

#: Points and the definition without its prompt.
Made = tuple[Number, dict[str, Any]]
GAPS = frozenset({"textEntryInteraction", "inlineChoiceInteraction"})
NEAR = Fraction(1, 10**6)


def choices_of(interaction: Element, name: str = "simpleChoice") -> list[Element]:
    """Return an interaction's choices."""
    found = interaction.findall(name)
    check_parts(len(found))
    if any(one.get("templateIdentifier") for one in found):
        raise NotTaken(Why.TEMPLATE)
    names = [one.get("identifier", "") for one in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise NotTaken(Why.PART_TWICE, part=shortened(twice))
    return found


def whole(worth: Fraction) -> Number:
    """Return points as a whole number where they are nearly one."""
    nearest = round(worth)
    return nearest if abs(worth - nearest) <= NEAR else float(worth)


def percent_of(worth: Fraction, best: Fraction) -> Number:
    """Return an answer's points as a percentage of the most."""
    value = worth / best * 100
    if value < -100:
        value = Fraction(-100)  # the sum never goes below nothing, and one right answer never gives more than all
    return int(value) if value.denominator == 1 else round(float(value), 5)


def text_entry(item: Item, interaction: Element, title: str) -> tuple[str, Made]:
    """Read a typed answer: a short text, a number, or a gap in a sentence."""
    declaration, rule = item.declaration(interaction), item.rule(interaction)
    if interaction.get("patternMask"):
        raise NotTaken(Why.UNKNOWN_PART, part="patternMask")
    if not _stands_alone(item.body, interaction):
        return gaps(item, title)
    about = item.said_about(interaction.get("responseIdentifier", ""))
    item.check_feedback(set(), about[0] if about else None)
    prompt = item.prompt(interaction)
    if declaration.base_type in {"integer", "float"}:
        return prompt, _number(declaration, rule, about)
    given, case, worth = _accepted(declaration, rule)
    if about and isinstance(about[0], Said):
        given = with_said(given, about[0], about[1], case_sensitive=case)
    return prompt, (whole(worth), making.short_text(given, case_sensitive=case))


def _number(declaration: Declaration, rule: Rule, about: tuple[Said | Steps, dict[str, str]] | None) -> Made:
    if rule.steps is not None:
        given, best = rule.steps.given(about[1] if about else {})
        return whole(best), making.numerical(given)
    if about and about[1]:
        raise NotTaken(Why.COMBINED_FEEDBACK, text=shortened(next(iter(about[1].values()))))
    if len(declaration.correct) != 1 or rule.kind not in {"match", "near"}:
        raise NotTaken(Why.NO_KEY if not declaration.correct else Why.SEVERAL_NUMBERS)
    made = making.numerical([Given(declaration.correct[0], 100, "", rule.tolerance)])
    if rule.relative:  # QTI says it in per cent
        share = Fraction(str(making.number(rule.tolerance))) / 100
        made |= {"tolerance": making.number(making.decimal(share)), "tolerance_kind": "relative"}
    return whole(rule.worth), made


def _accepted(declaration: Declaration, rule: Rule) -> tuple[list[Given], bool, Fraction]:
    """Return the texts that give points, whether case counts, and the most points."""
    if declaration.base_type != "string" or rule.kind not in {"match", "map"}:
        raise NotTaken(Why.PROCESSING, rule=declaration.base_type)
    if rule.kind == "match":
        if len(declaration.correct) != 1:
            raise NotTaken(Why.NO_KEY)
        given, case, worth = [Given(declaration.correct[0], 100)], True, rule.worth
    else:
        if declaration.default:
            raise NotTaken(Why.PROCESSING, rule="defaultValue")
        amounts = {key: value[0] for key, value in declaration.mapping.items()}
        worth = max(amounts.values(), default=Fraction(0))
        if worth <= 0:
            raise NotTaken(Why.NO_RIGHT_ANSWER)
        if min(amounts.values()) < 0 and declaration.lower != 0:
            raise NotTaken(Why.NEGATIVE)
        if declaration.upper is not None and abs(declaration.upper - worth) > NEAR:
            raise NotTaken(Why.BAD_SUM, sum=f"{float(worth / declaration.upper * 100) if declaration.upper else 0:.5g}")
        cases = {value[1] for value in declaration.mapping.values() if value[0] > 0}
        if len(cases) > 1:
            raise NotTaken(Why.GAP_CASES)
        given = [Given(key, percent_of(max(amount, Fraction(0)), worth)) for key, amount in amounts.items()]
        case = cases == {True}
    for one in given:
        if "*" in one.text:
            raise NotTaken(Why.LITERAL_STAR, text=shortened(one.text))
    return given, case, worth


def _stands_alone(body: Element, interaction: Element) -> bool:
    """Say whether a gap stands by itself in its block, so that it is a question and not a gap in a sentence."""
    for block in body.iter():
        if interaction in list(block):
            words = (block.text or "") + "".join((one.tail or "") for one in block)
            return not words.strip() and len(block) == 1
    return False


def gaps(item: Item, title: str) -> tuple[str, Made]:
    """Read gaps in a text. The blocks before the first one are the prompt, else the item's title is."""
    item.check_feedback(set())
    if len(item.interactions) > MAX_GAPS:
        raise NotTaken(Why.MANY_ANSWERS, most=MAX_GAPS)
    own = all(
        re.fullmatch(r"RESPONSE_[a-z0-9_-]{1,20}", one.get("responseIdentifier", "")) for one in item.interactions
    )
    gaps, worths, cases = [], [], set()
    for position, one in enumerate(item.interactions, start=1):
        name = one.get("responseIdentifier", "").removeprefix("RESPONSE_") if own else str(position)
        declaration, rule = item.declaration(one), item.rule(one)
        if one.tag == "inlineChoiceInteraction":
            gap, worth = _inline_choice(one, declaration, rule)
        else:
            given, case, worth = _accepted(declaration, rule)
            gap = {"accepted": making.accepted(given)}
            cases.add(case)
        gaps.append({"id": name} | gap)
        worths.append(worth)
        one.tag, one.text, one[:] = "span", f"[[{name}]]", []
        one.attrib.clear()
    if len(cases) > 1:
        raise NotTaken(Why.GAP_CASES)
    if max(worths) - min(worths) > NEAR:
        raise NotTaken(Why.GAP_WEIGHTS)
    before, lines = _gap_text(item.body)
    made: dict[str, Any] = {"type": "gaps", "text": "\n".join(lines), "gaps": gaps}
    if cases == {True}:
        made["case_sensitive"] = True
    return (item.markdown(before) if before.strip() else title), (whole(sum(worths, Fraction(0))), made)


def _gap_text(body: Element) -> tuple[str, list[str]]:
    """Return the blocks before the first gap as HTML, and the text with the gaps as plain lines."""
    source = inner_html(body)
    weigh(source)
    first = source.index("[[")
    begin = max(source.rfind("<p", 0, first), source.rfind("<div", 0, first), source.rfind("<li", 0, first), 0)
    check_looks(source[begin:])
    lines: list[str] = []
    for part in re.split(r"</?(?:p|div)(?:\s[^<>]*)?>", source[begin:]):
        lines += [html_to_plain(line) for line in re.split(r"<br\s*/?>", part)] if part.strip() else []
    return source[:begin], lines


def _inline_choice(one: Element, declaration: Declaration, rule: Rule) -> tuple[dict[str, Any], Fraction]:
    choices = choices_of(one, "inlineChoice")
    by_id = {choice.get("identifier", ""): plain_of(choice) for choice in choices}
    if rule.kind == "map":
        amounts = {key: value[0] for key, value in declaration.mapping.items() if value[0] > 0}
        if not amounts or declaration.default or (declaration.upper is not None and declaration.upper < max(amounts.values())):
            raise NotTaken(Why.PROCESSING, rule="mapping")
        if declaration.lower != 0 and any(value[0] < 0 for value in declaration.mapping.values()):
            raise NotTaken(Why.NEGATIVE)
        key = max(amounts, key=amounts.__getitem__)
        worth = amounts.pop(key)
    elif rule.kind == "match" and len(declaration.correct) == 1:
        key, worth, amounts = declaration.correct[0], rule.worth, {}
    else:
        raise NotTaken(Why.NO_KEY)
    if not {key, *amounts} <= set(by_id):
        raise NotTaken(Why.NO_KEY)
    percents = {one: percent_of(amount, worth) for one, amount in amounts.items()} | {key: 100}
    return making.options([Given(text, percents.get(one, 0)) for one, text in by_id.items()]), worth
