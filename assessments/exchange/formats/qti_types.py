"""QTI's interactions as our types of questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element

from assessments.exchange import making
from assessments.exchange.formats.qti_gaps import GAPS, NEAR, Made, choices_of, gaps, percent_of, text_entry, whole
from assessments.exchange.formats.qti_hotspot import read_hotspot
from assessments.exchange.formats.qti_item import FEEDBACK, Declaration, Item
from assessments.exchange.formats.qti_processing import Rule
from assessments.exchange.formats.qti_tree import inner_html, plain_of
from assessments.exchange.making import Given, Number
from assessments.exchange.reasons import NotTaken, Why

_WITHOUT = FEEDBACK


def type_of(item_body: Element) -> str:
    """Return our name for what an item asks, as far as its interactions tell; for refusals as well."""
    names = [str(one.tag) for one in item_body.iter() if str(one.tag).endswith("Interaction")]
    kinds = list(dict.fromkeys(names))
    if len(names) > 1 and set(kinds) <= GAPS:
        return "gaps"
    return _NAMES.get(kinds[0], kinds[0]) if len(names) == 1 else "+".join(kinds) or "none"


def read_item(item: Item, title: str) -> tuple[str, Made]:
    """Return prompt and definition of an item. Raises NotTaken."""
    if not item.interactions:
        raise NotTaken(Why.NO_INTERACTION)
    if item.body.find(".//rubricBlock") is not None and not all(str(one.tag) in _BY_HAND for one in item.interactions):
        raise NotTaken(Why.UNKNOWN_PART, part="rubricBlock")
    kinds = {str(one.tag) for one in item.interactions}
    if kinds <= GAPS and (len(item.interactions) > 1 or kinds == {"inlineChoiceInteraction"}):
        return gaps(item, title)
    if len(item.interactions) > 1:
        raise NotTaken(Why.SEVERAL_INTERACTIONS, names=", ".join(sorted(kinds)))
    interaction = item.interactions[0]
    if interaction.tag == "textEntryInteraction":
        return text_entry(item, interaction, title)
    reader = _READERS.get(str(interaction.tag))
    if reader is None:
        if reason := _REASONS.get(str(interaction.tag)):
            raise NotTaken(reason)
        raise NotTaken(Why.UNKNOWN_TYPE, type=str(interaction.tag))
    return item.prompt(interaction), reader(item, interaction)


def _shuffle(interaction: Element, choices: Sequence[Element]) -> bool:
    shuffle = interaction.get("shuffle", "false") == "true"
    fixed = {one.get("fixed", "false") == "true" for one in choices}
    if shuffle and fixed == {True, False}:
        raise NotTaken(Why.FIXED_CHOICES)
    return shuffle and True not in fixed


def _choice(item: Item, interaction: Element) -> Made:
    choices = choices_of(interaction)
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
        if single and len(declaration.correct) > 1:
            raise NotTaken(Why.SEVERAL_RIGHT_ANSWERS)
        percents: list[Number] = [100 if one in declaration.correct else 0 for one in identifiers]
        points = whole(rule.worth)
        if single and _is_true_false(identifiers, texts):
            return points, _true_false(identifiers, percents, feedback)
        given = [Given(*one) for one in zip(texts, percents, feedback, strict=True)]
        return points, (
            making.choice(given, single=True, shuffle=shuffle)
            if single
            else making.all_or_nothing(given, shuffle=shuffle)
        )
    if rule.kind in {"near", "steps"}:
        raise NotTaken(Why.PROCESSING, rule="equal")
    if not set(declaration.mapping) <= set(identifiers):
        raise NotTaken(Why.NO_KEY)
    worth = [declaration.mapping.get(one, (declaration.default, True))[0] for one in identifiers]
    if rule.kind == "shifted":
        if (declaration.lower, declaration.upper) != (None, None):  # they limit the mapping before something is added to it
            raise NotTaken(Why.BOUNDS, bound="lowerBound, upperBound")
        return _partial(rule, texts, worth, feedback, shuffle=shuffle)
    return _mapped(declaration, texts, worth, feedback, single=single, shuffle=shuffle)


def _is_true_false(identifiers: list[str], texts: list[str]) -> bool:
    """Say whether two choices are true and false, in words that are the page's own here: others are kept, as a choice."""
    said = dict(zip([one.lower() for one in identifiers], [text.strip().lower().rstrip(".") for text in texts], strict=True))
    return len(said) == len(texts) == 2 and said.get("true", "") in _TRUE and said.get("false", "") in _FALSE


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
    if declaration.upper is not None and abs(declaration.upper - best) > NEAR:
        raise NotTaken(Why.BAD_SUM, sum=f"{float(best / declaration.upper * 100) if declaration.upper else 0:.5g}")
    percents = [percent_of(max(one, Fraction(0)) if single else one, best) for one in worth]
    given = [Given(*one) for one in zip(texts, percents, feedback, strict=True)]
    return whole(best), making.choice(given, single=single, shuffle=shuffle)


def _partial(rule: Rule, texts: list[str], worth: list[Fraction], feedback: list[str], *, shuffle: bool) -> Made:
    """Recognise: every answer judged rightly counts, from half of them on."""
    right = [one for one in worth if one > 0]
    points = rule.worth + sum(right, Fraction(0))
    each = Fraction(2, len(worth)) * points if worth else Fraction(0)
    if any(abs(abs(one) - each) > NEAR for one in worth) or not right:
        raise NotTaken(Why.PROCESSING, rule="max")
    given = [Given(text, 100 if one > 0 else 0, more) for text, one, more in zip(texts, worth, feedback, strict=True)]
    return whole(points), making.all_or_nothing(given, shuffle=shuffle) | {"scoring": "partial"}


def _order(item: Item, interaction: Element) -> Made:
    choices = choices_of(interaction)
    declaration, rule = item.declaration(interaction), item.rule(interaction)
    item.check_feedback(set())
    by_id = {one.get("identifier", ""): one for one in choices}
    limits = {interaction.get(name, "0") for name in ("minChoices", "maxChoices")}
    if not limits <= {"0", str(len(choices))}:
        raise NotTaken(Why.ORDER_SUBSET)
    if any(one.get("fixed") == "true" for one in choices):
        raise NotTaken(Why.FIXED_CHOICES)
    if rule.kind != "match":
        raise NotTaken(Why.ORDER_SCORING, grading=rule.kind)
    if sorted(declaration.correct) != sorted(by_id):
        raise NotTaken(Why.NO_KEY if not declaration.correct else Why.ORDER_SUBSET)
    steps = [item.markdown(inner_html(by_id[one], _WITHOUT)) for one in declaration.correct]
    return whole(rule.worth), making.ordering(steps, "all_or_nothing")


def _match(item: Item, interaction: Element) -> Made:
    sets = interaction.findall("simpleMatchSet")
    if len(sets) != 2:
        raise NotTaken(Why.NO_KEY)
    declaration, rule = item.declaration(interaction), item.rule(interaction)
    item.check_feedback(set())
    lefts, rights = (choices_of(one, "simpleAssociableChoice") for one in sets)
    if rule.kind != "map":
        raise NotTaken(Why.PROCESSING, rule=f"matchInteraction {rule.kind}")
    if any(one.get("matchMax", "1") != "1" for one in lefts):
        raise NotTaken(Why.CHOICE_LIMITS)
    if 0 < int(interaction.get("maxAssociations", "0")) < len(lefts):
        raise NotTaken(Why.CHOICE_LIMITS)
    if any(one.get("fixed") == "true" for one in [*lefts, *rights]):
        raise NotTaken(Why.FIXED_CHOICES)
    shuffle = interaction.get("shuffle") != "false"
    needed = [key.partition(" ")[2] for key, (worth, _case) in declaration.mapping.items() if worth > 0]
    if any(0 < int(one.get("matchMax", "1")) < needed.count(one.get("identifier", "")) for one in rights):
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
    if max(amounts) - min(amounts) > NEAR:
        raise NotTaken(Why.GAP_WEIGHTS)
    names = {one.get("identifier", ""): plain_of(one) for one in rights}
    texts = {one.get("identifier", ""): item.markdown(inner_html(one)) for one in lefts}
    if not set(right_of.values()) <= set(names):
        raise NotTaken(Why.NO_KEY)
    pairs = [(texts[left], names[right]) for left, right in right_of.items()]
    points = sum((worth for worth, _case in declaration.mapping.values() if worth > 0), Fraction(0))
    if declaration.upper is not None and declaration.upper < points - NEAR:  # some of the pairs give everything
        raise NotTaken(Why.BOUNDS, bound=f"upperBound {float(declaration.upper):g}")
    total = whole(points)
    if len(set(right_of.values())) == len(right_of):
        distractors = [("", names[one]) for one in names if one not in right_of.values()]
        return total, making.matching(pairs + distractors, shuffle=shuffle)
    by_name = {name: [left for left, right in pairs if right == name] for name in names.values()}
    return total, making.matching([(left, name) for name, members in by_name.items() for left in members or [""]])


def _guidance(item: Item) -> dict[str, Any]:
    rubrics = list(item.body.iter("rubricBlock"))
    if not all({"scorer"} <= set(one.get("view", "").split()) <= {"scorer", "tutor", "author"} for one in rubrics):
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
            return whole(Fraction(str(making.number(one.get("normalMaximum", "1")))))
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


_TRUE, _FALSE = frozenset({"true", "richtig", "wahr"}), frozenset({"false", "falsch"})
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
    "hotspotInteraction": read_hotspot,
}
#: Only what a person marks has guidance for that; elsewhere nobody would see it.
_BY_HAND = frozenset({"extendedTextInteraction", "uploadInteraction"})
_REASONS = {"selectPointInteraction": Why.SELECT_POINT, "positionObjectInteraction": Why.DROPPED}
