"""Limits of QTI's mappings: taken where they change no points, otherwise refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assessments.exchange.formats import qti, qti_writing
from assessments.exchange.reasons import Why
from tests.assessments.exchange.test_qti import MAP, choices, correct, mapping, one


def mapped(*values: str, base: str = "identifier", cardinality: str = "single") -> Callable[..., str]:
    """Return what makes the declaration of a response with a mapping: two points for each right value, and a lesser one."""

    def declared(attributes: str, lesser: str = "1") -> str:
        pairs = [(value, "2") for value in values] + ([("B", lesser)] if cardinality == "single" else [])
        return correct(*values, base=base, cardinality=cardinality, mapping=mapping(*pairs, attributes=attributes))

    return declared


def associable(*names: str) -> str:
    """Return one side of what is matched."""
    inner = "".join(f'<simpleAssociableChoice identifier="{name}" matchMax="1">{name}</simpleAssociableChoice>' for name in names)
    return f"<simpleMatchSet>{inner}</simpleMatchSet>"


CHOSEN = mapped("A"), choices("A", "B", "C")
SEVERAL = mapped("A", "B", cardinality="multiple"), choices("A", "B", "C", attributes='maxChoices="0"')
PAIRED = (
    mapped("L1 R1", "L2 R2", base="directedPair", cardinality="multiple"),
    '<matchInteraction responseIdentifier="RESPONSE" maxAssociations="2"><prompt>Was passt?</prompt>'
    f"{associable('L1', 'L2')}{associable('R1', 'R2')}</matchInteraction>",
)
INLINE = mapped("A"), (
    '<p>Haus <inlineChoiceInteraction responseIdentifier="RESPONSE"><inlineChoice identifier="A">York</inlineChoice>'
    '<inlineChoice identifier="B">Lancaster</inlineChoice></inlineChoiceInteraction></p>'
)
TYPED = mapped("A", base="string"), '<p>Wo?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'
GAPPED = mapped("A", base="string"), '<p>Es war <textEntryInteraction responseIdentifier="RESPONSE"/> dort.</p>'


@pytest.mark.parametrize("attributes", ["", 'lowerBound="0"', 'lowerBound="-1"'])
@pytest.mark.parametrize(("declared", "body"), [CHOSEN, SEVERAL, PAIRED, INLINE, TYPED, GAPPED])
def test_a_limit_that_changes_no_points_is_taken(declared: Callable[..., str], body: str, attributes: str) -> None:
    entry = one(declared(attributes), body, MAP)
    assert entry.question is not None, entry.reason
    assert entry.question["points"] == (4 if "multiple" in declared("") else 2)


@pytest.mark.parametrize("lower", ["1", "0.5"])
@pytest.mark.parametrize(("declared", "body"), [CHOSEN, SEVERAL, PAIRED, INLINE, TYPED, GAPPED])
def test_points_for_anything_are_refused(declared: Callable[..., str], body: str, lower: str) -> None:
    entry = one(declared(f'lowerBound="{lower}"'), body, MAP)
    assert entry.reason is not None, entry.question
    assert entry.reason.text == Why.BOUNDS.text


@pytest.mark.parametrize(
    ("declaration", "body", "why"),
    [
        (PAIRED[0]('upperBound="1"'), PAIRED[1], Why.BOUNDS),
        (INLINE[0]("", "-1"), INLINE[1], Why.NEGATIVE),
        (INLINE[0]('lowerBound="-1"', "-1"), INLINE[1], Why.NEGATIVE),
    ],
)
def test_limits_that_change_points_are_refused(declaration: str, body: str, why: Why) -> None:
    entry = one(declaration, body, MAP)
    assert entry.reason is not None, entry.question
    assert entry.reason.text == why.text


@pytest.mark.parametrize("bound", ['lower-bound="0"', 'upper-bound="1"'])
def test_a_limit_below_a_sum_with_something_added_is_refused(bound: str) -> None:
    answers = [{"text": "a", "correct": True}, {"text": "b"}, {"text": "c"}]
    question = {"id": "q", "type": "multiple_choice", "prompt": "Was?", "answers": answers, "scoring": "partial"}
    _question, item, _pictures = qti_writing.one(question, lambda _address: b"")
    [taken], [refused] = (qti.parse(text.encode()) for text in (item, item.replace("<qti-mapping", f"<qti-mapping {bound}")))
    assert taken.question is not None
    assert refused.reason is not None
    assert refused.reason.text == Why.BOUNDS.text
