"""Packages of QTI items with a test: what the test says about an item is part of the question."""

# ruff: noqa: E501 - what other systems write in one line stands in one line

from __future__ import annotations

import pytest

from assessments.exchange.entries import Entry
from assessments.exchange.formats import qti
from assessments.exchange.formats.qti_package import pack
from assessments.exchange.formats.qti_references import lost_in_tests
from assessments.exchange.reasons import Why
from tests.assessments.exchange.test_qti import MATCH, choices, correct

WORDS = '<rubricBlock view="candidate"><p>Lesen Sie das.</p></rubricBlock>'
FOR_SCORERS = '<rubricBlock view="scorer"><p>Streng.</p></rubricBlock>'


def in_test(section: str, reference: str = "", other: str = "") -> Entry:
    """Return an item as a package has it whose test refers to it so, from a section; ``other`` is a section in a file of its own."""
    item = (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="T">'
        f"{correct('A')}<itemBody>{choices('A', 'B')}</itemBody>{MATCH}</assessmentItem>"
    )
    referred = f'<assessmentItemRef identifier="i" href="../items/a%20b.xml">{reference}</assessmentItemRef>'
    inner = '<assessmentSectionRef identifier="s" href="more/s.xml"/>' if other else referred.replace("../", "")
    test = (
        '<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="t" title="T"><testPart identifier="p"><assessmentSection '
        f'identifier="s"><assessmentSection identifier="s-1">{section}{inner}</assessmentSection></assessmentSection></testPart></assessmentTest>'
    )
    manifest = (
        '<manifest><resources><resource type="imsqti_item_xmlv2p1" href="items/a%20b.xml"/>'
        '<resource type="imsqti_test_xmlv2p1" href="t.xml"/></resources></manifest>'
    )
    files = {"imsmanifest.xml": manifest, "items/a b.xml": item, "t.xml": test}
    if other:
        files["more/s.xml"] = f'<assessmentSection identifier="s">{other}{referred}</assessmentSection>'
    [entry] = qti.parse(pack({path: text.encode() for path, text in files.items()}))
    assert entry.name == "T"
    return entry


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (in_test(WORDS), Why.TEST_WORDS),
        (in_test(WORDS, other="<title/>"), Why.TEST_WORDS),
        (in_test("", other=WORDS), Why.TEST_WORDS),
        (in_test("", '<weight identifier="W" value="3"/>'), Why.TEST_WEIGHT),
        (in_test("", '<weight identifier="W" value="3"/>', other="<title/>"), Why.TEST_WEIGHT),
        (in_test("", '<weight identifier="W" value="x"/>'), Why.TEST_WEIGHT),
    ],
)
def test_what_a_test_says_about_an_item_is_not_lost(entry: Entry, why: Why) -> None:
    assert entry.reason is not None, entry.question
    assert entry.reason.text == why.text


@pytest.mark.parametrize("entry", [in_test(""), in_test(FOR_SCORERS, '<weight identifier="W" value="1.0"/>'), in_test("", other="<title/>")])
def test_a_test_that_says_nothing_about_an_item_is_left_out(entry: Entry) -> None:
    assert entry.question is not None, entry.reason


def test_sections_that_refer_to_each_other_come_to_an_end() -> None:
    lost = lost_in_tests({"t": [("a", Why.TEST_WORDS)], "a": [("b", None)], "b": [("a", None), ("i", None)]})
    assert lost == dict.fromkeys(("a", "b", "i"), Why.TEST_WORDS)
