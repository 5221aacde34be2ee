"""What QTI says about a typed text: rules that compare it with one text after the other and choose a feedback, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from assessments.exchange.formats.qti_lines import NAME, Item, set_outcome
from assessments.exchange.limits import check_parts
from assessments.exchange.making import Given
from assessments.exchange.reasons import NotTaken, Why, shortened
from assessments.exchange.xml_writing import escaped
from assessments.items.interactions.expected import Expected
from assessments.items.interactions.typed import accepts_everything

_VARIABLE = '<qti-variable identifier="RESPONSE"/>'
OTHERS = "OTHERS"
#: The test that every answer passes which is one.
ANYTHING = f"<qti-not><qti-is-null>{_VARIABLE}</qti-is-null></qti-not>"


@dataclass
class Said:
    """Which feedback a response chooses: by text (with whether case counts), and for anything else."""

    response: str
    by_text: dict[str, tuple[bool, str]] = field(default_factory=dict)
    otherwise: str = ""

    @property
    def identifiers(self) -> set[str]:
        """Return all feedback that can be chosen."""
        return {name for _case, name in self.by_text.values()} | ({self.otherwise} if self.otherwise else set())


def read_said(rule: Element) -> tuple[str, Said] | None:
    """Return the outcome that a condition sets and what it says; None when it is anything else than comparing one text."""
    check_parts(len(rule))
    outcomes = {one.get("identifier", "") for one in rule.iter("setOutcomeValue")}
    responses = {one.get("identifier", "") for one in rule.iter("variable")}
    if len(outcomes) != 1 or len(responses) != 1:
        return None
    said = Said(responses.pop())
    for place, branch in enumerate(rule):
        parts = list(branch)
        if branch.tag != ("responseElseIf" if place else "responseIf") or len(parts) != 2 or said.otherwise:
            return None
        name = chosen(parts[1])
        if name and compares_with_anything(parts[0]):
            said.otherwise = name
            continue
        text = _compared(parts[0])
        if not name or text is None or text[0] in said.by_text:
            return None
        said.by_text[text[0]] = text[1], name
    return outcomes.pop(), said


def chosen(part: Element) -> str:
    """Return the value that a rule sets; empty when it is no plain one."""
    value = part[0] if part.tag == "setOutcomeValue" and len(part) == 1 else None
    return (value.text or "").strip() if value is not None and value.tag == "baseValue" else ""


def compares_with_anything(test: Element) -> bool:
    """Say whether a test is passed by every answer that is one."""
    return (
        test.tag == "not"
        and [one.tag for one in test] == ["isNull"]
        and [one.tag for one in test[0]] == ["variable"]
    )


def _compared(test: Element) -> tuple[str, bool] | None:
    parts = list(test)
    if test.tag not in {"match", "stringMatch"} or test.get("substring", "false") != "false":
        return None
    if [one.tag for one in parts] != ["variable", "baseValue"]:
        return None
    return parts[1].text or "", test.tag == "match" or test.get("caseSensitive", "true") == "true"


def with_said(given: Sequence[Given], said: Said, texts: dict[str, str], *, case_sensitive: bool) -> list[Given]:
    """Return answers with what is said about them; a text that only has feedback is an expected mistake."""
    if any(case is not case_sensitive for case, _name in said.by_text.values()):
        raise NotTaken(Why.GAP_CASES)
    scored = {one.text for one in given}
    every = scored | set(said.by_text)
    if not case_sensitive and len({text.casefold() for text in every}) < len(every):
        raise NotTaken(Why.GAP_CASES)  # two rules for one text, and nobody can say which is meant
    made = [Given(one.text, one.percent, texts.get(said.by_text.get(one.text, (True, ""))[1], "")) for one in given]
    for text, (_case, name) in said.by_text.items():
        if "*" in text:
            raise NotTaken(Why.LITERAL_STAR, text=shortened(text))
        if text not in scored:
            made.append(Given(text, 0, texts.get(name, "")))
    return made + ([Given("*", 0, texts[said.otherwise])] if texts.get(said.otherwise) else [])


def said_rule(listed: Sequence[Expected], *, case_sensitive: bool) -> str:
    """Return the rule that chooses the feedback for a typed text."""
    case = "true" if case_sensitive else "false"
    branches = []
    for number, one in enumerate(listed, start=1):
        if accepts_everything(one.text):
            test = ANYTHING
        else:
            value = f'<qti-base-value base-type="string">{escaped(one.text, NAME)}</qti-base-value>'
            test = f'<qti-string-match case-sensitive="{case}">{_VARIABLE}{value}</qti-string-match>'
        name = "qti-response-if" if number == 1 else "qti-response-else-if"
        branches.append(f"<{name}>{test}{set_feedback(_name(number, one))}</{name}>")
    return f"<qti-response-condition>{''.join(branches)}</qti-response-condition>"


def set_feedback(name: str) -> str:
    """Return the rule that chooses a feedback."""
    return set_outcome("FEEDBACK", f'<qti-base-value base-type="identifier">{name}</qti-base-value>')


def feedback_of(listed: Sequence[Expected]) -> list[tuple[str, str]]:
    """Return every feedback with the name by which the rule chooses it; a text without any chooses one that is not there."""
    return [(_name(number, one), one.feedback) for number, one in enumerate(listed, start=1) if one.feedback]


def write_feedback(item: Item, listed: Sequence[tuple[str, str]]) -> None:
    """Write feedback that a rule chooses by its name."""
    for name, text in listed:
        item.open("qti-modal-feedback", outcome_identifier="FEEDBACK", identifier=name, show_hide="show")
        item.markdown("qti-content-body", text, block=True)
        item.close("qti-modal-feedback")


def _name(number: int, one: Expected) -> str:
    return OTHERS if accepts_everything(one.text) else f"A{number}"
