"""One QTI item: its body, its declarations, its key and its feedback."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

from assessments.exchange.formats.qti_processing import Processing, Rule, read_processing
from assessments.exchange.formats.qti_said import Said
from assessments.exchange.formats.qti_schema import check_answers, check_item
from assessments.exchange.formats.qti_steps import Steps
from assessments.exchange.formats.qti_tree import inner_html, markdown_of, outer_html
from assessments.exchange.html_text import check_looks
from assessments.exchange.making import number
from assessments.exchange.pictures import Pictures
from assessments.exchange.reasons import NotTaken, Why, shortened

FEEDBACK = frozenset({"feedbackInline", "feedbackBlock"})
#: What may be around an interaction and says nothing by itself.
_HOLDERS = frozenset({"p", "div", "span", "section", "article"})
#: The number that stands in for a piece of a response's mapping.
Entries = dict[str, tuple[Fraction, bool]]


@dataclass
class Declaration:
    """What an item says about a response: kind, key and points by value (with whether case counts)."""

    base_type: str
    cardinality: str
    correct: list[str]
    mapping: Entries
    default: Fraction
    lower: Fraction | None
    upper: Fraction | None


@dataclass
class Item:
    """An item while it is read."""

    root: Element
    pictures: Pictures
    tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Look at the whole before its parts. Raises NotTaken."""
        if self.root.get("adaptive", "false") == "true":
            raise NotTaken(Why.PROCESSING, rule="adaptive")
        for child in self.root:
            if child.tag in {"templateDeclaration", "templateProcessing"}:
                raise NotTaken(Why.TEMPLATE)
            if child.tag == "outcomeDeclaration" and child.get("identifier") == "SCORE" and _starts_with_points(child):
                raise NotTaken(Why.PROCESSING, rule="SCORE defaultValue")
        check_item(self.root)
        body = self.root.find("itemBody")
        if body is None:
            raise NotTaken(Why.NO_INTERACTION)
        self.body = body
        self.processing: Processing = read_processing(self.root)
        if self.processing.rules and any(
            one.get("externalScored", "none") == "human" for one in self.root.findall("outcomeDeclaration")
        ):
            raise NotTaken(Why.PROCESSING, rule="externalScored")
        self.declarations = {
            one.get("identifier", ""): _declaration(one) for one in self.root.findall("responseDeclaration")
        }
        self.interactions = [one for one in body.iter() if str(one.tag).endswith("Interaction")]
        for one in body.iter("endAttemptInteraction"):
            raise NotTaken(Why.UNKNOWN_TYPE, type=str(one.tag))
        if self.interactions:
            check_answers(self.root, self.interactions, self.processing.rules)

    def declaration(self, interaction: Element) -> Declaration:
        """Return what is said about an interaction's response."""
        found = self.declarations.get(interaction.get("responseIdentifier", ""))
        if found is None:
            raise NotTaken(Why.NO_KEY)
        return found

    def rule(self, interaction: Element) -> Rule:
        """Return how an interaction's response is scored. Raises NotTaken when it is not."""
        found = self.processing.rules.get(interaction.get("responseIdentifier", ""))
        if found is None:
            raise NotTaken(Why.PROCESSING, rule="responseProcessing")
        if found.kind != "match":
            declaration = self.declaration(interaction)
            _check_agreement(declaration, found)
            if declaration.lower is not None and declaration.lower > 0:  # even a wrong answer, or none, gives points
                raise NotTaken(Why.BOUNDS, bound=f"lowerBound {float(declaration.lower):g}")
        return found

    def prompt(self, interaction: Element) -> str:
        """Return everything that stands before a block interaction, and its own prompt."""
        before, after = _around(self.body, interaction)
        own = interaction.find("prompt")
        blocks = [before] + ([f"<div>{inner_html(own)}</div>"] if own is not None else [])
        if after.strip():
            raise NotTaken(Why.TEXT_AFTER, text=shortened(after))
        blocks = [one for one in blocks if one.strip()]
        return self.markdown(blocks[0] if len(blocks) == 1 and own is None else _unwrapped(blocks))

    def markdown(self, source: str) -> str:
        """Return HTML as Markdown."""
        return markdown_of(source, self.pictures)

    def explanation(self) -> str:
        """Return the feedback that is always shown. Raises NotTaken for feedback that depends on the whole answer."""
        always = []
        for one in self.root.findall("modalFeedback"):
            outcome = one.get("outcomeIdentifier", "")
            shown = (
                one.get("identifier", "") == self.processing.always.get(outcome)
                and one.get("showHide", "show") == "show"
            )
            if self.processing.feedback.get(outcome, "") is None and shown:
                always.append(one)
            elif self.processing.feedback.get(outcome) is None and outcome not in self.processing.said:
                raise NotTaken(Why.COMBINED_FEEDBACK, text=shortened("".join(one.itertext())))
        if len(always) > 1:
            raise NotTaken(Why.COMBINED_FEEDBACK, text=shortened("".join(always[1].itertext())))
        return self.markdown(_feedback_html(always[0])) if always else ""

    def choice_feedback(self, choice: Element, response: str) -> str:
        """Return the feedback for choosing this, inside it or as a modal one. Raises NotTaken for any other."""
        identifier = choice.get("identifier", "")
        found = [one for one in choice if one.tag in FEEDBACK]
        found += [
            one
            for one in self.root.findall("modalFeedback")
            if self.processing.feedback.get(one.get("outcomeIdentifier", ""), "") == response
            and one.get("identifier") == identifier
        ]
        texts = []
        for one in found:
            if (
                self._source(one) != response
                or one.get("identifier") != identifier
                or one.get("showHide", "show") != "show"
            ):
                raise NotTaken(Why.COMBINED_FEEDBACK, text=shortened("".join(one.itertext())))
            texts.append(self.markdown(_feedback_html(one)))
        return "\n\n".join(texts)

    def _source(self, feedback: Element) -> str | None:
        """Return the response that a feedback depends on: none when it is always shown, empty when nobody knows."""
        return self.processing.feedback.get(feedback.get("outcomeIdentifier", ""), "")

    def said_about(self, response: str) -> tuple[Said | Steps, dict[str, str]] | None:
        """Return what chooses the feedback for what is typed, and that by its identifier."""
        for outcome, said in self.processing.said.items():
            if said.response == response and outcome not in self.processing.feedback:
                found = [one for one in self.root.findall("modalFeedback") if one.get("outcomeIdentifier") == outcome]
                texts = {one.get("identifier", ""): self.markdown(_feedback_html(one)) for one in found}
                shown = {one.get("showHide", "show") for one in found} <= {"show"}
                if not shown or len(texts) != len(found) or not set(texts) <= said.identifiers:
                    raise NotTaken(Why.COMBINED_FEEDBACK, text=shortened("".join(texts.values())))
                return said, texts
        return None

    def check_feedback(self, allowed: set[str], said: Said | Steps | None = None) -> None:
        """Refuse feedback that no choice of these identifiers has, and that is not chosen by what is ``said``."""
        for one in self.root.findall("modalFeedback"):
            chosen_by = self.processing.said.get(one.get("outcomeIdentifier", ""))
            if chosen_by is not None and chosen_by is said:
                continue
            if chosen_by is not None and self._source(one) == "":
                raise NotTaken(Why.COMBINED_FEEDBACK, text=shortened("".join(one.itertext())))
            if self._source(one) is not None and one.get("identifier") not in allowed:
                raise NotTaken(Why.COMBINED_FEEDBACK, text=shortened("".join(one.itertext())))
        for block in self.body.iter():
            if block.tag in FEEDBACK and block.get("identifier") not in allowed:
                raise NotTaken(Why.COMBINED_FEEDBACK, text=shortened("".join(block.itertext())))


def _check_agreement(declaration: Declaration, rule: Rule) -> None:
    """Refuse an answer that is stated as right where the points say otherwise."""
    if rule.kind == "near":
        return
    worth = {key: entry[0] for key, entry in declaration.mapping.items()}
    if rule.steps is not None:
        worth = {str(number(one.value)): one.worth for one in reversed(rule.steps.listed)}
    known = {key.casefold() for key, amount in worth.items() if amount > 0}
    if not known:
        return  # nothing gives points, and that is said
    for value in declaration.correct:
        name = str(number(value)) if rule.steps is not None else value.casefold()
        if name not in known and declaration.default <= 0:
            raise NotTaken(Why.UNKNOWN_PART, part=shortened(f"correctResponse {value}"))


def _starts_with_points(declaration: Element) -> bool:
    value = declaration.findtext("defaultValue/value")
    return value is not None and number(value) != 0


def _feedback_html(element: Element) -> str:
    body = element.find("contentBody")
    return inner_html(element if body is None else body)


def _unwrapped(blocks: list[str]) -> str:
    if len(blocks) == 1 and blocks[0].startswith("<div>"):
        return blocks[0][5:-6]
    return "".join(blocks)


def _around(body: Element, interaction: Element) -> tuple[str, str]:
    """Return the HTML before and after an interaction; the elements around it hold nothing else."""
    before: list[str] = [html.escape(body.text or "", quote=False)]
    after: list[str] = []
    passed = False
    for child in body:
        if child is interaction:
            passed = True
        elif interaction in list(child.iter()):
            if child.tag not in _HOLDERS:
                raise NotTaken(Why.HTML_ELEMENT, element=shortened(str(child.tag)))
            check_looks(outer_html(Element(child.tag, child.attrib)))
            inside_before, inside_after = _around(child, interaction)
            before.append(inside_before)
            after.append(inside_after)
            passed = True
        elif child.tag != "rubricBlock":
            (after if passed else before).append(outer_html(child))
        (after if passed else before).append(html.escape(child.tail or "", quote=False))
    return "".join(before), "".join(after)


def _declaration(element: Element) -> Declaration:
    values = element.findall("correctResponse/value")
    mapping = element.find("mapping")
    entries: Entries = {}
    if element.find("areaMapping") is not None:
        raise NotTaken(Why.PROCESSING, rule="areaMapping")
    if mapping is not None:
        for entry in mapping.findall("mapEntry"):
            case = entry.get("caseSensitive", "true") == "true"
            entries[entry.get("mapKey", "")] = (Fraction(str(number(entry.get("mappedValue", "")))), case)
    return Declaration(
        element.get("baseType", "string"),
        element.get("cardinality", "single"),
        [(value.text or "").strip() if element.get("baseType") != "string" else value.text or "" for value in values],
        entries,
        _bound(mapping, "defaultValue") or Fraction(0),
        _bound(mapping, "lowerBound"),
        _bound(mapping, "upperBound"),
    )


def _bound(mapping: Element | None, name: str) -> Fraction | None:
    value = None if mapping is None else mapping.get(name)
    return None if value is None else Fraction(str(number(value)))
