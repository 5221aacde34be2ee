"""QTI, part for part: what stands in an item is taken, refused by name, or means nothing here."""

# ruff: noqa: E501 - what other systems write in one line stands in one line

from __future__ import annotations

import pytest

from assessments.exchange.reasons import Why
from tests.assessments.exchange.test_moodle_parts import check
from tests.assessments.exchange.test_qti import MAP, MATCH, choices, correct, mapping, one

KEY = correct("A")
BODY = choices("A", "B")
ENTRY = '<textEntryInteraction responseIdentifier="RESPONSE" {}/>'
DEFAULT = "<defaultValue><value>B</value></defaultValue></responseDeclaration>"
TWO_ENTRIES = "".join(
    f'<p>x <textEntryInteraction responseIdentifier="{name}"/> y</p>' for name in ("RESPONSE", "OTHER")
)
OTHER = correct("b", base="string").replace("RESPONSE", "OTHER")


def scored(response: str, value: str = '<baseValue baseType="float">1</baseValue>') -> str:
    """Return a condition that sets the points."""
    return (
        f'<responseCondition><responseIf><match><variable identifier="{response}"/><correct identifier="{response}"/></match>'
        f'<setOutcomeValue identifier="SCORE">{value}</setOutcomeValue></responseIf></responseCondition>'
    )


ADDED = '<sum><variable identifier="SCORE"/><baseValue baseType="float">1</baseValue></sum>'


@pytest.mark.parametrize(
    ("declaration", "body", "processing", "why", "named"),
    [
        (KEY, BODY.replace("<prompt>", "<prompt>Noch eins.</prompt><prompt>"), MATCH, Why.PART_TWICE, "prompt"),
        (KEY, BODY + "</itemBody><itemBody>" + BODY, MATCH, Why.PART_TWICE, "itemBody"),
        (KEY + "lose", BODY, MATCH, Why.LOOSE_TEXT, "lose"),
        (KEY, BODY.replace("</prompt>", "</prompt>lose"), MATCH, Why.LOOSE_TEXT, "lose"),
        (KEY.replace("</responseDeclaration>", DEFAULT), BODY, MATCH, Why.PRESELECTED, "B"),
        (KEY + KEY, BODY, MATCH, Why.PART_TWICE, "RESPONSE"),
        (KEY + OTHER, BODY, MATCH, Why.UNKNOWN_PART, "responseDeclaration OTHER"),
        (KEY.replace("<correctResponse", "<correctResponse interpretation='Weil'"), BODY, MATCH, Why.UNKNOWN_PART, "correctResponse interpretation"),
        (KEY, choices("A", "A"), MATCH, Why.PART_TWICE, "A"),
        (KEY, choices("A", "B", attributes='maxChoices="2" minChoices="2"'), MATCH, Why.CHOICE_LIMITS, ""),
        (KEY, choices("A", "B", attributes='aria-label="x"'), MATCH, Why.UNKNOWN_PART, "choiceInteraction ariaLabel"),
        (KEY, choices("A", "B", more="<note/>"), MATCH, Why.UNKNOWN_PART, "note"),
        (KEY, BODY.replace("<simpleChoice", '<simpleChoice showHide="hide"', 1), MATCH, Why.BAD_VALUE, "simpleChoice showHide: hide"),
        (correct("A", cardinality="ordered"), BODY, MATCH, Why.PROCESSING, "ordered identifier"),
        (correct("A", mapping=mapping(("A", "1"), ("A", "2"))), BODY, MAP, Why.PART_TWICE, "A"),
        (correct("B", mapping=mapping(("A", "1"))), BODY, MAP, Why.UNKNOWN_PART, "correctResponse B"),
        (correct("A", mapping=mapping(("A", "1"), ("C", "-1"), attributes='lowerBound="0"')), BODY, MAP, Why.NO_KEY, ""),
        (correct("a", base="string"), "<p>x</p><p>" + ENTRY.format('patternMask="[a-z]"') + "</p>", MATCH, Why.UNKNOWN_PART, "textEntryInteraction patternMask"),
        (correct("a", base="string"), "<p>x</p><p>" + ENTRY.format('placeholderText="Havel"') + "</p>", MATCH, Why.UNKNOWN_PART, "textEntryInteraction placeholderText"),
        (KEY, "<p hidden=''>x</p>" + BODY, MATCH, Why.HTML_STYLE, "p hidden="),
        (KEY, "<p dir='rtl'>x</p>" + BODY, MATCH, Why.HTML_STYLE, "p dir=rtl"),
        (KEY, "<p>x<br>y</br></p>" + BODY, MATCH, Why.UNKNOWN_PART, "y"),
        # rules
        (correct("a", base="string") + OTHER, TWO_ENTRIES, f"<responseProcessing>{scored('RESPONSE')}{scored('OTHER')}</responseProcessing>", Why.PROCESSING, "SCORE"),
        (KEY, BODY, f"<responseProcessing>{scored('RESPONSE')}{scored('OTHER', ADDED)}</responseProcessing>", Why.PROCESSING, "OTHER"),
        (KEY, BODY, f"<responseProcessing>{scored('RESPONSE').replace('</responseIf>', '</responseIf><responseIf/>')}</responseProcessing>", Why.PROCESSING, "responseCondition"),
        (KEY, BODY, f"<responseProcessing><responseCondition><responseIf><isNull><variable identifier='RESPONSE'/></isNull><exitResponse/></responseIf></responseCondition>{scored('RESPONSE')}</responseProcessing>", Why.PROCESSING, "exitResponse"),
        (KEY, BODY, f"<responseProcessing>{scored('RESPONSE')}lose</responseProcessing>", Why.LOOSE_TEXT, "lose"),
    ],
)  # fmt: skip
def test_every_part_is_taken_or_named(declaration: str, body: str, processing: str, why: Why, named: str) -> None:
    entry = one(declaration, body, processing)
    if named:
        check(entry, why, named)
    else:
        assert entry.reason is not None, entry.question
        assert entry.reason.text == why.text


def test_points_that_add_up_are_taken() -> None:
    rules = f"<responseProcessing>{scored('RESPONSE')}{scored('OTHER', ADDED)}</responseProcessing>"
    entry = one(correct("a", base="string") + OTHER, TWO_ENTRIES, rules)
    assert entry.question is not None, entry.reason
    assert entry.question["points"] == 2


@pytest.mark.parametrize(
    ("declaration", "body"),
    [
        (KEY + '<stylesheet href="a.css" type="text/css"/>', BODY),  # looks
        (KEY, choices("A", "B", attributes='maxChoices="1" minChoices="1" orientation="vertical" class="x" data-y="z"')),
        (KEY, '<p class="x" lang="de" style="text-align: left">Ein Fall.</p>' + BODY),
    ],
)  # fmt: skip
def test_what_means_nothing_is_left_out(declaration: str, body: str) -> None:
    assert one(declaration, body).taken


def test_the_words_of_true_and_false_are_kept() -> None:
    body = choices("true", "false").replace("Antwort true", "Stimmt").replace("Antwort false", "Stimmt nicht")
    entry = one(correct("true"), body)
    assert entry.question is not None
    assert entry.question["answers"] == [{"text": "Stimmt", "correct": True}, {"text": "Stimmt nicht"}]


def test_words_behind_the_guidance_are_not_lost() -> None:
    declaration = '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"/>'
    body = (
        '<extendedTextInteraction responseIdentifier="RESPONSE"><prompt>Was?</prompt></extendedTextInteraction>'
        '<rubricBlock view="scorer">Aufbau</rubricBlock>lose'
    )
    check(one(declaration, body, ""), Why.TEXT_AFTER, "lose")
