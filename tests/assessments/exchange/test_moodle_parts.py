"""Moodle XML, part for part: what stands in a question is taken, refused by name, or means nothing here."""

# ruff: noqa: E501 - what other systems write in one line stands in one line

from __future__ import annotations

import pytest

from assessments.exchange.entries import Entry
from assessments.exchange.formats import moodle_xml
from assessments.exchange.reasons import Why
from tests.assessments.exchange.test_moodle_xml import TWO, answer, made

TRUE = answer("true", "100") + answer("false", "0")
PAIRS = "".join(
    f"<subquestion><text>{left}</text><answer><text>{right}</text></answer></subquestion>"
    for left, right in (("a", "1"), ("b", "2"))
)
STEPS = "".join(f'<answer fraction="1"><text>{one}</text></answer>' for one in "abc")


def bare(kind: str, inner: str) -> Entry:
    """Return the only question of a file, whose parts are just these."""
    [entry] = moodle_xml.parse(f'<quiz><question type="{kind}">{inner}</question></quiz>'.encode())
    return entry


def question(kind: str, inner: str) -> Entry:
    """Return a question with a name and a text."""
    return bare(
        kind,
        f"<name><text>Frage</text></name><questiontext format='html'><text>Was?</text></questiontext>{inner}",
    )


@pytest.mark.parametrize(
    ("kind", "inner", "why", "named"),
    [
        # HTML that is not escaped
        ("essay", "<questiontext><text>A <b>bold</b> tail</text></questiontext>", Why.BARE_ELEMENT, "b"),
        ("essay", "<questiontext><text><p>hello</p></text></questiontext>", Why.BARE_ELEMENT, "p"),
        ("multichoice", "<questiontext><text>x</text></questiontext><answer fraction='100'><text>a <i>ital</i> rest</text></answer>" + TWO, Why.BARE_ELEMENT, "i"),
        ("essay", "<name><text>A<br/></text></name><questiontext><text>x</text></questiontext>", Why.BARE_ELEMENT, "br"),
        # what stands twice
        ("essay", "<questiontext><text>x</text></questiontext>" * 2, Why.PART_TWICE, "questiontext"),
        ("essay", "<questiontext><text>x</text><text>y</text></questiontext>", Why.PART_TWICE, "text"),
        # what hangs between
        ("essay", "<questiontext><text>x</text></questiontext>lose", Why.LOOSE_TEXT, "lose"),
        ("essay", "<questiontext>lose<text>x</text></questiontext>", Why.LOOSE_TEXT, "lose"),
        ("essay", "<questiontext><text>x</text>lose</questiontext>", Why.LOOSE_TEXT, "lose"),
        ("essay", "lose<questiontext><text>x</text></questiontext>", Why.LOOSE_TEXT, "lose"),
        # attributes
        ("essay", "<questiontext lang='en'><text>x</text></questiontext>", Why.UNKNOWN_PART, "questiontext lang"),
        ("essay", "<questiontext format='wiki_like'><text>x</text></questiontext>", Why.BAD_VALUE, "questiontext format: wiki_like"),
    ],
)  # fmt: skip
def test_texts_are_whole_or_refused(kind: str, inner: str, why: Why, named: str) -> None:
    check(bare(kind, inner), why, named)


def check(entry: Entry, why: Why, named: str) -> None:
    """Demand a refusal for this reason that names this."""
    assert entry.reason is not None, entry.question
    assert entry.reason.text == why.text, entry.reason
    assert named in {str(value) for value in entry.reason.values.values()}, entry.reason


@pytest.mark.parametrize(
    ("kind", "inner", "why", "named"),
    [
        ("truefalse", TRUE + "<generalfeedback><text>x</text></generalfeedback>" * 2, Why.PART_TWICE, "generalfeedback"),
        ("essay", "<graderinfo><text>x</text></graderinfo>" * 2, Why.PART_TWICE, "graderinfo"),
        ("truefalse", TRUE + "<name><text>x</text></name>", Why.PART_TWICE, "name"),
        ("truefalse", TRUE + "<defaultgrade>1</defaultgrade>" * 2, Why.PART_TWICE, "defaultgrade"),
        ("truefalse", TRUE + "<tags/><tags><tag><text>a</text></tag></tags>", Why.PART_TWICE, "tags"),
        ("truefalse", TRUE + "<tags><tag>a</tag>b</tags>", Why.LOOSE_TEXT, "b"),
        ("truefalse", TRUE + "<tags><other>a</other></tags>", Why.UNKNOWN_PART, "other"),
        ("shortanswer", answer("a", "100", more="<feedback><text>x</text></feedback>"), Why.PART_TWICE, "feedback"),
        ("shortanswer", answer("a", "100", more="<note>x</note>"), Why.UNKNOWN_PART, "note"),
        ("shortanswer", answer("a", "100", more="<note/>"), Why.UNKNOWN_PART, "note"),
        ("shortanswer", answer("a", "100", more="<tolerance>1</tolerance>"), Why.UNKNOWN_PART, "tolerance"),
        ("shortanswer", answer("a", "100", more="lose"), Why.LOOSE_TEXT, "lose"),
        ("shortanswer", answer("a", "100").replace("<answer", "<answer weight='2'"), Why.UNKNOWN_PART, "answer weight"),
        ("numerical", answer("1", "100", more="<tolerance>1</tolerance><tolerancetype>1</tolerancetype>"), Why.BAD_VALUE, "tolerancetype: 1"),
        ("numerical", answer("1", "100", more="<fraction>0.5</fraction>"), Why.UNKNOWN_PART, "fraction"),
        ("numerical", answer("1", "100") + "<instructions><text>Mit Einheit.</text></instructions>", Why.UNKNOWN_PART, "instructions"),
        ("numerical", answer("1", "100") + "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name><unit_name>M</unit_name></unit></units>", Why.PART_TWICE, "unit_name"),
        ("matching", PAIRS.replace("</answer></sub", "</answer><answer><text>3</text></answer></sub", 1), Why.PART_TWICE, "answer"),
        ("matching", PAIRS.replace("</text></answer>", "</text><feedback><text>x</text></feedback></answer>", 1), Why.UNKNOWN_PART, "feedback"),
        ("ordering", STEPS.replace("</text></answer>", "</text><feedback><text>x</text></feedback></answer>", 1), Why.UNKNOWN_PART, "feedback"),
        ("essay", '<answer fraction="0"><text>Musterantwort</text></answer>', Why.UNKNOWN_PART, "answer"),
        ("multichoice", TWO + "<single>maybe</single>", Why.BAD_VALUE, "single: maybe"),
        ("multichoice", TWO + "<shuffleanswers>2</shuffleanswers>", Why.BAD_VALUE, "shuffleanswers: 2"),
        ("shortanswer", answer("a", "100") + "<usecase>maybe</usecase>", Why.BAD_VALUE, "usecase: maybe"),
        ("truefalse", TRUE + "<hidden>maybe</hidden>", Why.BAD_VALUE, "hidden: maybe"),
        ("truefalse", TRUE + "<status>draft</status>", Why.BAD_VALUE, "status: draft"),
        ("multichoiceset", TWO + "<single>true</single>", Why.BAD_VALUE, "single: true"),
        ("truefalse", TRUE + "<usecase>1</usecase>", Why.UNKNOWN_PART, "usecase"),
        ("truefalse", TRUE + "<incorrectfeedback><text>&lt;img src='x'&gt;</text></incorrectfeedback>", Why.COMBINED_FEEDBACK, "<img src='x'>"),
        ("truefalse", TRUE + "<incorrectfeedback><text/><file name='x.png'>AA</file></incorrectfeedback>", Why.FILES, "x.png"),
        ("truefalse", TRUE + "<hint><text/><file name='x.png'>AA</file></hint>", Why.HINTS, ""),
        ("essay", "<responsetemplate><text>&lt;hr&gt;</text></responsetemplate>", Why.RESPONSE_TEMPLATE, ""),
    ],
)  # fmt: skip
def test_every_part_is_taken_or_named(kind: str, inner: str, why: Why, named: str) -> None:
    entry = question(kind, inner)
    if named:
        check(entry, why, named)
    else:
        assert entry.reason is not None, entry.question
        assert entry.reason.text == why.text


def test_files_are_told_apart_by_their_folders() -> None:
    text = "<questiontext><text>x</text><file name='a.png' path='/'>AA</file><file name='a.png' path='/'>BB</file></questiontext>"
    check(bare("truefalse", text + TRUE), Why.PART_TWICE, "a.png")


@pytest.mark.parametrize("value", ["0", "false", ""])
def test_an_order_that_stays_is_kept(value: str) -> None:
    kept = made(question("matching", PAIRS + f"<shuffleanswers>{value}</shuffleanswers>"))
    assert kept["shuffle"] is False
    assert "shuffle" not in made(question("matching", PAIRS))


def test_the_tags_of_a_course_are_tags() -> None:
    inner = "<coursetags><tag><text>neu</text></tag></coursetags><tags><tag><text>alt</text></tag></tags>"
    assert made(question("truefalse", TRUE + inner))["tags"] == ["alt", "neu"]


def test_what_stands_between_the_questions_is_named() -> None:
    text = (
        '<quiz>vorher<question type="category"><category><text>$course$/A</text></category><neu>x</neu></question>'
        f'<question type="truefalse"><questiontext><text>x</text></questiontext>{TRUE}</question>nachher</quiz>'
    )
    entries = moodle_xml.parse(text.encode())
    assert [(one.name, one.reason and one.reason.text) for one in entries] == [
        ("vorher", Why.LOOSE_TEXT.text),
        ("$course$/A", Why.UNKNOWN_PART.text),
        ("x", None),
        ("nachher", Why.LOOSE_TEXT.text),
    ]
