"""QTI's interactions as our types of questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element

from assessments.exchange import making
from assessments.exchange.formats.qti_item import FEEDBACK, Declaration, Item
from assessments.exchange.formats.qti_processing import Rule
from assessments.exchange.formats.qti_tree import inner_html, plain_of
from assessments.exchange.html_text import html_to_plain
from assessments.exchange.making import Given, Number
from assessments.exchange.reasons import NotTaken, Why, shortened
from assessments.items.interactions.gaps import MAX_GAPS

#: Points and the definition without its prompt.
Made = tuple[Number, dict[str, Any]]
_WITHOUT = FEEDBACK
_NEAR = Fraction(1, 10**6)


def type_of(item_body: Element) -> str:
    """Return our name for what an item asks, as far as its interactions tell; for refusals as well."""
    names = [str(one.tag) for one in item_body.iter() if str(one.tag).endswith("Interaction")]
    kinds = list(dict.fromkeys(names))
    if len(names) > 1 and set(kinds) <= _GAPS:
        return "gaps"
    return _NAMES.get(kinds[0], kinds[0]) if len(names) == 1 else "+".join(kinds) or "none"


def read_item(item: Item, title: str) -> tuple[str, Made]:
    """Return prompt and definition of an item. Raises NotTaken."""
    if not item.interactions:
        raise NotTaken(Why.NO_INTERACTION)
    kinds = {str(one.tag) for one in item.interactions}
    if kinds <= _GAPS and (len(item.interactions) > 1 or kinds == {"inlineChoiceInteraction"}):
        return _gaps(item, title)
    if len(item.interactions) > 1:
        raise NotTaken(Why.SEVERAL_INTERACTIONS, names=", ".join(sorted(kinds)))
    interaction = item.interactions[0]
    if interaction.tag == "textEntryInteraction":
        return _text_entry(item, interaction, title)
    reader = _READERS.get(str(interaction.tag))
    if reader is None:
        raise NotTaken(Why.UNKNOWN_TYPE, type=str(interaction.tag))
    return item.prompt(interaction), reader(item, interaction)


def _choices(interaction: Element, name: str = "simpleChoice") -> list[Element]:
    found = interaction.findall(name)
    if any(one.get("templateIdentifier") for one in found):
        raise NotTaken(Why.TEMPLATE)
    return found


def _shuffle(interaction: Element, choices: Sequence[Element]) -> bool:
    shuffle = interaction.get("shuffle", "false") == "true"
    fixed = {one.get("fixed", "false") == "true" for one in choices}
    if shuffle and fixed == {True, False}:
        raise NotTaken(Why.FIXED_CHOICES)
    return shuffle and True not in fixed


def _choice(item: Item, interaction: Element) -> Made:
    choices = _choices(interaction)
    declaration, rule = item.declaration(interaction), item.rule(interaction)
    response = interaction.get("responseIdentifier", "")
    identifiers = [one.get("identifier", "") for one in choices]
    item.check_feedback(set(identifiers))
    texts = [item.markdown(inner_html(one, _WITHOUT)) for one in choices]
    feedback = [item.choice_feedback(one, response) for one in choices]
    single = declaration.cardinality == "single"
    shuffle = _shuffle(interaction, choices)
    most, least = int(interaction.get("maxChoices", "1")), int(interaction.get("minChoices", "0"))
    if least > 1 or (not single and 0 < most < len(choices)):
        raise NotTaken(Why.CHOICE_LIMITS)
    if rule.kind == "match":
        if not declaration.correct or not set(declaration.correct) <= set(identifiers):
            raise NotTaken(Why.NO_KEY)
        percents: list[Number] = [100 if one in declaration.correct else 0 for one in identifiers]
        points = _whole(rule.worth)
        if single and {one.lower() for one in identifiers} == {"true", "false"} and len(identifiers) == 2:
            return points, _true_false(identifiers, percents, feedback)
        given = [Given(*one) for one in zip(texts, percents, feedback, strict=True)]
        return points, (
            making.choice(given, single=True, shuffle=shuffle)
            if single
            else making.all_or_nothing(given, shuffle=shuffle)
        )
    if rule.kind == "near":
        raise NotTaken(Why.PROCESSING, rule="equal")
    worth = [declaration.mapping.get(one, (declaration.default, True))[0] for one in identifiers]
    if rule.kind == "shifted":
        return _partial(rule, texts, worth, feedback, shuffle=shuffle)
    return _mapped(declaration, texts, worth, feedback, single=single, shuffle=shuffle)


def _true_false(identifiers: list[str], percents: list[Number], feedback: list[str]) -> dict[str, Any]:
    by_value = dict(zip([one.lower() for one in identifiers], zip(percents, feedback, strict=True), strict=True))
    return making.true_false(
        correct=by_value["true"][0] == 100, when_true=by_value["true"][1], when_false=by_value["false"][1]
    )


def _mapped(
    declaration: Declaration,
    texts: list[str],
    worth: list[Fraction],
    feedback: list[str],
    *,
    single: bool,
    shuffle: bool,
) -> Made:
    best = max(worth, default=Fraction(0)) if single else sum((one for one in worth if one > 0), Fraction(0))
    if best <= 0:
        raise NotTaken(Why.NO_RIGHT_ANSWER)
    if any(one < 0 for one in worth) and (declaration.lower is None or declaration.lower != 0):
        raise NotTaken(Why.NEGATIVE)
    if declaration.upper is not None and abs(declaration.upper - best) > _NEAR:
        raise NotTaken(Why.BAD_SUM, sum=f"{float(best / declaration.upper * 100) if declaration.upper else 0:.5g}")
    percents = [_percent(max(one, Fraction(0)) if single else one, best) for one in worth]
    given = [Given(*one) for one in zip(texts, percents, feedback, strict=True)]
    return _whole(best), making.choice(given, single=single, shuffle=shuffle)


def _partial(rule: Rule, texts: list[str], worth: list[Fraction], feedback: list[str], *, shuffle: bool) -> Made:
    """Recognise: every answer judged rightly counts, from half of them on."""
    right = [one for one in worth if one > 0]
    points = rule.worth + sum(right, Fraction(0))
    each = Fraction(2, len(worth)) * points if worth else Fraction(0)
    if any(abs(abs(one) - each) > _NEAR for one in worth) or not right:
        raise NotTaken(Why.PROCESSING, rule="max")
    given = [Given(text, 100 if one > 0 else 0, more) for text, one, more in zip(texts, worth, feedback, strict=True)]
    return _whole(points), making.all_or_nothing(given, shuffle=shuffle) | {"scoring": "partial"}


def _percent(worth: Fraction, best: Fraction) -> Number:
    value = worth / best * 100
    if value < -100:
        value = Fraction(-100)  # the sum never goes below nothing, and one right answer never gives more than all
    return int(value) if value.denominator == 1 else round(float(value), 5)


def _whole(worth: Fraction) -> Number:
    nearest = round(worth)
    return nearest if abs(worth - nearest) <= _NEAR else float(worth)


def _order(item: Item, interaction: Element) -> Made:
    choices = _choices(interaction)
    declaration, rule = item.declaration(interaction), item.rule(interaction)
    item.check_feedback(set())
    by_id = {one.get("identifier", ""): one for one in choices}
    if rule.kind != "match":
        raise NotTaken(Why.ORDER_SCORING, grading=rule.kind)
    if sorted(declaration.correct) != sorted(by_id):
        raise NotTaken(Why.NO_KEY if not declaration.correct else Why.ORDER_SUBSET)
    steps = [item.markdown(inner_html(by_id[one], _WITHOUT)) for one in declaration.correct]
    return _whole(rule.worth), making.ordering(steps, "all_or_nothing")


def _match(item: Item, interaction: Element) -> Made:
    sets = interaction.findall("simpleMatchSet")
    if len(sets) != 2:
        raise NotTaken(Why.NO_KEY)
    declaration, rule = item.declaration(interaction), item.rule(interaction)
    item.check_feedback(set())
    lefts, rights = (_choices(one, "simpleAssociableChoice") for one in sets)
    if rule.kind != "map":
        raise NotTaken(Why.PROCESSING, rule=f"matchInteraction {rule.kind}")
    if any(one.get("matchMax", "1") != "1" for one in lefts):
        raise NotTaken(Why.CHOICE_LIMITS)
    right_of: dict[str, str] = {}
    for key, (worth, _case) in declaration.mapping.items():
        left, _space, right = key.partition(" ")
        if worth < 0 or (worth > 0 and left in right_of):
            raise NotTaken(Why.PROCESSING, rule="mapEntry")
        if worth > 0:
            right_of[left] = right
    if {one.get("identifier") for one in lefts} != set(right_of) or declaration.default:
        raise NotTaken(Why.NO_KEY)
    amounts = {worth for worth, _case in declaration.mapping.values() if worth > 0}
    if max(amounts) - min(amounts) > _NEAR:
        raise NotTaken(Why.GAP_WEIGHTS)
    names = {one.get("identifier", ""): plain_of(one) for one in rights}
    texts = {one.get("identifier", ""): item.markdown(inner_html(one)) for one in lefts}
    if not set(right_of.values()) <= set(names):
        raise NotTaken(Why.NO_KEY)
    pairs = [(texts[left], names[right]) for left, right in right_of.items()]
    total = _whole(sum((worth for worth, _case in declaration.mapping.values() if worth > 0), Fraction(0)))
    if len(set(right_of.values())) == len(right_of):
        return total, making.matching(pairs + [("", names[one]) for one in names if one not in right_of.values()])
    by_name = {name: [left for left, right in pairs if right == name] for name in names.values()}
    return total, making.matching([(left, name) for name, members in by_name.items() for left in members or [""]])


def _text_entry(item: Item, interaction: Element, title: str) -> tuple[str, Made]:
    item.check_feedback(set())
    declaration, rule = item.declaration(interaction), item.rule(interaction)
    if interaction.get("patternMask"):
        raise NotTaken(Why.UNKNOWN_PART, part="patternMask")
    if not _stands_alone(item.body, interaction):
        return _gaps(item, title)
    prompt = item.prompt(interaction)
    if declaration.base_type in {"integer", "float"}:
        if len(declaration.correct) != 1 or rule.kind not in {"match", "near"}:
            raise NotTaken(Why.NO_KEY if not declaration.correct else Why.SEVERAL_NUMBERS)
        given = Given(declaration.correct[0], 100, "", rule.tolerance)
        made = making.numerical([given])
        if rule.relative:  # QTI says it in per cent
            share = Fraction(str(making.number(rule.tolerance))) / 100
            made |= {"tolerance": making.number(making.decimal(share)), "tolerance_kind": "relative"}
        return prompt, (_whole(rule.worth), made)
    accepted, case, worth = _accepted(declaration, rule)
    return prompt, (_whole(worth), making.short_text([Given(one, 100) for one in accepted], case_sensitive=case))


def _accepted(declaration: Declaration, rule: Rule) -> tuple[list[str], bool, Fraction]:
    """Return the texts that give all points, whether case counts, and the points."""
    if declaration.base_type != "string" or rule.kind not in {"match", "map"}:
        raise NotTaken(Why.PROCESSING, rule=declaration.base_type)
    if rule.kind == "match":
        if len(declaration.correct) != 1:
            raise NotTaken(Why.NO_KEY)
        texts, case, worth = declaration.correct, True, rule.worth
    else:
        if declaration.default:
            raise NotTaken(Why.PROCESSING, rule="defaultValue")
        right = {key: value for key, value in declaration.mapping.items() if value[0] > 0}
        amounts, cases = {value[0] for value in right.values()}, {value[1] for value in right.values()}
        if not right:
            raise NotTaken(Why.NO_RIGHT_ANSWER)
        if len(amounts) > 1:
            raise NotTaken(Why.PARTIAL_CREDIT, text=shortened(min(right, key=lambda key: right[key][0])))
        if len(cases) > 1:
            raise NotTaken(Why.GAP_CASES)
        texts, case, worth = list(right), cases == {True}, amounts.pop()
    for text in texts:
        if "*" in text:
            raise NotTaken(Why.LITERAL_STAR, text=shortened(text))
    return texts, case, worth


def _stands_alone(body: Element, interaction: Element) -> bool:
    """Say whether a gap stands by itself in its block, so that it is a question and not a gap in a sentence."""
    for block in body.iter():
        if interaction in list(block):
            words = (block.text or "") + "".join((one.tail or "") for one in block)
            return not words.strip() and len(block) == 1
    return False


def _gaps(item: Item, title: str) -> tuple[str, Made]:
    item.check_feedback(set())
    if len(item.interactions) > MAX_GAPS:
        raise NotTaken(Why.MANY_ANSWERS, most=MAX_GAPS)
    own = all(re.fullmatch(r"RESPONSE_[a-z0-9_-]{1,20}", one.get("responseIdentifier", "")) for one in item.interactions)
    gaps, worths, cases = [], [], set()
    for position, one in enumerate(item.interactions, start=1):
        name = one.get("responseIdentifier", "").removeprefix("RESPONSE_") if own else str(position)
        declaration, rule = item.declaration(one), item.rule(one)
        if one.tag == "inlineChoiceInteraction":
            gap, worth = _inline_choice(one, declaration, rule)
        else:
            texts, case, worth = _accepted(declaration, rule)
            gap = {"accepted": texts}
            cases.add(case)
        gaps.append({"id": name} | gap)
        worths.append(worth)
        one.tag, one.text, one[:] = "span", f"[[{name}]]", []
        one.attrib.clear()
    if len(cases) > 1:
        raise NotTaken(Why.GAP_CASES)
    if max(worths) - min(worths) > _NEAR:
        raise NotTaken(Why.GAP_WEIGHTS)
    before, lines = _gap_text(item.body)
    made: dict[str, Any] = {"type": "gaps", "text": "\n".join(lines), "gaps": gaps}
    if cases == {True}:
        made["case_sensitive"] = True
    return (item.markdown(before) if before.strip() else title), (_whole(sum(worths, Fraction(0))), made)


def _gap_text(body: Element) -> tuple[str, list[str]]:
    """Return the blocks before the first gap as HTML, and the text with the gaps as plain lines."""
    source = inner_html(body)
    first = source.index("[[")
    begin = max(source.rfind("<p", 0, first), source.rfind("<div", 0, first), source.rfind("<li", 0, first), 0)
    lines: list[str] = []
    for part in re.split(r"</?(?:p|div)(?:\s[^>]*)?>", source[begin:]):
        lines += [html_to_plain(line) for line in re.split(r"<br\s*/?>", part)] if part.strip() else []
    return source[:begin], lines


def _inline_choice(one: Element, declaration: Declaration, rule: Rule) -> tuple[dict[str, Any], Fraction]:
    choices = _choices(one, "inlineChoice")
    by_id = {choice.get("identifier", ""): plain_of(choice) for choice in choices}
    if rule.kind == "map":
        right = {key: value[0] for key, value in declaration.mapping.items() if value[0] > 0}
        if len(right) != 1 or declaration.default:
            raise NotTaken(Why.PROCESSING, rule="mapping")
        key, worth = right.popitem()
    elif rule.kind == "match" and len(declaration.correct) == 1:
        key, worth = declaration.correct[0], rule.worth
    else:
        raise NotTaken(Why.NO_KEY)
    if key not in by_id:
        raise NotTaken(Why.NO_KEY)
    options = list(by_id.values())
    making.choice([Given(text, 100 if text == by_id[key] else 0) for text in options], single=True)
    return {"options": options, "correct": by_id[key]}, worth


def _guidance(item: Item) -> dict[str, Any]:
    rubrics = [one for one in item.body.iter("rubricBlock")]
    if any("candidate" in one.get("view", "candidate") for one in rubrics):
        raise NotTaken(Why.UNKNOWN_PART, part="rubricBlock")
    texts = []
    for one in rubrics:
        inner = one.find("contentBody")
        texts.append(item.markdown(inner_html(one if inner is None else inner)))
    return {"guidance": "\n\n".join(texts)} if texts else {}


def _by_hand(item: Item) -> Number:
    if item.processing.rules:
        raise NotTaken(Why.PROCESSING, rule="responseProcessing")
    for one in item.root.findall("outcomeDeclaration"):
        if one.get("identifier") == "SCORE" and one.get("normalMaximum"):
            return _whole(Fraction(str(making.number(one.get("normalMaximum", "1")))))
    return 1


def _essay(item: Item, interaction: Element) -> Made:
    item.check_feedback(set())
    if interaction.get("patternMask") or int(interaction.get("maxStrings", "1")) > 1:
        raise NotTaken(Why.RESPONSE_FORMAT, format="patternMask, maxStrings")
    declaration = item.declarations.get(interaction.get("responseIdentifier", ""))
    if declaration is not None and (declaration.correct or declaration.mapping):
        raise NotTaken(Why.UNKNOWN_PART, part="correctResponse")
    limits = {
        key: making.number(interaction.get(name, ""))
        for key, name in (("min_words", "data-min-words"), ("max_words", "data-max-words"))
        if interaction.get(name)
    }
    return _by_hand(item), {"type": "essay"} | limits | _guidance(item)


def _upload(item: Item, interaction: Element) -> Made:
    item.check_feedback(set())
    types = interaction.get("type", "").split()
    if not types:
        raise NotTaken(Why.FILE_TYPES, types="*")
    size = interaction.get("data-max-megabytes", "")
    most = {"max_megabytes": making.number(size)} if size else {}
    return _by_hand(item), {"type": "file_upload", "media_types": types} | most | _guidance(item)


_GAPS = {"textEntryInteraction", "inlineChoiceInteraction"}
_NAMES = {
    "choiceInteraction": "single_choice", "orderInteraction": "ordering", "matchInteraction": "matching",
    "textEntryInteraction": "short_text", "inlineChoiceInteraction": "gaps", "extendedTextInteraction": "essay",
    "uploadInteraction": "file_upload", "hotspotInteraction": "hotspot",
}  # fmt: skip
_READERS: dict[str, Callable[[Item, Element], Made]] = {
    "choiceInteraction": _choice,
    "orderInteraction": _order,
    "matchInteraction": _match,
    "extendedTextInteraction": _essay,
    "uploadInteraction": _upload,
}
