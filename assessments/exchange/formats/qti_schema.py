"""What a QTI item may hold, level by level, under QTI 2's names: whatever else stands in it is refused by name.

The HTML inside its texts is looked at where it becomes Markdown (html_text.py); the scoring rules in qti_processing.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from xml.etree.ElementTree import Element

from assessments.exchange.reasons import NotTaken, Why, shortened
from assessments.exchange.schema import Part, check_attributes, check_part

#: Attributes and parts that say nothing here, and why; each may have any value.
IGNORED = {
    "id": "A name inside the file.",
    "class": "Looks.",
    "label": "A note of the authoring tool.",
    "lang": "The page is in its reader's language; screen readers follow that.",
    "data-*": "A vendor's own: looks and messages. Ours are read where they are known.",
    "stylesheet": "Looks: a system that does not know it shows the question without (QTI 2.2, 4.8).",
    "toolName": "What wrote the file.",
    "toolVersion": "What wrote the file.",
    "schemaLocation": "Where the format is described.",
    "timeDependent": "Scoring by time would need rules that are refused; without them it changes nothing.",
    "orientation": "Looks.",
    "expectedLength": "The width of a field.",
    "expectedLines": "The height of a field.",
    "normalMaximum": "What the rules give is what counts; for what a person marks it is read.",
    "normalMinimum": "No question takes points from others here, whatever it says.",
    "shuffle": "Of orders, pairs and lists: what is chosen from is mixed here, or stands as written in the list of a gap; "
    "points never depend on it. Where a question can say it, it is kept.",
    "minimum": "minChoices, minAssociations, minStrings, matchMin, required: 0 and 1 say whether an answer may be missing. "
    "Here it may; it has no points, as an item that is not submitted has there. From 2 on they limit which answers there are, "
    "and are refused.",
}

_LOOKS = dict.fromkeys(("id", "class", "label", "lang", "data-*"), None) | {"dir": frozenset({"ltr", "auto"})}
_YES_NO = frozenset({"true", "false"})
_ASKED = _LOOKS | {"responseIdentifier": None}
_FREE = Part(attributes=_LOOKS, free=True)
_PROMPT = {"prompt": _FREE}
_AT_MOST_ONE = frozenset({"0", "1"})
_CHOICE_ATTRIBUTES = _LOOKS | {
    "identifier": None, "fixed": _YES_NO, "templateIdentifier": None, "showHide": frozenset({"show"}),
}  # fmt: skip
_CHOICE = Part(attributes=_CHOICE_ATTRIBUTES, free=True, many=True)
_ASSOCIABLE = Part(attributes=_CHOICE_ATTRIBUTES | {"matchMax": None, "matchMin": _AT_MOST_ONE}, free=True, many=True)
_AREA = Part(attributes=_CHOICE_ATTRIBUTES | {"shape": None, "coords": None, "hotspotLabel": None}, many=True)
_LIMITS = {"shuffle": _YES_NO, "maxChoices": None, "minChoices": None}
_ORIENTATION = {"orientation": frozenset({"horizontal", "vertical"})}
_SIZE = {"width": None, "height": None}
_INTERACTIONS = {
    "choiceInteraction": Part(_PROMPT | {"simpleChoice": _CHOICE}, _ASKED | _LIMITS | _ORIENTATION),
    "orderInteraction": Part(_PROMPT | {"simpleChoice": _CHOICE}, _ASKED | _LIMITS | _ORIENTATION),
    "matchInteraction": Part(
        _PROMPT | {"simpleMatchSet": Part({"simpleAssociableChoice": _ASSOCIABLE}, _LOOKS, many=True)},
        _ASKED | {"shuffle": _YES_NO, "maxAssociations": None, "minAssociations": _AT_MOST_ONE},
    ),
    "inlineChoiceInteraction": Part(
        {"inlineChoice": _CHOICE}, _ASKED | {"shuffle": _YES_NO, "required": _YES_NO, "minChoices": _AT_MOST_ONE}
    ),
    "textEntryInteraction": Part(attributes=_ASKED | {"expectedLength": None, "base": frozenset({"10"})}),
    "extendedTextInteraction": Part(
        _PROMPT,
        _ASKED
        | {"expectedLength": None, "expectedLines": None, "maxStrings": None, "minStrings": _AT_MOST_ONE}
        | {"base": frozenset({"10"}), "patternMask": None, "format": frozenset({"plain", "preformatted", "xhtml"})},
    ),
    "uploadInteraction": Part(_PROMPT, _ASKED | {"type": None}),
    "hotspotInteraction": Part(
        _PROMPT
        | {"object": Part(attributes=_LOOKS | _SIZE | {"data": None, "type": None, "alt": None}, text=True, many=True)}
        | {"img": Part(attributes=_LOOKS | _SIZE | {"src": None, "alt": None}, many=True), "hotspotChoice": _AREA},
        _ASKED | {"maxChoices": None, "minChoices": None},
    ),
}
_FEEDBACK = Part(
    attributes=_LOOKS | {"outcomeIdentifier": None, "identifier": None, "showHide": frozenset({"show", "hide"})},
    free=True,
    many=True,
)
#: What stands among the HTML of a body, looked at wherever it is.
_INSIDE = _INTERACTIONS | {
    "feedbackInline": _FEEDBACK,
    "feedbackBlock": _FEEDBACK,
    "rubricBlock": Part(attributes=_LOOKS | {"view": None, "use": frozenset({"scoring", "instructions"})}, free=True),
    "contentBody": _FREE,
}
_VALUE = Part(text=True, many=True, attributes={"baseType": None})
_VALUES = Part({"value": _VALUE})
_ONE_VALUE = Part({"value": Part(text=True, attributes={"baseType": None})})
_BASE_TYPES = frozenset(
    {"identifier", "boolean", "integer", "float", "string", "point", "pair", "directedpair", "duration", "file", "uri"}
)
_DECLARED = {
    "identifier": None,
    "cardinality": frozenset({"single", "multiple", "ordered", "record"}),
    "baseType": _BASE_TYPES,
}
_ENTRY = Part(attributes={"mapKey": None, "mappedValue": None, "caseSensitive": _YES_NO}, many=True)
_MAPPING = Part({"mapEntry": _ENTRY}, {"defaultValue": None, "lowerBound": None, "upperBound": None})
_ITEM = Part(
    {
        "responseDeclaration": Part(
            {"correctResponse": _VALUES, "mapping": _MAPPING, "defaultValue": _VALUES, "areaMapping": Part(free=True)},
            _DECLARED,
            many=True,
        ),
        "outcomeDeclaration": Part(
            {"defaultValue": _ONE_VALUE},
            _DECLARED | {"normalMaximum": None, "normalMinimum": None, "externalScored": frozenset({"none", "human"})},
            many=True,
        ),
        "stylesheet": Part(attributes=dict.fromkeys(("href", "type", "media", "title")), many=True),
        "itemBody": _FREE,
        "responseProcessing": Part(attributes={"template": None, "templateLocation": None}, free=True),
        "modalFeedback": _FEEDBACK,
    },
    _LOOKS
    | {"identifier": None, "title": None, "adaptive": _YES_NO, "timeDependent": _YES_NO}
    | {"toolName": None, "toolVersion": None, "schemaLocation": None},
)
#: How often and of what kind an answer is, by what asks for it.
_ANSWERS = {
    "choiceInteraction": ({"single", "multiple"}, {"identifier"}),
    "hotspotInteraction": ({"single", "multiple"}, {"identifier"}),
    "orderInteraction": ({"ordered"}, {"identifier"}),
    "matchInteraction": ({"multiple"}, {"directedPair"}),
    "inlineChoiceInteraction": ({"single"}, {"identifier"}),
    "textEntryInteraction": ({"single"}, {"string", "integer", "float"}),
    "extendedTextInteraction": ({"single"}, {"string"}),
    "uploadInteraction": ({"single"}, {"file"}),
}


def check_item(root: Element) -> None:
    """Refuse an item with a part that nobody here would read. Raises NotTaken."""
    check_part(root, _ITEM)
    for declaration in root.findall("responseDeclaration"):
        if given := " ".join("".join(one.itertext()).strip() for one in declaration.findall("defaultValue")):
            raise NotTaken(Why.PRESELECTED, text=shortened(given))
        _check_once(one.get("mapKey", "") for one in declaration.iter("mapEntry"))
        _check_once((one.text or "").strip() for one in declaration.findall("correctResponse/value"))
    for tag in ("responseDeclaration", "outcomeDeclaration"):
        _check_once(one.get("identifier", "") for one in root.findall(tag))
    for element in [*root.findall("itemBody"), *root.findall("modalFeedback")]:
        for one in element.iter():
            if known := _INSIDE.get(str(one.tag)):
                check_part(one, known)
            if one.find("contentBody") is not None and (
                len(one) > 1 or (one.text or "").strip() or (one[0].tail or "").strip()
            ):
                raise NotTaken(Why.UNKNOWN_PART, part=shortened(str(one.tag)))


def check_answers(root: Element, interactions: list[Element], scored: Iterable[str]) -> None:
    """Refuse answers that nothing asks for, or that are of another kind than what is asked. Raises NotTaken."""
    asked = {one.get("responseIdentifier", ""): str(one.tag) for one in interactions}
    for declaration in root.findall("responseDeclaration"):
        identifier = declaration.get("identifier", "")
        if identifier not in asked:
            raise NotTaken(Why.UNKNOWN_PART, part=shortened(f"responseDeclaration {identifier}"))
        cardinalities, types = _ANSWERS.get(asked[identifier], (set(), set()))
        kind = declaration.get("cardinality", "single"), declaration.get("baseType", "string")
        if cardinalities and (kind[0] not in cardinalities or kind[1] not in types):
            raise NotTaken(Why.PROCESSING, rule=" ".join(kind))
    for response in scored:
        if response not in asked:
            raise NotTaken(Why.PROCESSING, rule=shortened(response))


def _check_once(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise NotTaken(Why.PART_TWICE, part=shortened(name))
        seen.add(name)


#: The attributes of what rules are made of; only a value has letters.
_NAMED: dict[str, frozenset[str] | None] = {"identifier": None}
_NONE: Mapping[str, frozenset[str] | None] = MappingProxyType({})
_RULES: dict[str, Mapping[str, frozenset[str] | None]] = dict.fromkeys(
    ("responseCondition", "responseIf", "responseElseIf", "responseElse", "match", "isNull", "not", "and", "sum", "max"), _NONE
) | {
    "setOutcomeValue": _NAMED, "variable": _NAMED, "correct": _NAMED, "mapResponse": _NAMED,
    "baseValue": {"baseType": _BASE_TYPES}, "stringMatch": {"caseSensitive": _YES_NO, "substring": _YES_NO},
    "equal": {"toleranceMode": None, "tolerance": None, "includeLowerBound": _YES_NO, "includeUpperBound": _YES_NO},
}  # fmt: skip
_LEAVES = frozenset({"variable", "correct", "mapResponse", "baseValue"})
#: What changes a scoring wherever it stands, also in a condition that sets no points.
_FAR_REACHING = frozenset({"lookupOutcomeValue", "exitResponse", "responseProcessingFragment", "include"})


def check_rules(processing: Element) -> None:
    """Refuse rules with letters or attributes that say more than is read. Raises NotTaken."""
    for element in processing.iter():
        tag = str(element.tag)
        if tag in _FAR_REACHING:
            raise NotTaken(Why.PROCESSING, rule=shortened(tag))
        if tag in _RULES:
            check_attributes(element, _RULES[tag])
        if tag in _LEAVES and len(element):
            raise NotTaken(Why.PROCESSING, rule=shortened(str(element[0].tag)))
        own = element.text if tag != "baseValue" else ""
        if loose := f"{own or ''} {(element.tail or '') if element is not processing else ''}".strip():
            raise NotTaken(Why.LOOSE_TEXT, text=shortened(loose))
